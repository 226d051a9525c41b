package dev.reeve.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import dev.harrel.jsonschema.providers.SnakeYamlNode;
import dev.reeve.json.Json;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.StrictJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code reeve check --format sarif} against the published schema of SARIF 2.1.0, and the lint as a user meets it. */
final class SarifTest {
    @TempDir
    private Path folder;

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private record Ran(int code, String out) {}

    private Ran check(String... options) {
        StringWriter out = new StringWriter();
        CommandLine line = Main.line(config -> OfflineRecords.none());
        line.setOut(new PrintWriter(out));
        List<String> words = new ArrayList<>(List.of("check", "--home", folder.toString()));
        words.addAll(List.of(options));
        return new Ran(line.execute(words.toArray(String[]::new)), out.toString());
    }

    private static final String ODD = """
            agent_roles:
              clerk:
                permissions:
                  - { resource: "file:/a/**", actions: [read] }
                  - { resource: "file:/a/b", actions: [read], ignore: { redundant: stays until the move is over } }
                  - { resource: "url:**", actions: [read], ignore: { shadowed: not so } }
            rules:
              - deny: { tool: "files.*" }
                when: arguments.amount > 5 && arguments.amount < 3
              - deny: { tool: "nobody.x" }
            agents:
              a: { roles: [clerk] }
            """;

    private static Validator.Result validated(String log) throws IOException {
        try (InputStream schema = SarifTest.class.getResourceAsStream("/schema/sarif-schema-2.1.0.json")) {
            assertNotNull(schema);
            return new ValidatorFactory()
                    .withJsonNodeFactory(new SnakeYamlNode.Factory())
                    .validate(new String(schema.readAllBytes(), StandardCharsets.UTF_8), log);
        }
    }

    @Test
    void theLogIsValidAndSaysEverythingThatTheTextSays() throws Exception {
        write("reeve.yaml", "upstreams: { files: { stdio: [x] } }\n");
        write("policies/a b.yaml", ODD);
        Ran sarif = check("--format", "sarif");
        Validator.Result result = validated(sarif.out());
        assertTrue(result.isValid(), result.getErrors().toString());
        assertEquals(ExitCodes.USAGE, sarif.code());
        assertTrue(sarif.out().contains("\"uri\":\"policies/a%20b.yaml\""), sarif.out());
        List<String> found = new ArrayList<>();
        for (Json item : results(sarif.out())) {
            Json.Obj one = (Json.Obj) item;
            found.add(one.string("ruleId").orElse("") + " "
                    + one.string("level").orElse("") + (one.has("suppressions") ? " ignored" : ""));
        }
        assertEquals(
                List.of(
                        "open-way-out warning",
                        "ignore-unused warning",
                        "contradiction error",
                        "never-matches error",
                        "redundant warning ignored"),
                found);
    }

    private static List<Json> results(String text) throws Exception {
        Json.Obj log = StrictJson.readObject(text.getBytes(StandardCharsets.UTF_8), JsonLimits.ANSWER);
        return ((Json.Obj) log.array("runs").orElseThrow().items().getFirst())
                .array("results")
                .orElseThrow()
                .items();
    }

    @Test
    void somethingThatIsNoSarifIsSeen() throws IOException {
        assertTrue(!validated("{\"version\":\"2.1.0\",\"runs\":[{\"results\":[]}]}")
                .isValid());
    }

    @Test
    void theTextNamesTheCheckAndCountsWhatIsIgnored() throws IOException {
        write("reeve.yaml", "upstreams: { files: { stdio: [x] } }\n");
        write("policies/a.yaml", """
                agent_roles:
                  clerk:
                    permissions:
                      - { resource: "file:/a/**", actions: [read] }
                      - { resource: "file:/a/b", actions: [read], ignore: { redundant: stays } }
                      - { resource: "file:/a/c", actions: [read] }
                """);
        Ran ran = check();
        assertEquals(ExitCodes.OK, ran.code());
        assertTrue(
                ran.out()
                        .contains("policies/a.yaml:6: warning: agent_roles.clerk: this permission changes nothing: "
                                + "the permission at policies/a.yaml:4 says the same and more; "
                                + "take it away, or narrow the other one [redundant]\n"),
                ran.out());
        assertTrue(ran.out().contains("note: agent_roles.clerk: no agent of the files has this role"), ran.out());
        assertTrue(ran.out().contains("no errors, 1 warning, 1 note (1 ignored); policy version "), ran.out());
        assertTrue(check("--json").out().contains("\"reason\":\"stays\""));
    }

    @Test
    void theSampleCompanyHasNoWarnings() throws IOException {
        Path demo = Path.of("src/main/resources/dev/reeve/demo/home");
        for (String file :
                List.of("catalog/systems.yaml", "catalog/sales.sql", "policies/office.yaml", "policies/roles.yaml")) {
            write(file, Files.readString(demo.resolve(file)));
        }
        StringBuilder servers = new StringBuilder("upstreams:\n");
        for (String name : List.of("pg", "analytics", "hr", "leave", "mail", "files", "web")) {
            servers.append("  ").append(name).append(": { stdio: [x] }\n");
        }
        write("reeve.yaml", servers.toString());
        Ran ran = check();
        assertTrue(ran.out().contains("no errors, no warnings, 1 note;"), ran.out());
        assertTrue(ran.out().contains("no tool does `read` to `leave_system`"), ran.out());
    }

    @Test
    void aReasonMustBeGiven() throws IOException {
        write("reeve.yaml", "");
        write("policies/a.yaml", """
                rules:
                  - deny: { resource: "file:/**" }
                    ignore: { redundant: "" }
                """);
        Ran ran = check();
        assertEquals(ExitCodes.USAGE, ran.code());
        assertTrue(ran.out().contains("policies/a.yaml:3: rules[0].ignore.redundant"), ran.out());
    }
}
