package dev.reeve.connector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The client's half as its own process, with a server that it finds or starts. */
@Timeout(120)
final class ConnectorTest {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @TempDir
    Path folder;

    private Path home;
    private Path installed;
    private final List<Process> processes = new ArrayList<>();

    @BeforeEach
    void install() throws IOException {
        home = Files.createDirectories(folder.toRealPath().resolve("home"));
        installed = Files.createDirectories(folder.resolve("installed"));
        Files.writeString(home.resolve("reeve.yaml"), "# a home\ndata: \"reeve-data\"  # here\n");
        serveBy("exec '" + JAVA + "' -cp '" + System.getProperty("java.class.path")
                + "' dev.reeve.connector.FakeServe \"$@\"");
        register("tester", FakeServe.SECRET);
    }

    @AfterEach
    void stop() throws Exception {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
        try (Stream<Path> files = Files.list(home)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.startsWith("pid-")) {
                    ProcessHandle.of(Long.parseLong(name.substring(4))).ifPresent(ProcessHandle::destroyForcibly);
                }
            }
        }
    }

    /** What stands for the {@code reeve} script; each start is a line of {@code starts}. */
    private void serveBy(String command) throws IOException {
        Path script = installed.resolve("reeve");
        Files.writeString(script, "#!/bin/sh\necho \"$@\" >> '" + folder.resolve("starts") + "'\n" + command + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }

    private void register(String agent, String secret) throws IOException {
        Path keys = folder.resolve("config/reeve");
        Path file = Registration.file(keys, home, agent);
        Files.createDirectories(file.getParent());
        Files.writeString(file, new Registration(home, agent, secret).text());
    }

    private Process connector(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                JAVA,
                "-Xmx32m",
                "-XX:+UseSerialGC",
                "-Dreeve.home=" + installed,
                "-cp",
                // Its own classes only: whatever else it wanted would not be found.
                Path.of("target", "classes").toAbsolutePath().toString(),
                "dev.reeve.connector.Connector",
                "mcp"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("XDG_CONFIG_HOME", folder.resolve("config").toString());
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    private Process echo() throws IOException {
        return connector("echo", "--home", home.toString(), "--as", "tester");
    }

    private static String ask(Process process, String line) throws IOException {
        Writer writer = process.outputWriter(StandardCharsets.UTF_8);
        writer.write(line + "\n");
        writer.flush();
        return String.valueOf(process.inputReader(StandardCharsets.UTF_8).readLine());
    }

    private static String errors(Process process) throws IOException {
        try (BufferedReader reader = process.errorReader(StandardCharsets.UTF_8)) {
            return String.join("\n", reader.lines().toList());
        }
    }

    private static int ended(Process process) throws InterruptedException {
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it did not end");
        return process.exitValue();
    }

    private List<String> starts() throws IOException {
        return Files.readAllLines(folder.resolve("starts"));
    }

    @Test
    void startsTheServerThatIsAbsentAndPassesLinesUntilTheClientIsDone() throws Exception {
        Process process = echo();
        assertEquals("{\"id\":1}", ask(process, "{\"id\":1}"));
        process.outputWriter(StandardCharsets.UTF_8).close();
        assertEquals(Connector.DONE, ended(process));
        assertEquals("", errors(process));
        assertEquals(List.of("serve --home " + home), starts());
    }

    @Test
    void manyAtATimeStartOneServer() throws Exception {
        List<Process> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            all.add(echo());
        }
        for (Process process : all) {
            assertEquals("{}", ask(process, "{}"));
        }
        assertEquals(1, starts().size());
    }

    @Test
    void aConnectorThatIsKilledAsAProbeLeavesTheServerForTheNext() throws Exception {
        Process probe = echo();
        assertEquals("{}", ask(probe, "{}"));
        probe.destroyForcibly().waitFor();
        Process real = echo();
        assertEquals("{\"real\":1}", ask(real, "{\"real\":1}"));
        assertEquals(1, starts().size());
    }

    @Test
    void aLongAnswerPassesWithoutBeingHeld() throws Exception {
        Process process = echo();
        assertEquals(20 << 20, ask(process, "big " + (20 << 20)).length());
    }

    @Test
    void aServerThatDiesEndsItWithASentence() throws Exception {
        Process process = echo();
        assertEquals("{}", ask(process, "{}"));
        assertEquals("null", ask(process, "quit"));
        assertEquals(Connector.SERVER_WENT, ended(process));
        assertTrue(errors(process).contains("reeve: the server closed the connection"));
    }

    @Test
    void afterAServerThatWasKilledTheNextConnectorStartsAnother() throws Exception {
        Process first = echo();
        ask(first, "quit");
        ended(first);
        assertTrue(Files.exists(home.resolve("reeve-data/connector.sock")), "its socket is left over");
        assertEquals("{}", ask(echo(), "{}"));
        assertEquals(2, starts().size());
    }

    @Test
    void aServerThatDoesNotStartIsReportedWithTheEndOfItsLog() throws Exception {
        serveBy("echo 'reeve.yaml:3: no such key'; exit 2");
        Process process = echo();
        assertEquals(Connector.NO_SERVER, ended(process));
        String errors = errors(process);
        assertTrue(
                errors.contains("`reeve serve` ended with 2") && errors.contains("reeve.yaml:3: no such key"), errors);
    }

    @Test
    void aRegistrationThatIsNotValidIsToldAndPrintsNoSecret() throws Exception {
        register("tester", "reeve_withdrawnLongAgo");
        Process process = echo();
        assertEquals(Connector.NOT_LET_IN, ended(process));
        String errors = errors(process);
        assertTrue(errors.contains("run `reeve connect` again"), errors);
        assertFalse(errors.contains("withdrawn"), errors);
    }

    @Test
    void withoutAnAgentTheOnlyRegistrationOfTheHomeDecides() throws Exception {
        assertEquals("{}", ask(connector("echo", "--home", home.toString()), "{}"));
        register("another", FakeServe.SECRET);
        Process process = connector("echo", "--home", home.toString());
        assertEquals(Connector.NOT_LET_IN, ended(process));
        assertTrue(errors(process).contains("--as AGENT"));
    }

    @Test
    void wrongArgumentsHomesAndAgentsAreToldApart() throws Exception {
        assertEquals(Connector.WRONG_ARGUMENTS, ended(connector()));
        assertEquals(Connector.WRONG_ARGUMENTS, ended(connector("echo", "--home")));
        assertEquals(Connector.WRONG_ARGUMENTS, ended(connector("echo", "other")));
        assertEquals(Connector.WRONG_ARGUMENTS, ended(connector("--what")));
        assertEquals(Connector.DONE, ended(connector("--help")));
        assertEquals(Connector.NOT_LET_IN, ended(connector("echo", "--home", home.toString(), "--as", "nobody")));
        Files.delete(home.resolve("reeve.yaml"));
        Process process = echo();
        assertEquals(Connector.NO_SERVER, ended(process));
        assertTrue(errors(process).contains("has no reeve.yaml"));
    }

    @Test
    void nothingOfItNeedsMoreThanTheJdk() throws Exception {
        List<String> client = List.of(
                "Connector",
                "Connector$FromClient",
                "ConnectorPlace",
                "ConnectorException",
                "Registration",
                "ServerStart",
                "Preamble");
        for (String name : client) {
            byte[] bytes = Files.readAllBytes(Path.of("target/classes/dev/reeve/connector", name + ".class"));
            String constants = new String(bytes, StandardCharsets.ISO_8859_1);
            for (String foreign : List.of(
                    "tools/jackson",
                    "io/netty",
                    "picocli",
                    "dev/reeve/secrets",
                    "dev/reeve/json",
                    "LambdaMetafactory",
                    "StringConcatFactory")) {
                assertFalse(constants.contains(foreign), name + " uses " + foreign);
            }
        }
    }

    @Test
    void theFolderOfTheClientDoesNotMatter() throws Exception {
        try (Stream<Path> before = Files.list(Path.of(""))) {
            long count = before.count();
            ask(echo(), "{}");
            try (Stream<Path> after = Files.list(Path.of(""))) {
                assertEquals(count, after.count());
            }
        }
    }
}
