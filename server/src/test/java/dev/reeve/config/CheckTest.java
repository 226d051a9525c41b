package dev.reeve.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.policy.Place;
import dev.reeve.policy.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckTest {
    @TempDir
    private Path folder;

    private Check.Report run(List<Problem> compiled) {
        return run(compiled, List.of());
    }

    private Check.Report run(List<Problem> compiled, List<Problem> ofDraft) {
        Home home = Home.of(
                folder,
                Optional.empty(),
                Map.of("XDG_CONFIG_HOME", folder.resolve("cfg").toString()));
        return Check.run(home, TinySchemas::read, (set, upstreams) -> compiled, (draft, upstreams) -> ofDraft);
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Test
    void goodFilesGiveTheVersion() throws IOException {
        write("reeve.yaml", "");
        write("policies/roles.yaml", PolicyFilesTest.SOURCES_ROLES);
        Check.Report report = run(List.of());
        assertTrue(report.isOk());
        String version = report.version().orElseThrow();
        assertEquals("no errors, no warnings; policy version " + version.substring(0, 12) + "\n", report.text());
        assertEquals(
                "{\"ok\":true,\"errors\":0,\"warnings\":0,\"notes\":0,\"policy_version\":\"" + version
                        + "\",\"problems\":[],\"ignored\":[]}",
                report.json().toString());
    }

    @Test
    void everyFileIsCheckedEvenIfAnotherIsWrong() throws IOException {
        write("reeve.yaml", "lisen: {}\n");
        write("policies/roles.yaml", "ruls: {}\n");
        Check.Report report = run(List.of(Problem.error(new Place("never", 1, 1), "", "not asked")));
        assertFalse(report.isOk());
        assertEquals("""
                policies/roles.yaml:1: ruls: unknown key; did you mean "rules"?
                reeve.yaml:1: lisen: unknown key; did you mean "listen"?
                2 errors, no warnings
                """, report.text());
    }

    @Test
    void mistakesBetweenEntriesAreToldThoughSomeAreWrongInThemselves() throws IOException {
        write("reeve.yaml", "");
        write("policies/p.yaml", """
                rules:
                  - name: one
                    deny: { tool: a.b, whn: x }
                  - name: two
                    deny: { tool: c.d }
                limits:
                  - { per: agnt, count: calls, max: 1 }
                """);
        List<Problem> ofDraft = List.of(
                Problem.error(new Place("policies/p.yaml", 2, 5), "rules.one", "may follow of `whn`"),
                Problem.warning(new Place("policies/p.yaml", 4, 5), "rules.two", "odd"),
                Problem.error(new Place("policies/p.yaml", 4, 5), "rules.two", "wrong beside it"));
        assertEquals("""
                policies/p.yaml:3: rules[0].deny.whn: unknown key; known are tool, resource, action, agent, role, except
                policies/p.yaml:4: rules.two: wrong beside it
                policies/p.yaml:7: limits[0].per: "agnt" is not one of "agent", "instance", "role", "tenant", "tool", "model", "user", "session", "everything"; did you mean "agent"?
                3 errors, no warnings
                """, run(List.of(), ofDraft).text());
    }

    @Test
    void whereAFileIsNoYamlNothingIsSaidOfWhatMayStandInIt() throws IOException {
        write("reeve.yaml", "");
        write("policies/a.yaml", "a: [\n");
        write("policies/b.yaml", "rules: [ { name: two, deny: { tool: c.d } } ]\n");
        Problem follows = Problem.error(new Place("policies/b.yaml", 1, 10), "rules.two", "unknown role");
        assertEquals(1, run(List.of(), List.of(follows)).errors());
    }

    @Test
    void whatCompilingFindsIsSortedAmongTheRestAndForeignTextIsEscaped() throws IOException {
        write("reeve.yaml", "");
        Check.Report report = run(List.of(
                Problem.error(new Place("catalog/a.yaml", 3, 1), "tools.x", "bad \u001b[31m`\u202e`"),
                Problem.warning(new Place("policies/a.yaml", 1, 1), "", "odd").withFix("mend it")));
        assertEquals("""
                catalog/a.yaml:3: tools.x: bad \\u{1b}[31m`\\u{202e}`
                policies: warning: there is no role and no rule: nothing is allowed; write a policy
                policies/a.yaml:1: warning: odd; mend it
                1 error, 2 warnings
                """, report.text());
        assertEquals(
                "{\"severity\":\"warning\",\"file\":\"policies/a.yaml\",\"line\":1,\"column\":1,\"field\":\"\",\"message\":\"odd\","
                        + "\"fix\":\"mend it\",\"id\":\"invalid\"}",
                ProblemText.json(report.problems().get(2)).toString());
    }
}
