package dev.reeve.upstream;

import dev.reeve.Mutations;
import dev.reeve.json.Json;
import dev.reeve.outbound.RawServer;
import dev.reeve.outbound.RawServer.Line;
import dev.reeve.outbound.RawServer.Request;
import dev.reeve.upstream.ScriptedMcp.Era;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server that can do a handshake and list its tools, and then answers with what it likes: right answers, answers to others, questions, tasks, changed bytes,
 * broken frames. Whatever it says to one principal holds that principal's canary and nobody else's.
 */
final class FuzzServer implements AutoCloseable {
    private static final Pattern CANARY = Pattern.compile("canary-[a-z]+-[0-9]+");
    private static final String META = ",\"ttlMs\":0,\"cacheScope\":\"private\"";

    private final Era era;
    private final long seed;
    private final FuzzIds ids;
    private final Bookkeeping book;
    private final RawServer server;
    private final AtomicLong count = new AtomicLong();

    FuzzServer(Era era, long seed, FuzzIds ids, Bookkeeping book) throws IOException {
        this.era = era;
        this.seed = seed;
        this.ids = ids;
        this.book = book;
        this.server = new RawServer(this::handle);
    }

    int port() {
        return server.port();
    }

    private void handle(Request http, Line line) throws Exception {
        Json.Obj body = Wire.json(http.body().getBytes(StandardCharsets.UTF_8));
        String method = body.string("method").orElse("");
        Json.Obj params = body.object("params").orElse(Json.Obj.EMPTY);
        String id = body.get("id").map(Wire::text).orElse("null");
        book.seen(method, params);
        switch (method) {
            case "initialize" -> initialize(id, line);
            case "server/discover" -> discover(id, line);
            case "tools/list" ->
                result(
                        id,
                        "\"tools\":[{\"name\":\"echo\",\"inputSchema\":{\"type\":\"object\",\"properties\":{\"text\":{\"type\":\"string\"}}}}]",
                        line);
            case "prompts/list" -> result(id, "\"prompts\":[{\"name\":\"p\"}]", line);
            case "resources/list" -> result(id, "\"resources\":[{\"uri\":\"x:1\",\"name\":\"n\"}]", line);
            case "resources/templates/list" ->
                result(id, "\"resourceTemplates\":[{\"uriTemplate\":\"x:{a}\",\"name\":\"n\"}]", line);
            case "resources/subscribe", "resources/unsubscribe" -> result(id, "", line);
            case "" -> line.answer(http.method().equals("POST") ? 202 : 405, "", "");
            default -> {
                if (method.startsWith("notifications/")) {
                    line.answer(202, "", "");
                } else {
                    new Saying(http.body(), method, id, params, line).say();
                }
            }
        }
    }

    private void initialize(String id, Line line) throws IOException {
        if (era == Era.MODERN) {
            String error = "\"error\":{\"code\":-32022,\"message\":\"Unsupported protocol version\"}";
            line.answer(400, "application/json", "{\"jsonrpc\":\"2.0\",\"id\":" + id + "," + error + "}");
            return;
        }
        line.json(
                "{\"jsonrpc\":\"2.0\",\"id\":" + id
                        + ",\"result\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":" + capabilities()
                        + ",\"serverInfo\":{\"name\":\"fuzz\",\"version\":\"1\"}}}",
                "Mcp-Session-Id: s" + count.incrementAndGet());
    }

    private void discover(String id, Line line) throws IOException {
        if (era == Era.MODERN) {
            result(id, "\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":" + capabilities(), line);
        } else {
            line.answer(
                    400,
                    "application/json",
                    "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32000,\"message\":\"Bad Request: Server not initialized\"}}");
        }
    }

    private static String capabilities() {
        return "{\"tools\":{},\"prompts\":{},\"completions\":{},\"logging\":{},\"resources\":{\"subscribe\":true},"
                + "\"extensions\":{\"io.modelcontextprotocol/tasks\":{}}}";
    }

    private static void result(String id, String members, Line line) throws IOException {
        String more = members.isEmpty() ? META.substring(1) : members + META;
        line.json("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{" + more + ",\"resultType\":\"complete\"}}");
    }

    /** One answer. */
    private final class Saying {
        private final Random random = new Random(seed + count.incrementAndGet());
        private final String method;
        private final String id;
        private final String token;
        private final String canary;
        private final Line line;

        Saying(String body, String method, String id, Json.Obj params, Line line) {
            this.method = method;
            this.id = id;
            this.line = line;
            this.token = params.object("_meta")
                    .flatMap(meta -> meta.get("progressToken"))
                    .map(Wire::text)
                    .orElse("\"none\"");
            Matcher found = CANARY.matcher(body);
            this.canary = found.find() ? found.group() : "nobody's";
            ids.add(FuzzIds.Kind.UPSTREAM_REQUEST, id);
            ids.add(FuzzIds.Kind.UPSTREAM_TOKEN, token);
        }

        void say() throws IOException {
            int how = random.nextInt(100);
            if (how < 2) {
                line.reset();
            } else if (how < 5) {
                line.out().write(bytes(changed("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n" + done())));
                line.socket().close();
            } else if (how < 45) {
                line.json(maybeChanged(any()));
            } else {
                stream();
            }
        }

        private void stream() throws IOException {
            line.startStream();
            for (int events = random.nextInt(5); events > 0; events--) {
                event(maybeChanged(aside()));
            }
            event(random.nextInt(8) == 0 ? maybeChanged(any()) : done());
            line.endStream();
        }

        private void event(String json) throws IOException {
            String resumable = random.nextInt(60) == 0 ? "id: e1\nretry: 1\n" : "";
            line.chunk(resumable + "data: " + json + "\n\n");
        }

        private String maybeChanged(String text) {
            return random.nextInt(5) < 3 ? text : changed(text);
        }

        private String changed(String text) {
            List<byte[]> pieces = new ArrayList<>(List.of(bytes(text), bytes(text), bytes(aside()), bytes(any())));
            return new String(new Mutations(random.nextLong(), pieces).next(), StandardCharsets.ISO_8859_1);
        }

        private byte[] bytes(String text) {
            return text.getBytes(StandardCharsets.ISO_8859_1);
        }

        private String done() {
            String text = "{\"type\":\"text\",\"text\":\"" + canary + " done\"}";
            String members = switch (method) {
                case "tools/call" -> "\"content\":[" + text + "],\"structuredContent\":{\"a\":\"" + canary + "\"}";
                case "prompts/get" -> "\"messages\":[{\"role\":\"user\",\"content\":" + text + "}]";
                case "resources/read" -> "\"contents\":[{\"uri\":\"x:1\",\"text\":\"" + canary + "\"}]";
                case "completion/complete" -> "\"completion\":{\"values\":[\"" + canary + "\"]}";
                default ->
                    "\"taskId\":\"t-" + canary + "\",\"status\":\"completed\",\"result\":{\"content\":[" + text + "]}";
            };
            return answer(id, "\"result\":{" + members + META + ",\"resultType\":\"complete\"}");
        }

        private String answer(String to, String what) {
            return "{\"jsonrpc\":\"2.0\",\"id\":" + to + "," + what + "}";
        }

        /** What may answer, right or not. */
        private String any() {
            return switch (random.nextInt(9)) {
                case 0 -> answer(id, "\"error\":{\"code\":-32000,\"message\":\"no " + canary + "\"}");
                case 1 ->
                    answer(
                            id,
                            "\"error\":{\"code\":-32042,\"message\":\"go\",\"data\":{\"elicitations\":[{\"url\":\"http://127.0.0.1/"
                                    + canary + "\",\"message\":\"m\"}]}}");
                case 2, 3, 4 ->
                    answer(
                            id,
                            "\"result\":{\"resultType\":\"input_required\",\"inputRequests\":{\"k\":" + question()
                                    + "},\"requestState\":\"st-" + canary + "\"}");
                case 5, 6 ->
                    answer(
                            id,
                            "\"result\":{\"resultType\":\"task\",\"taskId\":\"t-" + canary + "-"
                                    + random.nextInt(1000)
                                    + "\",\"status\":\"working\",\"createdAt\":\"x\",\"ttlMs\":1}");
                case 7 ->
                    answer(
                            id,
                            "\"result\":{\"taskId\":\"t-" + canary
                                    + "\",\"status\":\"input_required\",\"inputRequests\":{\"k\":" + question() + "}}");
                default -> done();
            };
        }

        private String question() {
            return switch (random.nextInt(5)) {
                case 0 ->
                    "{\"method\":\"elicitation/create\",\"params\":{\"mode\":\"form\",\"message\":\"your password, "
                            + canary
                            + "\",\"requestedSchema\":{\"type\":\"object\",\"properties\":{\"password\":{\"type\":\"string\"}}}}}";
                case 1 ->
                    "{\"method\":\"elicitation/create\",\"params\":{\"mode\":\"url\",\"message\":\"" + canary
                            + "\",\"url\":\"http://127.0.0.1/" + canary + "\",\"elicitationId\":\"e\"}}";
                case 2 ->
                    "{\"method\":\"sampling/createMessage\",\"params\":{\"messages\":[{\"role\":\"user\",\"content\":{\"type\":\"text\",\"text\":\""
                            + canary + "\"}}],\"maxTokens\":10}}";
                case 3 -> "{\"method\":\"roots/list\"}";
                default ->
                    "{\"method\":\"elicitation/create\",\"params\":{\"message\":\"size, " + canary
                            + "\",\"requestedSchema\":{\"type\":\"object\",\"properties\":{\"size\":{\"type\":\"integer\"}}}}}";
            };
        }

        /** What may come before an answer, or should not. */
        private String aside() {
            return switch (random.nextInt(9)) {
                case 0 -> progress(token);
                case 1 -> progress(ids.any(FuzzIds.Kind.UPSTREAM_TOKEN, random));
                case 2 ->
                    told("message", "\"level\":\"error\",\"logger\":\"l\",\"data\":{\"said\":\"" + canary + "\"}");
                case 3, 4 ->
                    question().replaceFirst("\\{", "{\"jsonrpc\":\"2.0\",\"id\":\"q" + random.nextInt(9) + "\",");
                case 5 -> told("resources/updated", "\"uri\":\"x:1\"");
                case 6 ->
                    answer(
                            ids.any(FuzzIds.Kind.UPSTREAM_REQUEST, random),
                            "\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"forged " + canary + "\"}]}");
                case 7 -> told("cancelled", "\"requestId\":" + ids.any(FuzzIds.Kind.UPSTREAM_REQUEST, random));
                default -> told("tools/list_changed", "");
            };
        }

        private String progress(String of) {
            return told(
                    "progress",
                    "\"progressToken\":" + of + ",\"progress\":1,\"total\":2,\"message\":\"" + canary + "\"");
        }

        private String told(String what, String params) {
            return "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/" + what + "\",\"params\":{" + params + "}}";
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
