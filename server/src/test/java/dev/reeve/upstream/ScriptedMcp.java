package dev.reeve.upstream;

import dev.reeve.json.Json;
import dev.reeve.outbound.RawServer;
import dev.reeve.outbound.RawServer.Line;
import dev.reeve.outbound.RawServer.Request;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.StrictJson;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A small MCP server over HTTP in either revision. Methods that a test scripts are answered by the script, all others as usual. */
final class ScriptedMcp implements AutoCloseable {
    enum Era {
        LEGACY,
        MODERN
    }

    /** One message as it came. */
    record Message(Request http, Json.Obj body, String method, Json id) {
        Json.Obj params() {
            return body.object("params").orElse(Json.Obj.EMPTY);
        }

        String result(String result) {
            return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + "}";
        }

        String error(int code, String message) {
            return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"error\":{\"code\":" + code + ",\"message\":\"" + message
                    + "\"}}";
        }

        String token() {
            return String.valueOf(params().object("_meta")
                    .orElse(Json.Obj.EMPTY)
                    .get("progressToken")
                    .orElse(Json.Null.NULL));
        }
    }

    /** Answers one method. */
    interface Script {
        void answer(Message message, Line line) throws Exception;
    }

    private final Era era;
    private final RawServer server;
    private final Map<String, Script> scripts = new ConcurrentHashMap<>();
    private final AtomicInteger sessionIds = new AtomicInteger();
    final Set<String> sessions = ConcurrentHashMap.newKeySet();
    final List<Message> messages = new CopyOnWriteArrayList<>();
    final BlockingQueue<Message> arrivals = new LinkedBlockingQueue<>();
    volatile String capabilities = "{\"tools\":{},\"resources\":{},\"prompts\":{}}";

    ScriptedMcp(Era era) throws IOException {
        this(era, 0);
    }

    ScriptedMcp(Era era, int port) throws IOException {
        this.era = era;
        this.server = new RawServer(port, this::handle);
    }

    ScriptedMcp on(String method, Script script) {
        scripts.put(method, script);
        return this;
    }

    int port() {
        return server.port();
    }

    String url() {
        return "http://127.0.0.1:" + port() + "/mcp";
    }

    int connections() {
        return server.connections();
    }

    long count(String method) {
        return messages.stream().filter(it -> it.method().equals(method)).count();
    }

    Message awaitMessage(String method) throws InterruptedException {
        while (true) {
            Message message = arrivals.poll(10, java.util.concurrent.TimeUnit.SECONDS);
            if (message == null) {
                throw new AssertionError("no `" + method + "` came");
            }
            if (message.method().equals(method)) {
                return message;
            }
        }
    }

    void hangUp() throws IOException {
        server.hangUp();
    }

    private void handle(Request http, Line line) throws Exception {
        Json.Obj body = http.body().isEmpty()
                ? Json.Obj.EMPTY
                : StrictJson.readObject(
                        http.body().getBytes(java.nio.charset.StandardCharsets.UTF_8), JsonLimits.ANSWER);
        String method = body.string("method").orElse(body.has("id") ? "(response)" : http.method());
        Message message = new Message(http, body, method, body.get("id").orElse(Json.Null.NULL));
        messages.add(message);
        arrivals.add(message);
        Script script = scripts.get(method);
        if (script != null) {
            script.answer(message, line);
        } else if (era == Era.MODERN) {
            modern(message, line);
        } else {
            legacy(message, line);
        }
    }

    private void modern(Message message, Line line) throws IOException {
        String meta = ",\"resultType\":\"complete\",\"ttlMs\":0,\"cacheScope\":\"private\","
                + "\"_meta\":{\"io.modelcontextprotocol/serverInfo\":{\"name\":\"scripted\",\"version\":\"1\"}}";
        switch (message.method()) {
            case "server/discover" ->
                line.json(message.result(
                        "{\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":" + capabilities + meta + "}"));
            case "tools/call" ->
                line.json(message.result("{\"content\":[{\"type\":\"text\",\"text\":\"done\"}]" + meta + "}"));
            case "initialize" ->
                line.answer(400, "application/json", message.error(-32022, "Unsupported protocol version"));
            default -> common(message, line, meta);
        }
    }

    private void legacy(Message message, Line line) throws IOException {
        String session = message.http().headers().getOrDefault("mcp-session-id", "");
        if (message.method().equals("initialize")) {
            String fresh = "s" + sessionIds.incrementAndGet();
            sessions.add(fresh);
            line.json(
                    message.result("{\"protocolVersion\":\"2025-11-25\",\"capabilities\":" + capabilities
                            + ",\"serverInfo\":{\"name\":\"scripted\",\"version\":\"1\"}}"),
                    "Mcp-Session-Id: " + fresh);
        } else if (session.isEmpty()) {
            line.answer(
                    400,
                    "application/json",
                    "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32000,\"message\":\"Bad Request: Server not initialized\"}}");
        } else if (!sessions.contains(session)) {
            line.answer(
                    404,
                    "application/json",
                    "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32001,\"message\":\"Session not found\"}}");
        } else if (message.method().equals("tools/call")) {
            line.startStream();
            line.event(message.result("{\"content\":[{\"type\":\"text\",\"text\":\"done\"}]}"));
            line.endStream();
        } else if (message.method().equals("DELETE")) {
            sessions.remove(session);
            line.answer(200, "", "");
        } else {
            common(message, line, "");
        }
    }

    private static void common(Message message, Line line, String meta) throws IOException {
        switch (message.method()) {
            case "tools/list" ->
                line.json(message.result(
                        "{\"tools\":[{\"name\":\"echo\",\"inputSchema\":{\"type\":\"object\"}}]" + meta + "}"));
            case "resources/read" ->
                line.json(message.result("{\"contents\":[{\"uri\":\"x:1\",\"text\":\"one\"}]" + meta + "}"));
            case "prompts/get" -> line.json(message.result("{\"messages\":[]" + meta + "}"));
            case "(response)", "notifications/initialized", "notifications/cancelled" -> line.answer(202, "", "");
            case "GET" -> line.answer(405, "", "");
            default -> line.answer(200, "application/json", message.error(-32601, "Method not found"));
        }
    }

    /** As {@link #close}, in the middle of a test. */
    void stop() throws IOException {
        server.close();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
