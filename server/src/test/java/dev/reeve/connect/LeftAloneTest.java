package dev.reeve.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not understood is not touched, and its owner is told. */
final class LeftAloneTest {
    @TempDir
    Path folder;

    static Stream<Arguments> broken() {
        return Stream.of(
                Arguments.of(
                        "claude",
                        "{ \"mcpServers\": { \"a\": { \"command\": \"x\", } } }",
                        "line 1, column 42: a comma before `}`"),
                Arguments.of("claude", "{\n // no\n}", "line 2, column 2: a comment is not JSON"),
                Arguments.of(
                        "vscode",
                        "{\n  \"servers\": {\n    \"a\": { \"command\" \"x\" }\n  }\n}",
                        "line 3, column 22: `:` is expected"),
                Arguments.of(
                        "cursor",
                        "{\"mcpServers\": {\"a\": {}, \"a\": {}}}",
                        "line 1, column 29: the name before comes twice"),
                Arguments.of("cursor", "{\"mcpServers\": {", "the file ends too early"),
                Arguments.of("cursor", "[]", "an object is expected"),
                Arguments.of("cursor", "", "the file ends too early"),
                Arguments.of("cursor", "{} {}", "line 1, column 4: something follows"),
                Arguments.of("cursor", "{\"a\": 'x'}", "a value is expected"),
                Arguments.of("cursor", "{\"a\": \"x\ny\"}", "a string is not closed on its line"),
                Arguments.of("cursor", "{\"a\": /* x}", "a comment is not closed"),
                Arguments.of("cursor", "{\"a\": " + "[".repeat(200), "nested deeper"));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void aConfigThatDoesNotParseIsRefusedWithItsPlace(String client, String text, String message) throws Exception {
        Desk desk = new Desk(folder);
        desk.write(file(client), text);
        Map<String, String> before = desk.files();
        RefusedException refused = assertThrows(RefusedException.class, () -> desk.run(client, new ScriptedPerson()));
        assertTrue(String.valueOf(refused.getMessage()).contains(message), refused.getMessage());
        assertTrue(String.valueOf(refused.getMessage()).contains(".json: "), refused.getMessage());
        assertEquals(before, desk.files());
    }

    @Test
    void aConfigThatIsNotUtf8IsRefused() throws Exception {
        Desk desk = new Desk(folder);
        Path file = desk.write("project/.mcp.json", "");
        java.nio.file.Files.write(file, new byte[] {'{', '"', (byte) 0xC3, '"', ':', '1', '}'});
        RefusedException refused = assertThrows(RefusedException.class, () -> desk.run("claude", new ScriptedPerson()));
        assertTrue(String.valueOf(refused.getMessage()).contains("not UTF-8"));
    }

    static Stream<Arguments> notTakenOver() {
        return Stream.of(
                Arguments.of(
                        "claude", "{\"type\": \"sse\", \"url\": \"https://a.example.com/sse\"}", "its transport `sse`"),
                Arguments.of("claude", "{\"type\": \"http\", \"command\": \"x\"}", "its transport `http`"),
                Arguments.of(
                        "claude",
                        "{\"command\": \"x\", \"url\": \"https://a.example.com\"}",
                        "either `command` or `url`"),
                Arguments.of("claude", "{}", "either `command` or `url`"),
                Arguments.of("claude", "7", "not an object"),
                Arguments.of("claude", "{\"command\": 7}", "`command` is not a string"),
                Arguments.of("claude", "{\"command\": \"x\", \"args\": \"y\"}", "`args` is not a list"),
                Arguments.of("claude", "{\"command\": \"x\", \"env\": {\"A\": {}}}", "`env.A` is not a string"),
                Arguments.of("claude", "{\"command\": \"x\", \"env\": {\"A\": \"${NOWHERE}\"}}", "needs `${NOWHERE}`"),
                Arguments.of("claude", "{\"command\": \"x\", \"args\": [\"${TOKEN}\"]}", "may stand for a secret"),
                Arguments.of(
                        "claude",
                        "{\"command\": \"x\", \"args\": [\"--api-key\", \"abc\"]}",
                        "argument 2 looks like a secret"),
                Arguments.of(
                        "claude",
                        "{\"command\": \"x\", \"args\": [\"--token=abc\"]}",
                        "argument 1 looks like a secret"),
                Arguments.of(
                        "claude",
                        "{\"command\": \"x\", \"args\": [\"postgres://me:pw@db/x\"]}",
                        "argument 1 looks like a secret"),
                Arguments.of(
                        "claude",
                        "{\"command\": \"x\", \"args\": [\"ghp_0123456789abcdefghij0123\"]}",
                        "argument 1 looks like a secret"),
                Arguments.of(
                        "claude",
                        "{\"url\": \"https://a.example.com/mcp?api_key=k3y-of-a\"}",
                        "seems to hold a secret"),
                Arguments.of(
                        "claude", "{\"url\": \"https://a.example.com/mcp?key=k3y-of-a\"}", "seems to hold a secret"),
                Arguments.of(
                        "claude",
                        "{\"url\": \"https://a.example.com/mcp?id=a1b2c3d4e5f6a7b8c9d0\"}",
                        "seems to hold a secret"),
                Arguments.of("claude", "{\"url\": \"ftp://a.example.com\"}", "not https, nor http to this machine"),
                Arguments.of(
                        "claude", "{\"url\": \"http://a.example.com/mcp\"}", "not https, nor http to this machine"),
                Arguments.of(
                        "claude",
                        "{\"url\": \"https://a.example.com\", \"headers\": {\"Mcp-Session-Id\": \"1\"}}",
                        "cannot send on"),
                Arguments.of(
                        "claude",
                        "{\"url\": \"https://a.example.com\", \"headers\": {\"X\": \"a\\nb\"}}",
                        "no header can carry"),
                Arguments.of("claude", "{\"command\": \"x\", \"env\": {\"A-B\": \"1\"}}", "cannot send on"),
                Arguments.of(
                        "claude", "{\"url\": \"https://a.example.com\", \"oauth\": {}}", "cannot take over `oauth`"),
                Arguments.of("vscode", "{\"command\": \"x\", \"envFile\": \".env\"}", "cannot take over `envFile`"),
                Arguments.of("vscode", "{\"command\": \"x\", \"env\": {\"A\": \"${input:a}\"}}", "needs `${input:a}`"),
                Arguments.of(
                        "vscode", "{\"command\": \"x\", \"args\": [\"${command:pick}\"]}", "may stand for a secret"));
    }

    @ParameterizedTest
    @MethodSource("notTakenOver")
    void aServerThatReeveCannotTakeOverStaysAsItIsBesideTheOthers(String client, String entry, String reason)
            throws Exception {
        Desk desk = new Desk(folder);
        desk.environment.put("TOKEN", "tok-secret");
        String key = client.equals("vscode") ? "servers" : "mcpServers";
        desk.write(
                file(client),
                "{\"" + key + "\": {\n  \"odd\": " + entry + ",\n  \"fine\": {\"command\": \"y\", \"args\": []}\n}}\n");
        ScriptedPerson person = new ScriptedPerson();

        Report report = desk.run(client, person);

        assertTrue(
                report.left().getOrDefault("odd", "").contains(reason),
                report.left().toString());
        assertEquals(java.util.List.of("fine"), report.moved());
        assertTrue(desk.read(file(client)).contains("\n  \"odd\": " + entry + ",\n"));
        assertTrue(person.everything().contains("NOT governed: odd"));
        for (String secret : java.util.List.of("tok-secret", "k3y-of-a", "me:pw", "ghp_0")) {
            assertFalse(person.everything().contains(secret), person.everything());
            assertFalse(desk.read("home/reeve.yaml").contains(secret));
        }
    }

    static Stream<Arguments> off() {
        String list = "{\"disabledMcpjsonServers\": [\"odd\"]}";
        return Stream.of(
                Arguments.of("claude", "\"disabled\": true, ", "", "", "`disabled: true`"),
                Arguments.of("cursor", "\"disabled\": true, ", "", "", "`disabled: true`"),
                Arguments.of("vscode", "\"enabled\": false, ", "", "", "`enabled: false`"),
                Arguments.of("claude", "", "project/.claude/settings.json", list, "`disabledMcpjsonServers`"),
                Arguments.of("claude", "", "project/.claude/settings.local.json", list, "`disabledMcpjsonServers`"),
                Arguments.of("claude", "", "user/.claude/settings.json", list, "`disabledMcpjsonServers`"),
                Arguments.of(
                        "claude",
                        "",
                        "user/.claude.json",
                        "{\"projects\": {\"PROJECT\": " + list + "}}",
                        "`disabledMcpjsonServers`"),
                Arguments.of(
                        "claude",
                        "",
                        "user/.claude.json",
                        "{\"projects\": {\"PROJECT\": {\"disabledMcpServers\": [\"odd\"]}}}",
                        "`disabledMcpServers`"));
    }

    @ParameterizedTest
    @MethodSource("off")
    void aServerThatIsSwitchedOffIsNeitherMovedNorStarted(
            String client, String mark, String elsewhere, String text, String reason) throws Exception {
        Desk desk = new Desk(folder);
        String entry = "{" + mark + "\"command\": \"x\", \"args\": [], \"env\": {\"A\": \"${input:a}\"}}";
        String key = client.equals("vscode") ? "servers" : "mcpServers";
        desk.write(
                file(client),
                "{\"" + key + "\": {\n  \"odd\": " + entry + ",\n  \"fine\": {\"command\": \"y\", \"args\": []}\n}}\n");
        if (!elsewhere.isEmpty()) {
            desk.write(elsewhere, desk.filled(text));
        }
        Map<String, String> before = desk.files();
        ScriptedPerson person = new ScriptedPerson();

        Report report = desk.run(client, person);

        assertTrue(
                person.everything().contains("NOT governed: odd: it is switched off (" + reason), person.everything());
        assertEquals(java.util.List.of("fine"), report.moved());
        assertEquals(java.util.Set.of("odd"), report.left().keySet());
        assertFalse(desk.read("home/reeve.yaml").contains("odd"));
        assertTrue(desk.read(file(client)).contains("\n  \"odd\": " + entry + ",\n"));
        assertFalse(person.everything().contains("input:a"), "no value is asked for");
        desk.connect(new ScriptedPerson()).undo(client);
        assertEquals(before, desk.files());
    }

    /** What is off in a project's file says nothing of a server of the person by the same name; a mark that is no yes is none. */
    @Test
    void aServerThatIsOnIsMovedWhateverMarksLieAround() throws Exception {
        Desk desk = new Desk(folder);
        desk.write("project/.claude/settings.json", "{\"disabledMcpjsonServers\": [\"mine\", 7]} // mine");
        desk.write(
                "user/.claude.json",
                desk.filled("{\"mcpServers\": {\"mine\": {\"command\": \"x\", \"args\": [], \"disabled\": false}},"
                        + " \"projects\": {\"/another\": {\"disabledMcpServers\": [\"mine\"]}}}"));
        assertEquals(
                java.util.List.of("mine"),
                desk.run("claude", new ScriptedPerson()).moved());
    }

    @Test
    void settingsThatMayHoldAMarkAndAreNotUnderstoodStopEverything() throws Exception {
        Desk desk = new Desk(folder);
        desk.write("project/.mcp.json", "{\"mcpServers\": {\"a\": {\"command\": \"x\", \"args\": []}}}");
        desk.write("project/.claude/settings.json", "{\"disabledMcpjsonServers\": [");
        Map<String, String> before = desk.files();
        RefusedException refused = assertThrows(RefusedException.class, () -> desk.run("claude", new ScriptedPerson()));
        assertTrue(String.valueOf(refused.getMessage()).contains("settings.json: "), refused.getMessage());
        assertEquals(before, desk.files());
    }

    /** A project may ship its own config, with whatever it calls `reeve`. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"command\": \"/p/tools/reeve\", \"args\": [\"mcp\", \"files\"]",
                "\"command\": \"/p/tools/reeve\", \"args\": [\"mcp\", \"a\", \"--home\", \"HOME\", \"--as\", \"claude-code\"]",
                "\"command\": \"reeve\", \"args\": [\"mcp\", \"a\", \"--home\", \"HOME\", \"--as\", \"claude-code\"]",
                "\"command\": \"/opt/reeve/reeve\", \"args\": [\"mcp\", \"a\"]",
                "\"command\": \"/opt/reeve/reeve\", \"args\": [\"mcp\", \"a\", \"--home\", \"/p/home\", \"--as\", \"claude-code\"]",
                "\"command\": \"/opt/reeve/reeve\", \"args\": [\"mcp\", \"a\", \"--home\", \"HOME\", \"--as\", \"another\"]",
                "\"command\": \"/opt/reeve/reeve\", \"args\": [\"mcp\", \"a\", \"--home\", \"HOME\", \"--as\", \"claude-code\"], \"env\": {\"JAVA_HOME\": \"/p\"}",
            })
    void whatIsOnlyCalledReeveIsNotBehindIt(String entry) throws Exception {
        Desk desk = new Desk(folder);
        desk.write("project/.mcp.json", desk.filled("{\"mcpServers\": {\"a\": {" + entry + "}}}"));
        Map<String, String> before = desk.files();
        ScriptedPerson person = new ScriptedPerson();
        desk.run("claude", person);
        assertTrue(person.everything().contains("left as it is, NOT governed: a: it starts a program named `reeve`"));
        assertFalse(person.everything().contains("already behind Reeve"));
        assertEquals(before.get("project/.mcp.json"), desk.files().get("project/.mcp.json"));
    }

    @Test
    void aMissingValueIsTakenFromTheSecretsFileIfThePersonWroteItThere() throws Exception {
        Desk desk = new Desk(folder);
        desk.write("keys/secrets.yaml", "a.KEY: mine\n");
        desk.write(
                "project/.vscode/mcp.json",
                "{\"servers\": {\"a\": {\"command\": \"x\", \"args\": [], \"env\": {\"KEY\": \"${input:k}\"}}}}");
        Report report = desk.run("vscode", new ScriptedPerson());
        assertEquals(java.util.List.of("a"), report.moved());
        assertEquals("a.KEY: mine\n", desk.read("keys/secrets.yaml"));
    }

    private static String file(String client) {
        return switch (client) {
            case "claude" -> "project/.mcp.json";
            case "cursor" -> "project/.cursor/mcp.json";
            default -> "project/.vscode/mcp.json";
        };
    }
}
