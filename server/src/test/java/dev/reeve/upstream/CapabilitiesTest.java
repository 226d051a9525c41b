package dev.reeve.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.http.RawClient;
import dev.reeve.outbound.RawServer.Line;
import dev.reeve.upstream.ScriptedMcp.Era;
import dev.reeve.upstream.ScriptedMcp.Message;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server whose tools depend on what its client can be asked: each client sees through Reeve what it would see without. */
@Timeout(60)
final class CapabilitiesTest {
    private static final Pattern NAMES = Pattern.compile("\"name\":\"up\\.([a-z]+)\"");
    private static final String ACCEPT = "Accept: application/json, text/event-stream\r\n";

    /** What sessions said at their start. */
    private final Map<String, Boolean> askable = new ConcurrentHashMap<>();

    private final AtomicInteger sessions = new AtomicInteger();

    private ScriptedMcp server(Era era) throws IOException {
        ScriptedMcp server = new ScriptedMcp(era).on("tools/list", (message, line) -> list(era, message, line));
        return era == Era.MODERN
                ? server
                : server.on("initialize", (message, line) -> initialize(server, message, line));
    }

    private void initialize(ScriptedMcp server, Message message, Line line) throws IOException {
        String session = "c" + sessions.incrementAndGet();
        server.sessions.add(session);
        askable.put(session, message.params().toString().contains("\"elicitation\":{"));
        line.json(
                message.result("{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{}},"
                        + "\"serverInfo\":{\"name\":\"scripted\",\"version\":\"1\"}}"),
                "Mcp-Session-Id: " + session);
    }

    private void list(Era era, Message message, Line line) throws IOException {
        boolean asks = era == Era.MODERN
                ? message.params().toString().contains("\"elicitation\":{")
                : askable.getOrDefault(message.http().headers().get("mcp-session-id"), false);
        String own = asks ? tool("form", "") : tool("plain", "");
        line.json(message.result("{\"tools\":[" + tool("echo", "") + "," + own + ","
                + tool("two", asks ? "asks first" : "just does it") + "]}"));
    }

    private static String tool(String name, String description) {
        return "{\"name\":\"" + name + "\",\"description\":\"" + description
                + "\",\"inputSchema\":{\"type\":\"object\"}}";
    }

    private static List<String> tools(Through through, Era era, String capabilities) throws IOException {
        String meta = era == Era.MODERN
                ? "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
                        + "\"io.modelcontextprotocol/clientCapabilities\":" + capabilities + "}"
                : "";
        String headers = era == Era.MODERN
                ? "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/list\r\n"
                : session(through, capabilities);
        String body = send(
                        through,
                        headers,
                        "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/list\",\"params\":{" + meta + "}}")
                .body();
        List<String> names = new ArrayList<>();
        NAMES.matcher(body).results().forEach(found -> names.add(found.group(1)));
        return names;
    }

    private static String session(Through through, String capabilities) throws IOException {
        String body =
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\","
                        + "\"capabilities\":" + capabilities + ",\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}";
        return "Mcp-Session-Id: " + send(through, "", body).headers().get("mcp-session-id") + "\r\n";
    }

    private static RawClient.Answer send(Through through, String headers, String body) throws IOException {
        try (RawClient client = new RawClient(through.address())) {
            return client.send("POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" + ACCEPT
                            + headers + "Content-Length: " + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n"
                            + body)
                    .read();
        }
    }

    @ParameterizedTest
    @EnumSource(Era.class)
    void eachClientSeesWhatTheServerShowsToItsLike(Era era) throws IOException {
        try (ScriptedMcp server = server(era);
                Through through = new Through(House.http(server.url()))) {
            for (Era client : Era.values()) {
                assertEquals(List.of("echo", "form", "two"), tools(through, client, "{\"elicitation\":{\"form\":{}}}"));
                // `two` is described in other words to those who cannot be asked, and only one description can be
                // pinned.
                assertEquals(List.of("echo", "plain"), tools(through, client, "{}"));
            }
            assertTrue(through.definitions.tool("up", "form").isPresent());
            assertTrue(through.definitions.tool("up", "plain").isPresent());
        }
    }

    /** As most servers are: then the pins are the list, and no server is asked for one. */
    @ParameterizedTest
    @EnumSource(Era.class)
    void aServerThatShowsTheSameToEverybodyIsNotAskedAgain(Era era) throws IOException {
        try (ScriptedMcp server = new ScriptedMcp(era);
                Through through = new Through(House.http(server.url()))) {
            long before = server.count("tools/list");
            assertEquals(List.of("echo"), tools(through, Era.MODERN, "{\"elicitation\":{}}"));
            assertEquals(before, server.count("tools/list"));
            assertFalse(server.messages.stream()
                    .anyMatch(message -> message.method().equals("server/discover")
                            && !message.params().toString().contains("\"elicitation\":{")));
        }
    }
}
