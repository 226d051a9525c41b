package dev.reeve.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.json.Json;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.StrictJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command as a person or a script runs it: arguments, answers, exit codes, output. */
@Timeout(120)
final class ConnectCommandTest {
    private static final String ONE =
            "{\"mcpServers\": {\"a\": {\"command\": \"x\", \"args\": [], \"env\": {\"K\": \"v-secret\"}}}}";

    @TempDir
    Path folder;

    private Desk desk;

    private record Ran(int exit, String out, String err) {}

    @BeforeEach
    void sitDown() throws IOException {
        desk = new Desk(folder);
        desk.write("project/.mcp.json", ONE);
    }

    private Ran run(String answers, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Duser.home=" + desk.userHome,
                "-Dreeve.home=/opt/reeve",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.reeve.connect.ConnectMain"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--home", "../home"));
        Path in = Files.writeString(folder.resolve("in"), answers);
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(desk.project.toFile())
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("XDG_CONFIG_HOME", desk.root.resolve("config").toString());
        Process process = builder.start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        Ran ran = new Ran(process.exitValue(), Files.readString(out), Files.readString(err));
        for (Path file : List.of(in, out, err)) {
            Files.delete(file);
        }
        assertFalse((ran.out() + ran.err()).contains("v-secret"), ran.toString());
        return ran;
    }

    @Test
    void answersAreReadFromStandardInput() throws Exception {
        Ran ran = run("yes\ny\n", "claude");
        assertEquals(0, ran.exit(), ran.toString());
        assertTrue(ran.out().contains("Start these servers unconfined? [y/N]"));
        assertTrue(ran.out().contains("Restart Claude Code"));
        assertTrue(desk.read("project/.mcp.json")
                .contains("\"command\": \"/opt/reeve/reeve\", \"args\": [\"mcp\", \"a\", \"--home\", \"" + desk.home
                        + "\""));
        assertTrue(desk.read("config/reeve/secrets.yaml").contains("a.K: \"v-secret\""));
    }

    @Test
    void noAnswerIsANo() throws Exception {
        Ran ran = run("", "claude");
        assertEquals(1, ran.exit());
        assertTrue(ran.err().contains("reeve: nothing was written"), ran.err());
        assertEquals(ONE, desk.read("project/.mcp.json"));
    }

    @Test
    void theJsonResultStandsAloneOnStandardOutput() throws Exception {
        desk.write(
                "project/.mcp.json", ONE.replace("\"a\"", "\"odd\": {\"type\": \"ws\", \"url\": \"wss://x\"}, \"a\""));
        Ran ran = run("", "claude", "--yes", "--json");
        assertEquals(3, ran.exit(), ran.toString());
        Json.Obj report = StrictJson.readObject(ran.out().strip().getBytes(StandardCharsets.UTF_8), JsonLimits.REQUEST);
        assertEquals("[\"a\"]", String.valueOf(report.get("moved").orElseThrow()));
        assertTrue(report.object("left_ungoverned").orElseThrow().has("odd"));
        assertTrue(ran.err().contains("+  a:"), ran.err());
    }

    @Test
    void aDryRunAndAnUndoByCommandLeaveEverythingAsItWas() throws Exception {
        Map<String, String> before = configs();
        assertEquals(0, run("", "claude", "--dry-run").exit());
        assertEquals(before, configs());
        assertEquals(0, run("", "claude", "--yes").exit());
        assertEquals(0, run("", "claude", "--undo").exit());
        assertEquals(before, configs());
    }

    @Test
    void theOperatorsFolderOfKeysIsUsed() throws Exception {
        desk.write("home/reeve.yaml", "keys: ../safe\n");
        assertEquals(0, run("", "claude", "--yes").exit());
        assertTrue(desk.read("safe/secrets.yaml").contains("a.K"));
        assertFalse(Files.exists(desk.root.resolve("config")));
    }

    @Test
    void mistakesEndWithOneSentence() throws Exception {
        Ran ran = run("", "emacs");
        assertEquals(2, ran.exit());
        assertTrue(ran.err().startsWith("reeve: no such client: `emacs`"), ran.err());
        assertEquals(1, run("", "claude", "--config", "nowhere.json").exit());
    }

    private Map<String, String> configs() throws IOException {
        Map<String, String> files = desk.files();
        files.keySet().removeIf(name -> name.startsWith("config/reeve/connect/"));
        return files;
    }
}
