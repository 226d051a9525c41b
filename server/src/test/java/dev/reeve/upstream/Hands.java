package dev.reeve.upstream;

import dev.reeve.json.Json;
import dev.reeve.upstream.Wire.Came;
import dev.reeve.upstream.Wire.Sent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Somebody with a key on one route, who speaks 2026-07-28 and, in a session of his own, 2025-11-25. */
final class Hands implements AutoCloseable {
    private static final String CAPABILITIES = "{\"elicitation\":{\"form\":{},\"url\":{}},\"sampling\":{},\"roots\":{},"
            + "\"extensions\":{\"io.modelcontextprotocol/tasks\":{}}}";

    private final Through through;
    private final String key;
    private final String path;
    private final Wire wire;
    private String session = "";

    Hands(Through through, String key, String path) throws IOException {
        this.through = through;
        this.key = key;
        this.path = path;
        this.wire = new Wire(through.address());
    }

    static Hands of(Through through, String key) throws IOException {
        return new Hands(through, key, "/mcp");
    }

    String key() {
        return key;
    }

    /** A tool's name on this route. */
    String named(String tool) {
        return path.equals("/mcp") ? "up." + tool : tool;
    }

    String uri(String uri) {
        return path.equals("/mcp") ? "reeve://up/" + uri : uri;
    }

    static String message(int id, String method, String params) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":{" + params + "}}";
    }

    Sent modern(int id, String method, String params, String meta) {
        String envelope = "\"_meta\":{" + meta + (meta.isEmpty() ? "" : ",")
                + "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
                + "\"io.modelcontextprotocol/clientCapabilities\":" + CAPABILITIES + "}";
        return Sent.post(key, message(id, method, params + (params.isEmpty() ? "" : ",") + envelope))
                .modern()
                .to(path);
    }

    /** What 2026-07-28 answers to one request. */
    Json.Obj modern(String method, String params) throws IOException {
        return answer(wire.send(modern(1, method, params, "")));
    }

    static Json.Obj answer(Came came) {
        String text = came.streams() ? Wire.data(last(came.body())) : came.body();
        return Wire.json(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String last(String events) {
        return events.substring(Math.max(0, events.lastIndexOf("data: ")));
    }

    String session() throws IOException {
        if (session.isEmpty()) {
            session = initialize();
        }
        return session;
    }

    String initialize() throws IOException {
        Came came = wire.send(Sent.post(
                        key,
                        message(
                                0,
                                "initialize",
                                "\"protocolVersion\":\"2025-11-25\",\"capabilities\":" + CAPABILITIES
                                        + ",\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}"))
                .to(path));
        return Optional.ofNullable(came.headers().get("mcp-session-id")).orElseThrow();
    }

    /** A message in this one's own session. */
    Sent legacy(String body) throws IOException {
        return in(session(), body);
    }

    Sent in(String someSession, String body) {
        return Sent.post(key, body).to(path).with("Mcp-Session-Id", someSession);
    }

    Sent get() throws IOException {
        return Sent.get(key).to(path).with("Mcp-Session-Id", session());
    }

    Came send(Sent sent) throws IOException {
        return wire.send(sent);
    }

    /** On a connection of its own, read no further than the head. */
    Wire begin(Sent sent) throws IOException {
        Wire other = new Wire(through.address());
        Came ignored = other.begin(sent);
        return other;
    }

    /** The status of an answer that is not read. */
    int status(Sent sent) throws IOException {
        try (Wire other = new Wire(through.address())) {
            return other.begin(sent).status();
        }
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }
}
