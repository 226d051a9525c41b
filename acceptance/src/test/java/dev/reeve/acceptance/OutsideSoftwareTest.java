package dev.reeve.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Clients that are not ours, through Reeve, onto servers that are not ours: every call is decided on its arguments, and the record
 * verifies afterwards.
 */
final class OutsideSoftwareTest {
    @TempDir
    static Path folder;

    private static Running everything;
    private static Running modern;
    private static Product product;
    private static String key;
    private static Path files;

    @BeforeAll
    static void startEverybody() throws IOException, InterruptedException {
        Path npm = Outside.npm();
        int port = Ports.free();
        everything = Running.start(
                npm,
                Map.of("PORT", Integer.toString(port)),
                Pattern.compile("listening on port", Pattern.CASE_INSENSITIVE),
                Outside.node("node_modules/.bin/mcp-server-everything", "streamableHttp"));
        modern = Running.start(
                Outside.python(),
                Map.of(),
                Pattern.compile("\"url\": \"(http://[^\"]+)\""),
                Outside.python("server.py", "http", "--port", "0"));
        files = Files.createDirectory(folder.resolve("files"));
        Files.writeString(files.resolve("hello.txt"), "hello from a file\n");
        Files.writeString(files.resolve("secret.txt"), "do not read\n");
        product = Product.start(home(port));
        assertEquals(
                0,
                product.reeve("agent", "create", "tester", "--role", "tester").exit());
        Commands.Ran made = product.reeve("key", "create", "tester", "--json");
        assertEquals(0, made.exit(), made.err());
        key = Text.find(made.out(), "\"key\"\\s*:\\s*\"(reeve_[A-Za-z0-9]+)\"");
        Tools.waitUntilPinned(product, List.of("everything", "local", "files", "modern", "pystdio"));
    }

    @AfterAll
    static void stopEverybody() {
        if (product != null) {
            product.close();
        }
        if (everything != null) {
            everything.close();
        }
        if (modern != null) {
            modern.close();
        }
    }

    private static Path home(int port) throws IOException {
        Path home = Homes.home(Files.createDirectory(folder.resolve("home")), """
                everything: { url: "http://127.0.0.1:%d/mcp", definitions: trust-first-use }
                local:  { stdio: %s, %s, definitions: trust-first-use }
                files:  { stdio: %s, %s, definitions: trust-first-use }
                modern: { url: "%s", definitions: trust-first-use }
                pystdio: { stdio: %s, %s, definitions: trust-first-use }
                """.formatted(
                        port,
                        Text.yaml(Outside.node("node_modules/.bin/mcp-server-everything", "stdio")),
                        Outside.confined(Outside.npm()),
                        Text.yaml(Outside.node("node_modules/.bin/mcp-server-filesystem", files.toString())),
                        Outside.confined(Outside.npm(), files),
                        modern.matched(),
                        Text.yaml(Outside.python("server.py", "stdio")),
                        Outside.confined(Outside.python())));
        Homes.file(home, "catalog/tools.yaml", """
                resources:
                  numbers: {}
                tools:
                  files.read_text_file: { acts_on: "file:{arguments.path}", action: read }
                  modern.add:           { acts_on: numbers, action: execute }
                  pystdio.add:          { acts_on: numbers, action: execute }
                  everything.get-sum:   { acts_on: numbers, action: execute }
                  local.get-sum:        { acts_on: numbers, action: execute }
                """);
        Homes.file(home, "policies/tester.yaml", """
                agent_roles:
                  tester:
                    permissions:
                      - { resource: "tool:everything.echo", actions: [execute] }
                      - { resource: "tool:local.echo", actions: [execute] }
                      - { resource: "tool:modern.echo", actions: [execute] }
                      - { resource: "tool:pystdio.echo", actions: [execute] }
                      - { resource: "tool:modern.slow", actions: [execute] }
                      - { resource: numbers, actions: [execute], conditions: [small] }
                      - { resource: "file:%s/**", actions: [read] }
                      - { resource: "mcp:modern/**", actions: [read] }
                      - { resource: "prompt:modern.*", actions: [read] }
                conditions:
                  small: arguments.a <= 100
                rules:
                  - deny: { resource: "file:**/secret.txt" }
                    reason: secret files are not read
                    tell: agent
                """.formatted(files));
        return home;
    }

    @ParameterizedTest
    @CsvSource({"auto", "legacy", "2026-07-28"})
    void thePythonClientWorksInEveryRevision(String revision) {
        String said = python(revision, "modern.add", "{\"a\":2,\"b\":3}");
        assertTrue(said.contains("5"), said);
        assertTrue(python(revision, "everything.get-sum", "{\"a\":2,\"b\":3}").contains("5"));
        assertTrue(python(revision, "pystdio.add", "{\"a\":2,\"b\":3}").contains("5"));
        assertTrue(python(revision, "local.get-sum", "{\"a\":2,\"b\":3}").contains("5"));
    }

    @ParameterizedTest
    @CsvSource({"auto", "legacy", "2026-07-28"})
    void theTypeScriptClientWorksInEveryRevision(String revision) {
        String said = typescript(revision, "modern.add", "{\"a\":2,\"b\":3}");
        assertTrue(said.contains("5"), said);
        assertTrue(typescript(revision, "local.get-sum", "{\"a\":2,\"b\":3}").contains("5"));
        assertTrue(typescript(revision, "files.read_text_file", "{\"path\":\"" + files + "/hello.txt\"}")
                .contains("hello from a file"));
    }

    @ParameterizedTest
    @CsvSource({"legacy", "modern"})
    void theInspectorListsAndCalls(String era) {
        Commands.Ran listed = inspector(era, "--method", "tools/list");
        assertEquals(0, listed.exit(), listed.err());
        assertTrue(listed.out().contains("modern.add") && listed.out().contains("reeve_status"), listed.out());
        assertFalse(listed.out().contains("add_tool"), "shows a tool that this agent may never call");
        Commands.Ran called = inspector(
                era, "--method", "tools/call", "--tool-name", "everything.echo", "--tool-arg", "message=hallo");
        assertTrue(called.exit() == 0 && called.out().contains("hallo"), called.out() + called.err());
    }

    @ParameterizedTest
    @CsvSource({"auto", "legacy"})
    void aCallIsDecidedOnItsArguments(String revision) {
        String denied = python(revision, "modern.add", "{\"a\":200,\"b\":3}");
        assertTrue(denied.contains("did not allow") && denied.contains("\"isError\":true"), denied);
        String secret = typescript(revision, "files.read_text_file", "{\"path\":\"" + files + "/secret.txt\"}");
        assertTrue(secret.contains("secret files are not read"), secret);
        assertFalse(secret.contains("do not read"), secret);
        String climbing =
                typescript(revision, "files.read_text_file", "{\"path\":\"" + files + "/../home/reeve.yaml\"}");
        assertFalse(climbing.contains("upstreams"), climbing);
    }

    @Test
    void aToolThatMayNeverBeCalledAnswersLikeOneThatDoesNotExist() {
        String hidden =
                python("2026-07-28", "modern.fail", "{\"message\":\"x\"}").replace("modern.fail", "NAME");
        String missing =
                python("2026-07-28", "modern.nosuch", "{\"message\":\"x\"}").replace("modern.nosuch", "NAME");
        assertEquals(missing, hidden);
    }

    @ParameterizedTest
    @CsvSource({"auto", "legacy"})
    void resourcesPromptsAndProgressPass(String revision) {
        Commands.Ran ran = client(Outside.python(
                "client.py",
                "http",
                product.mcp() + "/modern",
                "--revision",
                revision,
                "--token",
                key,
                "--more",
                "--call",
                "slow",
                "--args",
                "{\"seconds\":0.4,\"steps\":2}"));
        assertEquals(0, ran.exit(), ran.out() + ran.err());
        assertTrue(ran.out().contains("config://app") && ran.out().contains("review"), ran.out());
        assertTrue(ran.out().contains("\"progress\""), ran.out());
    }

    @Test
    void theRecordHoldsEveryCallAndVerifies() {
        python("auto", "modern.echo", "{\"text\":\"remember me\"}");
        Commands.Ran verified = product.reeve("audit", "verify");
        assertEquals(0, verified.exit(), verified.out() + verified.err());
        Commands.Ran found = product.reeve("audit", "search", "--agent", "tester", "--json");
        assertEquals(0, found.exit(), found.err());
        assertTrue(found.out().contains("\"tool\":\"echo\""), found.out());
        assertFalse(found.out().contains(key), "the key is in the record");
        assertFalse(product.output().contains(key), "the key is in the log");
    }

    @ParameterizedTest
    @CsvSource({"ocsf", "otel", "csv", "cef"})
    void whatIsExportedIsReadByOthersLibraries(String format) {
        python("auto", "modern.echo", "{\"text\":\"=1+1\"}");
        python("auto", "modern.add", "{\"a\":200,\"b\":3}");
        Path file = folder.resolve("export-" + format);
        Commands.Ran exported = product.reeve("audit", "export", file.toString(), "--format", format, "--values");
        assertEquals(0, exported.exit(), exported.err());
        Commands.Ran read = Outside.readExport(format, file);
        assertEquals(0, read.exit(), read.out() + read.err());
        assertTrue(Integer.parseInt(read.out().strip()) >= 2, read.out());
    }

    private static String python(String revision, String tool, String arguments) {
        Commands.Ran ran = client(Outside.python(
                "client.py",
                "http",
                product.mcp(),
                "--revision",
                revision,
                "--token",
                key,
                "--call",
                tool,
                "--args",
                arguments));
        assertEquals(0, ran.exit(), ran.out() + ran.err() + product.output());
        return withoutSpaces(ran.out());
    }

    private static String typescript(String revision, String tool, String arguments) {
        Commands.Ran ran = client(Outside.node(
                "client.mjs",
                "http",
                product.mcp(),
                "--revision",
                revision,
                "--token",
                key,
                "--call",
                tool,
                "--args",
                arguments));
        assertEquals(0, ran.exit(), ran.out() + ran.err() + product.output());
        return withoutSpaces(ran.out());
    }

    private static Commands.Ran inspector(String era, String... arguments) {
        List<String> command = new ArrayList<>(Outside.node(
                "node_modules/.bin/mcp-inspector",
                "--cli",
                product.mcp(),
                "--transport",
                "http",
                "--protocol-era",
                era,
                "--format",
                "json",
                "--header",
                "Authorization: Bearer " + key));
        command.addAll(List.of(arguments));
        return client(command);
    }

    private static Commands.Ran client(List<String> command) {
        return Commands.run(
                Outside.npm(), Map.of("HOME", folder.toString(), "MCP_INSPECTOR_SECRET_STORE", "memory"), 60, command);
    }

    /** The clients' JSON differs in its spaces only after colons and commas. */
    private static String withoutSpaces(String json) {
        return json.replace("\": ", "\":").replace(", \"", ",\"");
    }
}
