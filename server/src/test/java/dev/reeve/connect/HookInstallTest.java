package dev.reeve.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person can rely on when installing the hook of a coding agent. */
final class HookInstallTest {
    @TempDir
    Path folder;

    private Desk desk;

    @BeforeEach
    void sitDown() throws IOException {
        desk = new Desk(folder);
    }

    private Report hook(String client, ScriptedPerson person) throws IOException, RefusedException {
        return desk.connect(person).hook(client, false);
    }

    @Test
    void theHookStandsBeforeEverythingAndFailsClosed() throws Exception {
        hook("claude", new ScriptedPerson());
        String settings = desk.read("project/.claude/settings.local.json");
        String command = "'/opt/reeve/reeve' hook claude-code --home '" + desk.home + "' --as claude-code";
        assertTrue(settings.contains("\"PreToolUse\": [{ \"matcher\": \"*\""), settings);
        assertTrue(settings.contains(command + " || exit 2"), settings);
        assertTrue(settings.contains(command + " 2>/dev/null || true"), settings);
        assertTrue(
                desk.installation.agents.getOrDefault("claude-code", Set.of()).contains("claude-code-host"));
        String draft = desk.read("home/policies/draft-claude-code-host.yaml");
        assertTrue(draft.contains("file:" + desk.project + "/**"), draft);
        for (String word :
                List.of("PROJECT", "CLIENT", "LOOKS", "ROLE", "OWN", "GIT", "CONDITIONS", "SETTINGS", "REPOSITORY")) {
            assertFalse(draft.contains(word), word + " was not replaced: " + draft);
        }
    }

    /** Without a repository of its own, any file of the project may become part of one that runs something. */
    @Test
    void gitIsAllowedOnlyWhereTheProjectIsItsRepository() throws Exception {
        hook("claude", new ScriptedPerson());
        assertFalse(desk.read("home/policies/draft-claude-code-host.yaml").contains("shell:git status"));
        Desk other = new Desk(Files.createDirectory(folder.resolve("OWN CLIENT")));
        Files.createDirectory(other.project.resolve(".git"));
        other.connect(new ScriptedPerson()).hook("claude", false);
        String draft = other.read("home/policies/draft-claude-code-host.yaml");
        assertTrue(draft.contains("shell:git status"), draft);
        assertTrue(draft.contains("git_only_looks_claude_code: "), "the drafts of two clients stand side by side");
        assertTrue(draft.contains("arguments.folders == [\"" + other.project + "\"]"), draft);
    }

    @Test
    void aNoChangesNothing() throws Exception {
        Map<String, String> before = desk.files();
        assertThrows(RefusedException.class, () -> hook("claude", new ScriptedPerson(false)));
        assertEquals(before, desk.files());
    }

    @Test
    void twiceIsOnceAndUndoPutsBackEveryByte() throws Exception {
        String own =
                "{\n  \"permissions\": { \"allow\": [\"Bash(ls)\"] },\n  \"hooks\": {\n    \"PreToolUse\": [{ \"matcher\": \"Bash\", \"hooks\": [] }]\n  }\n}\n";
        desk.write("project/.claude/settings.local.json", own);
        Map<String, String> before = desk.files();
        hook("claude", new ScriptedPerson());
        Map<String, String> once = desk.files();
        String settings = desk.read("project/.claude/settings.local.json");
        assertTrue(settings.contains("\"Bash(ls)\"") && settings.contains("{ \"matcher\": \"Bash\", \"hooks\": [] }"));
        hook("claude", new ScriptedPerson());
        assertEquals(once, desk.files());
        desk.connect(new ScriptedPerson()).undo("claude");
        assertEquals(before, desk.files());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{ \"hooks\": [] }",
                "{ \"hooks\": { \"PreToolUse\": {} } }",
                "{ not json",
                "{\"a\":1,\"a\":2}"
            })
    void aFileThatIsNotUnderstoodIsLeftAlone(String text) throws Exception {
        desk.write("project/.claude/settings.local.json", text);
        Map<String, String> before = desk.files();
        RefusedException e = assertThrows(RefusedException.class, () -> hook("claude", new ScriptedPerson()));
        assertTrue(String.valueOf(e.getMessage()).contains("settings.local.json"), e.getMessage());
        assertEquals(before, desk.files());
    }

    @Test
    void cursorIsToldToFailClosed() throws Exception {
        hook("cursor", new ScriptedPerson());
        String hooks = desk.read("project/.cursor/hooks.json");
        assertTrue(hooks.contains("\"version\": 1") && hooks.contains("\"failClosed\": true"), hooks);
        assertTrue(hooks.contains("\"beforeShellExecution\"") && hooks.contains("\"preToolUse\""), hooks);
    }

    /** The same file is read by GitHub Copilot, which wants its version. */
    @Test
    void vsCodeFindsItsHookWhereCopilotFindsItToo() throws Exception {
        ScriptedPerson person = new ScriptedPerson();
        hook("vscode", person);
        String hooks = desk.read("project/.github/hooks/reeve.json");
        assertTrue(hooks.contains("\"version\": 1"), hooks);
        assertTrue(
                hooks.contains(
                        "\"PreToolUse\": [{ \"type\": \"command\", \"command\": \"'/opt/reeve/reeve' hook vscode"),
                hooks);
        assertTrue(hooks.contains("--as vscode || exit 2\""), hooks);
        assertTrue(person.everything().contains("keep it out of version control"));
        desk.connect(new ScriptedPerson()).undo("vscode");
        assertFalse(Files.exists(desk.project.resolve(".github/hooks/reeve.json")));
    }
}
