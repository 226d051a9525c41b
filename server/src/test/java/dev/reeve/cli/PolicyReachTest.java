package dev.reeve.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code reeve policy reach} and {@code never:} over files, as the page for users shows them. */
final class PolicyReachTest extends CommandsAtHome {
    private static final Path PAGE = Path.of("../docs/policy-analysis.md");

    /** The files that the page shows, each under its name in the first line. */
    @BeforeEach
    void filesOfThePage() throws IOException {
        Matcher block =
                Pattern.compile("```yaml\n# (\\S+)\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(PAGE));
        while (block.find()) {
            write(block.group(1), "# " + block.group(1) + "\n" + block.group(2));
        }
        assertTrue(Files.exists(folder.resolve("policies/office.yaml")));
    }

    @Test
    void everyExampleOfThePageSaysWhatThePageShows() throws IOException {
        Matcher example = Pattern.compile("```\n\\$ reeve (.*?)\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(PAGE));
        int seen = 0;
        while (example.find()) {
            seen++;
            assertEquals(example.group(2), run(words(example.group(1))).out(), example.group(1));
        }
        assertTrue(seen >= 4, "only " + seen + " examples");
    }

    /** As a shell would. */
    private static String[] words(String typed) {
        List<String> words = new ArrayList<>();
        Matcher word = Pattern.compile("\"([^\"]*)\"|(\\S+)").matcher(typed);
        while (word.find()) {
            words.add(word.group(1) == null ? word.group(2) : word.group(1));
        }
        return words.toArray(String[]::new);
    }

    @Test
    void whatIsDoneToResultsIsSaidBesideWhatIsReached() throws IOException {
        write(
                "policies/narrow.yaml",
                "rules:\n  - { allow: { tool: \"files.*\", agent: helper_001 }, limit: 10, redact: { find: personal } }\n");
        String out = run("policy", "reach", "--agent", "helper_001").out();
        assertTrue(out.contains("with found personal masked, with at most 10 rows"), out);
    }

    @Test
    void aBrokenNeverFailsTheCommandAndTheCheck() throws IOException {
        assertEquals(
                ExitCodes.FAILED,
                run("policy", "reach", "--never", "role office_helper read url:**")
                        .code());
        assertEquals(
                ExitCodes.OK,
                run("policy", "reach", "--never", "anybody delete wiki").code());
        assertEquals(ExitCodes.OK, run("check").code());
        write(
                "policies/never.yaml",
                "never:\n  - { role: office_helper, action: read, resource: \"file:/customers/*\" }\n");
        Ran check = run("check");
        assertEquals(ExitCodes.USAGE, check.code());
        assertTrue(
                check.out().contains("policies/never.yaml:2: never: agent `helper_001` can read `file:/customers/"),
                check.out());
        assertTrue(check.out().contains("[broken-invariant]"), check.out());
    }

    /** What a point is told to let through happens, though no tool of ours does it: by name, by URL, by a word of its own. */
    @Test
    void whatEnforcementPointsMayBeToldToLetThroughIsReached() throws IOException {
        write("catalog/points.yaml", """
            resources:
              crm: { actions: [purge] }
              shop: { api: { document: shop.openapi.yaml, at: [https://shop.example/v1] } }
            """);
        write("catalog/shop.openapi.yaml", """
            openapi: 3.1.0
            info: { title: shop, version: "1" }
            paths: { /users: { get: { operationId: users, responses: { "200": { description: ok } } } } }
            """);
        write("policies/points.yaml", """
            agent_roles:
              keeper: { permissions: [{ resource: crm, actions: [delete, purge] }, { resource: shop, actions: [read] }] }
            agents:
              keeper_001: { roles: [keeper] }
              gateway: {}
            enforcement_points:
              gateway: { roles: [keeper] }
            """);
        for (String can : List.of(
                "role keeper delete crm",
                "role keeper purge crm",
                "role keeper read url:https://shop.example/v1/users",
                "role keeper read api:shop/users")) {
            Ran ran = run("policy", "reach", "--never", can);
            assertEquals(ExitCodes.FAILED, ran.code(), can + ": " + ran.out());
            assertTrue(ran.out().contains("keeper_001"), ran.out());
        }
        assertEquals(
                ExitCodes.OK,
                run("policy", "reach", "--never", "agent helper_001 purge crm").code());
        write("policies/never.yaml", "never:\n  - { role: keeper, action: purge, resource: crm }\n");
        Ran check = run("check");
        assertEquals(ExitCodes.USAGE, check.code(), check.out());
        assertTrue(check.out().contains("through enforcement points"), check.out());
    }

    @Test
    void whatIsUnknownIsRefused() {
        assertEquals(
                ExitCodes.USAGE, run("policy", "reach", "--agent", "nobody").code());
        assertEquals(ExitCodes.USAGE, run("policy", "reach", "--role", "nobody").code());
        assertEquals(ExitCodes.USAGE, run("policy", "reach", "--action", "fly").code());
        assertEquals(
                ExitCodes.USAGE, run("policy", "reach", "--never", "role x").code());
        assertEquals(
                ExitCodes.USAGE,
                run("policy", "reach", "--svg", folder.resolve("x.svg").toString())
                        .code());
    }

    @Test
    void aPictureIsDrawnOfOneAgent() throws IOException {
        Path svg = folder.resolve("helper.svg");
        assertEquals(
                ExitCodes.OK,
                run("policy", "reach", "--agent", "helper_001", "--svg", svg.toString())
                        .code());
        assertTrue(Files.readString(svg).contains("file:/customers/**"));
    }
}
