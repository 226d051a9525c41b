package dev.reeve.cli;

import dev.reeve.config.Home;
import dev.reeve.config.ReeveConfig;
import dev.reeve.config.ReeveFile;
import dev.reeve.demo.Company;
import dev.reeve.demo.Desk;
import dev.reeve.demo.Desk.DeskTool;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sqlite.JDBC;
import org.sqlite.util.LibraryLoaderUtil;
import picocli.CommandLine;

/**
 * For the script, which lets the JVM keep the classes of this run for later starts: serves a small installation and calls it a few times.
 * The demo would do, too, but every class that is kept takes memory from every process that starts with it, and what only the demo
 * needs (its database, its client) is a third of all.
 */
final class WarmUp {
    private static final String REVISION = "2026-07-28";
    private static final String TOOL = "system.lookup";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private WarmUp() {}

    /**
     * @param libraries where the libraries go that are not of Java
     * @return an exit code: 0 if the allowed call was answered
     */
    static int run(Path libraries) {
        Rehearsal.begin();
        try {
            unpack(libraries);
            Path folder = Files.createTempDirectory("reeve-warm-up");
            try {
                CommandLine.ParseResult ignored =
                        Main.line(LedgerOffline::open, "serve").parseArgs("serve", "--home", folder.toString());
                return perform(folder);
            } finally {
                DemoCommand.delete(folder);
            }
        } catch (CommandException | IOException | InterruptedException e) {
            System.err.println("reeve: " + Screen.escape(String.valueOf(e.getMessage())));
            return ExitCodes.FAILED;
        }
    }

    /** SQLite for this machine. The driver would take it out of its jar at each start, and compare it byte by byte. */
    private static void unpack(Path libraries) throws IOException {
        String name = LibraryLoaderUtil.getNativeLibName();
        try (InputStream library =
                JDBC.class.getResourceAsStream(LibraryLoaderUtil.getNativeLibResourcePath() + "/" + name)) {
            if (library != null) {
                Files.createDirectories(libraries);
                Files.copy(library, libraries.resolve(name));
            }
        }
    }

    private static int perform(Path folder) throws CommandException, IOException, InterruptedException {
        DeskTool tool = DeskTool.of(
                "lookup",
                "Looks something up.",
                true,
                Json.object().put("q", DeskTool.text()).build(),
                asked -> asked);
        try (Company company = Company.open(0, List.of(Desk.of("system", tool)))) {
            ReeveConfig config = installed(folder, company.port());
            try (Serve serve = Serve.start(config, news -> {})) {
                DemoCommand.waitForPins(serve, company.names());
                String answer = calls(serve);
                return answer.startsWith("HTTP/1.1 200") && answer.contains("structuredContent")
                        ? ExitCodes.OK
                        : ExitCodes.FAILED;
            }
        }
    }

    private static ReeveConfig installed(Path folder, int port) throws CommandException, IOException {
        Files.writeString(folder.resolve("reeve.yaml"), """
                listen: { agents: "127.0.0.1:0", control: "127.0.0.1:0" }
                data: ./reeve-data
                keys: ./keys
                upstreams:
                  system: { url: "http://127.0.0.1:%d/system", definitions: trust-first-use }
                """.formatted(port));
        Files.createDirectories(folder.resolve("policies"));
        Files.writeString(folder.resolve("policies/all.yaml"), """
                agent_roles:
                  reader:
                    permissions: [ { resource: "db:crm/**", actions: [read], conditions: [short] } ]
                conditions: { short: "size(arguments.q) <= 100" }
                agents: { warm: { roles: [reader] } }
                """);
        Files.createDirectories(folder.resolve("catalog"));
        Files.writeString(
                folder.resolve("catalog/all.yaml"),
                "tools: { \"*.lookup\": { acts_on: \"db:crm/customers\", action: read } }\n");
        return ReeveFile.read(Home.of(folder, Optional.empty(), Map.of()))
                .value()
                .orElseThrow();
    }

    /** Each as a client would: what may be seen, what is denied, what is allowed. */
    private static String calls(Serve serve) throws IOException {
        String key = DemoCommand.key(serve, "warm");
        URI endpoint = URI.create(serve.agentsUrl());
        String ignored = post(endpoint, key, "tools/list", "", Json.Obj.EMPTY)
                + post(endpoint, key, "tools/call", "system.missing", Json.Obj.EMPTY);
        return post(
                endpoint, key, "tools/call", TOOL, Json.object().put("q", "a").build());
    }

    /** By a plain socket: the JDK's client would be kept, too. */
    private static String post(URI endpoint, String key, String method, String name, Json.Obj arguments)
            throws IOException {
        Json.Obj meta = Json.object()
                .put("io.modelcontextprotocol/protocolVersion", REVISION)
                .put("io.modelcontextprotocol/clientCapabilities", Json.object())
                .build();
        Json.Builder params = Json.object().put("_meta", meta);
        if (!name.isEmpty()) {
            params.put("name", name).put("arguments", arguments);
        }
        byte[] body = JsonWriter.bytes(Json.object()
                .put("jsonrpc", "2.0")
                .put("id", 1)
                .put("method", method)
                .put("params", params.build())
                .build());
        String head = "POST " + endpoint.getPath() + " HTTP/1.1\r\nHost: " + endpoint.getAuthority()
                + "\r\nConnection: close\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream"
                + "\r\nAuthorization: Bearer " + key + "\r\nMCP-Protocol-Version: " + REVISION
                + "\r\nMcp-Method: " + method + (name.isEmpty() ? "" : "\r\nMcp-Name: " + name)
                + "\r\nContent-Length: " + body.length + "\r\n\r\n";
        try (Socket socket = new Socket(endpoint.getHost(), endpoint.getPort())) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            OutputStream out = socket.getOutputStream();
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            out.write(body);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
