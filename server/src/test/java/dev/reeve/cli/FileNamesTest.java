package dev.reeve.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code reeve check} and {@code reeve policy reach} say of files that servers have, by names that nothing has and by names that many have. */
final class FileNamesTest extends CommandsAtHome {
    @BeforeEach
    void twoServers() throws IOException {
        write("reeve.yaml", "upstreams: { docs: { stdio: [docs-server] }, notes: { stdio: [notes-server] } }\n");
        write("policies/roles.yaml", roles("file:/srv/**"));
    }

    private static String roles(String resource) {
        return """
                agent_roles:
                  reader:
                    permissions:
                      - { resource: "%s", actions: [read] }
                agents:
                  reader_001: { roles: [reader] }
                """.formatted(resource);
    }

    @Test
    void whatNothingIsNamedByIsAnErrorWhereverItIsWritten() throws IOException {
        write("catalog/c.yaml", """
                resources:
                  "file:///etc/**": { tags: secret }
                tools:
                  docs.get: { acts_on: "file:///etc/{arguments.name}", action: read }
                """);
        write("policies/p.yaml", """
                rules:
                  - deny: { resource: "file:///etc/**" }
                  - require_approval: { resource: "file:/**", except: "file:///etc/**" }
                limits:
                  - { per: agent, count: calls, max: 1, window: 1h, of: { resource: "file:///etc/**" } }
                guardrails:
                  - { find: [card], in: arguments, on: { resource: "file:///etc/**" }, do: deny }
                  - { data: [secret], may_go_to: ["file:///etc/**"] }
                record:
                  - less: { resource: "file:///etc/**" }
                never:
                  - { agent: "*", action: read, resource: "file:///etc/**" }
                """);
        Ran check = run("check");
        assertEquals(ExitCodes.USAGE, check.code());
        List<String> errors = check.out()
                .lines()
                .filter(line -> line.contains("nothing is named `file:///etc/"))
                .toList();
        List<String> places = List.of(
                "catalog/c.yaml:2:",
                "catalog/c.yaml:4:",
                "policies/p.yaml:2:",
                "policies/p.yaml:3:",
                "policies/p.yaml:5:",
                "policies/p.yaml:7:",
                "policies/p.yaml:8:",
                "policies/p.yaml:10:",
                "policies/p.yaml:12:");
        for (String place : places) {
            assertTrue(
                    errors.stream().anyMatch(line -> line.startsWith(place) && line.contains("; write `file:/etc/*")),
                    place + " of " + check.out());
        }
        write("policies/roles.yaml", roles("file:/srv/"));
        String out = run("check").out();
        assertTrue(out.contains("policies/roles.yaml:4: agent_roles.reader: "), out);
        assertTrue(out.contains("write `file:/srv`, or `file:/srv/**` for all below it"), out);
    }

    @Test
    void aFileThatIsGoodAtSeveralServersIsAWarning() throws IOException {
        Ran check = run("check");
        assertEquals(ExitCodes.OK, check.code());
        assertTrue(check.out().contains("policies/roles.yaml:4"), check.out());
        assertTrue(
                check.out().contains("`file:/srv/**` is allowed at every server that has such a file: docs, notes"),
                check.out());
        assertTrue(check.out().contains("write `mcp:docs/file:///srv/**`"), check.out());
        assertTrue(check.out().contains("[file-at-any-server]"), check.out());
        for (String deny : List.of("mcp:notes/**", "mcp:*/file:**", "mcp:docs/file:///srv/**", "mcp:**")) {
            write("policies/deny.yaml", "rules:\n  - deny: { resource: \"" + deny + "\" }\n");
            String out = run("check").out();
            assertFalse(out.contains("file-at-any-server"), deny + ": " + out);
        }
        for (String deny : List.of("mcp:notes/file:///srv/a/**", "mcp:other/**")) {
            write("policies/deny.yaml", "rules:\n  - deny: { resource: \"" + deny + "\" }\n");
            String out = run("check").out();
            assertTrue(out.contains("file-at-any-server"), deny + ": " + out);
        }
        Files.delete(folder.resolve("policies/deny.yaml"));
        write("policies/roles.yaml", roles("mcp:docs/file:///srv/**"));
        assertFalse(run("check").out().contains("file-at-any-server"));
    }

    @Test
    void whatOneServersFilesAreReachedByIsToldApart() throws IOException {
        String all =
                run("policy", "reach", "--resource", "mcp:docs/file:///srv/a").out();
        assertTrue(all.contains("resources of MCP servers"), all);
        write("policies/deny.yaml", "rules:\n  - deny: { resource: \"mcp:docs/**\" }\n");
        String docs =
                run("policy", "reach", "--resource", "mcp:docs/file:///srv/a").out();
        assertFalse(docs.contains("reader_001"), docs);
        String notes =
                run("policy", "reach", "--resource", "mcp:notes/file:///srv/a").out();
        assertTrue(notes.contains("resources of the MCP server notes"), notes);
        assertEquals(
                ExitCodes.OK,
                run("policy", "reach", "--never", "anybody read mcp:docs/**").code());
        Ran broken = run("policy", "reach", "--never", "anybody read mcp:notes/file:///srv/**");
        assertEquals(ExitCodes.FAILED, broken.code());
        Ran dead = run("policy", "reach", "--resource", "file:///srv/a");
        assertEquals(ExitCodes.USAGE, dead.code());
    }
}
