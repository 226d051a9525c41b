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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A client's config of three foreign servers, put behind Reeve by {@code reeve connect}; then foreign clients start what stands in it, over
 * stdio, as they started the servers before.
 */
final class OutsideConnectorTest {
    @TempDir
    static Path folder;

    private static Product product;
    private static Path home;

    @BeforeAll
    static void connect() throws IOException, InterruptedException {
        Outside.slow("connecting other people's clients and servers over stdio");
        Path files = Files.createDirectory(folder.resolve("files"));
        Files.writeString(files.resolve("hello.txt"), "hello from a file\n");
        home = Files.createDirectory(folder.resolve("home"));
        Files.createDirectories(home.resolve("user-config"));
        Files.setPosixFilePermissions(
                home.resolve("user-config"), java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
        Path config = folder.resolve("mcp.json");
        Files.writeString(
                config,
                "{\"mcpServers\":{"
                        + entry("everything", Outside.node("node_modules/.bin/mcp-server-everything", "stdio")) + ","
                        + entry("files", Outside.node("node_modules/.bin/mcp-server-filesystem", files.toString()))
                        + ","
                        + entry("py", Outside.python("server.py", "stdio")) + "}}");
        Commands.Ran ran = Product.reeve(home, 300, "connect", "claude-code", "--config", config.toString(), "--yes");
        assertEquals(0, ran.exit(), ran.out() + ran.err());
        assertTrue(ran.out().contains("of py") && !ran.out().contains("does not answer"), ran.out() + ran.err());
        String now = Files.readString(config);
        assertTrue(now.contains("\"mcp\", \"everything\"") && !now.contains("mcp-server-everything"), now);
        product = Product.start(home);
        Tools.waitUntilPinned(product, List.of("everything", "files", "py"));
    }

    @AfterAll
    static void close() {
        if (product != null) {
            product.close();
        }
    }

    private static String entry(String name, List<String> command) {
        return "\"" + name + "\":{\"command\":\"" + command.getFirst() + "\",\"args\":"
                + Text.yaml(command.subList(1, command.size())) + "}";
    }

    /** What {@code connect} wrote, with this JVM instead of the one that the script would look for. */
    private static List<String> connector(String name) {
        List<String> command =
                new ArrayList<>(List.of("/usr/bin/env", "XDG_CONFIG_HOME=" + home.resolve("user-config")));
        command.addAll(Product.java("mcp", name, "--home", home.toString(), "--as", "claude-code"));
        return command;
    }

    private static Commands.Ran client(List<String> start, String name) {
        List<String> command = new ArrayList<>(start);
        command.add("--");
        command.addAll(connector(name));
        return Commands.run(Outside.npm(), Map.of(), 120, command);
    }

    private static String python(String revision, String name, String tool, String arguments) {
        Commands.Ran ran = client(
                Outside.python("client.py", "stdio", "--revision", revision, "--call", tool, "--args", arguments),
                name);
        assertEquals(0, ran.exit(), ran.out() + ran.err() + product.output());
        return ran.out();
    }

    private static String typescript(String revision, String name, String tool, String arguments) {
        Commands.Ran ran = client(
                Outside.node("client.mjs", "stdio", "--revision", revision, "--call", tool, "--args", arguments), name);
        assertEquals(0, ran.exit(), ran.out() + ran.err() + product.output());
        return ran.out();
    }

    @ParameterizedTest
    @CsvSource({"auto", "legacy", "2026-07-28"})
    void thePythonClientWorksOverStdio(String revision) {
        String sum = python(revision, "everything", "get-sum", "{\"a\":2,\"b\":3}");
        assertTrue(sum.contains("The sum of 2 and 3 is 5."), sum);
        String added = python(revision, "py", "add", "{\"a\":2,\"b\":3}");
        assertTrue(added.contains("\"structuredContent\": {\"sum\": 5}"), added);
        String read =
                python(revision, "files", "read_text_file", "{\"path\":\"" + folder.resolve("files/hello.txt") + "\"}");
        assertTrue(read.contains("hello from a file"), read);
    }

    @ParameterizedTest
    @CsvSource({"auto", "legacy", "2026-07-28"})
    void theTypeScriptClientWorksOverStdio(String revision) {
        String echo = typescript(revision, "everything", "echo", "{\"message\":\"hallo\"}");
        assertTrue(echo.contains("Echo: hallo"), echo);
        String added = typescript(revision, "py", "add", "{\"a\":2,\"b\":3}");
        assertTrue(added.contains("\"structuredContent\":{\"sum\":5}"), added);
    }

    @ParameterizedTest
    @CsvSource({"auto", "legacy"})
    void whatTheDraftDoesNotAllowIsNotThere(String revision) {
        Path target = folder.resolve("files/written.txt");
        String said = typescript(revision, "files", "write_file", "{\"path\":\"" + target + "\",\"content\":\"x\"}");
        assertTrue(said.contains("Unknown tool"), said);
        String tools = said.substring(said.indexOf("\"tools\""), said.indexOf(']'));
        assertTrue(tools.contains("read_text_file") && tools.contains("reeve_status"), tools);
        assertFalse(tools.contains("write_file") || Files.exists(target), tools);
    }

    @Test
    void theInspectorListsOverStdio() {
        List<String> command = new ArrayList<>(Outside.node("node_modules/.bin/mcp-inspector", "--cli"));
        command.addAll(connector("files"));
        command.addAll(List.of("--method", "tools/list"));
        Commands.Ran ran = Commands.run(
                Outside.npm(), Map.of("HOME", folder.toString(), "MCP_INSPECTOR_SECRET_STORE", "memory"), 120, command);
        assertEquals(0, ran.exit(), ran.out() + ran.err());
        assertTrue(ran.out().contains("read_text_file") && !ran.out().contains("\"write_file\""), ran.out());
    }
}
