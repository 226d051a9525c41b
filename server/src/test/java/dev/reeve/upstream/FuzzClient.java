package dev.reeve.upstream;

import dev.reeve.Mutations;
import dev.reeve.json.Json;
import dev.reeve.upstream.FuzzIds.Kind;
import dev.reeve.upstream.Wire.Came;
import dev.reeve.upstream.Wire.Sent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One principal with a client of one revision, which says right things, changed things, and things with ids of others. Everything that it receives is searched
 * for the canaries of others.
 */
final class FuzzClient implements AutoCloseable {
    private static final int MOST_STREAMS = 3;
    private static final List<String> SERVERS = List.of("modern", "legacy", "shared");

    private final Through through;
    private final FuzzIds ids;
    private final Random random;
    private final String key;
    private final String revision;
    private final String canary;
    private final Deque<Wire> streams = new ArrayDeque<>();
    /** What came, and how often. */
    final Map<String, Integer> seen = new ConcurrentHashMap<>();
    /** What may never come. */
    final List<String> wrong = new java.util.concurrent.CopyOnWriteArrayList<>();

    private Wire wire;
    private Wire aside;
    private String session = "none";
    private long count;

    FuzzClient(Through through, FuzzIds ids, long seed, String key, String revision) throws IOException {
        this.through = through;
        this.ids = ids;
        this.random = new Random(seed);
        this.key = key;
        this.revision = revision;
        this.canary = canary(key);
        this.wire = new Wire(through.address());
        this.aside = new Wire(through.address());
        begin();
    }

    private boolean isModern() {
        return revision.equals("2026-07-28");
    }

    private void begin() throws IOException {
        if (isModern()) {
            return;
        }
        Came came = exchange(Sent.post(
                key,
                "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"" + revision
                        + "\",\"capabilities\":" + capabilities()
                        + ",\"clientInfo\":{\"name\":\"c\",\"version\":\"1\"}}}"));
        session = came.headers().getOrDefault("mcp-session-id", "none");
        ids.add(Kind.SESSION, session);
    }

    private static String capabilities() {
        return "{\"elicitation\":{\"form\":{},\"url\":{}},\"sampling\":{},\"roots\":{},"
                + "\"extensions\":{\"io.modelcontextprotocol/tasks\":{}}}";
    }

    /** One message and what comes of it. */
    void round() throws IOException {
        count++;
        try {
            if (!isModern() && random.nextInt(500) == 0) {
                begin();
            }
            int what = random.nextInt(100);
            if (what < 4) {
                stream();
            } else if (what < 10 && !isModern()) {
                resume();
            } else {
                exchange(sent(random.nextBoolean() ? message() : changed()));
            }
        } catch (java.net.SocketTimeoutException e) {
            wrong.add("no answer at all in time");
            throw e;
        } catch (IOException e) {
            count("closed");
            wire.close();
            wire = new Wire(through.address());
        }
    }

    /** The session may be somebody else's. */
    private Sent sent(String body) {
        Sent sent = Sent.post(key, body).to(random.nextInt(10) == 0 ? "/mcp/" + server() : "/mcp");
        return isModern() ? sent.modern() : sent.with("Mcp-Session-Id", session());
    }

    private String session() {
        return random.nextInt(12) == 0 ? ids.any(Kind.SESSION, random) : session;
    }

    private Came exchange(Sent sent) throws IOException {
        Came came = wire.send(sent, this::event);
        count("http " + came.status());
        read(came.body());
        if (!came.streams() && came.status() == 404 && !isModern()) {
            begin();
        }
        return came;
    }

    private void read(String text) {
        ids.read(text);
        if (text.contains("this is a bug")) {
            wrong.add("a bug: " + text);
        }
        int at = text.indexOf("canary-");
        while (at >= 0) {
            if (text.startsWith(canary, at)) {
                count("canary");
            } else if (isWhole(text, at)) {
                wrong.add(key + " sees what is not its own: "
                        + text.substring(Math.max(0, at - 200), Math.min(text.length(), at + 100)));
            }
            at = text.indexOf("canary-", at + 1);
        }
    }

    /** Bytes of one's own may have been changed; then it is nobody's. */
    private boolean isWhole(String text, int at) {
        return Strangers.ALL.stream().map(FuzzClient::canary).anyMatch(one -> text.startsWith(one, at));
    }

    static String canary(String key) {
        return "canary-" + key.split("_", 4)[2] + "-" + Math.floorMod(key.hashCode(), 100_000);
    }

    /** A question on a stream is answered, rightly in the end. */
    private void event(String piece) {
        read(piece);
        Json.Obj said = Wire.json(Wire.data(piece).getBytes(StandardCharsets.UTF_8));
        if (!said.has("method")) {
            return;
        }
        count(said.string("method").orElse(""));
        String id = said.string("id").orElse("");
        if (!id.isEmpty() && !isModern()) {
            ids.add(Kind.QUESTION, id);
            answer(id);
        }
    }

    private void answer(String id) {
        try {
            String right = "{\"jsonrpc\":\"2.0\",\"id\":\"" + id + "\",\"result\":" + reply() + "}";
            if (random.nextInt(3) == 0) {
                Came first = aside.send(answering(changed(right)));
                read(first.body());
                Came others = aside.send(answering(right.replace(id, ids.any(Kind.QUESTION, random))));
                read(others.body());
            }
            read(aside.send(answering(right)).body());
        } catch (IOException e) {
            count("answer closed");
            try {
                aside.close();
                aside = new Wire(through.address());
            } catch (IOException again) {
                wrong.add("cannot connect any more: " + again);
            }
        }
    }

    private Sent answering(String body) {
        return Sent.post(key, body).with("Mcp-Session-Id", session);
    }

    private String reply() {
        return switch (random.nextInt(4)) {
            case 0 -> "{\"action\":\"accept\",\"content\":{\"size\":\"" + canary + "\"}}";
            case 1 -> "{\"action\":\"decline\"}";
            case 2 ->
                "{\"role\":\"assistant\",\"model\":\"m\",\"content\":{\"type\":\"text\",\"text\":\"" + canary + "\"}}";
            default -> "{\"roots\":[{\"uri\":\"file:///" + canary + "\"}]}";
        };
    }

    /** A stream stays open for a while; what came on it is read when it ends. */
    private void stream() throws IOException {
        Wire one = new Wire(through.address());
        Sent sent = isModern()
                ? Sent.post(
                                key,
                                request(
                                        "subscriptions/listen",
                                        "\"notifications\":{\"toolsListChanged\":true,\"resourcesListChanged\":true,\"resourceSubscriptions\":[\"reeve://"
                                                + server() + "/x:1\"]}"))
                        .modern()
                : Sent.get(key).with("Mcp-Session-Id", session());
        count("stream " + one.begin(sent).status());
        streams.add(one);
        if (streams.size() > MOST_STREAMS) {
            try (Wire oldest = streams.removeFirst()) {
                read(oldest.soFar());
            }
        }
    }

    private void resume() throws IOException {
        Sent sent = Sent.get(key)
                .with("Mcp-Session-Id", session())
                .with("Last-Event-ID", ids.any(Kind.EVENT, random).replaceAll("-\\d+$", "-0"));
        try (Wire one = new Wire(through.address())) {
            Came head = one.begin(sent);
            count("resumed " + head.status());
            if (head.streams()) {
                read(one.piece());
            }
        }
    }

    private String server() {
        // Servers of the other tenant are tried, too, but there is less to be found.
        boolean other = random.nextInt(10) == 0;
        return key.contains("_other_") != other ? "elsewhere" : SERVERS.get(random.nextInt(3));
    }

    /** A value where another one belongs. */
    private record Odd(String value) {
        private static final java.util.regex.Pattern VALUE =
                java.util.regex.Pattern.compile(":(\"[^\"]*\"|[0-9]+|\\{\\}|\\[\\])");

        String in(String text, Random random) {
            List<java.util.regex.MatchResult> values =
                    VALUE.matcher(text).results().toList();
            if (values.isEmpty()) {
                return text;
            }
            java.util.regex.MatchResult one = values.get(random.nextInt(values.size()));
            return text.substring(0, one.start(1)) + value + text.substring(one.end(1));
        }
    }

    private static final List<Odd> ODD = java.util.stream.Stream.of(
                    "null",
                    "true",
                    "-1",
                    "1.5",
                    "1e99",
                    "\"\"",
                    "[]",
                    "{}",
                    "[[[]]]",
                    "\"\\u0000\\u202e\"",
                    "\"" + "x".repeat(300) + "\"",
                    "9007199254740993",
                    "{\"a\":{\"b\":[1,\"c\"]}}")
            .map(Odd::new)
            .toList();

    private String changed() {
        return changed(message());
    }

    /** A value is another one, or bytes are. */
    private String changed(String text) {
        if (random.nextBoolean()) {
            return ODD.get(random.nextInt(ODD.size())).in(text, random);
        }
        List<byte[]> pieces = List.of(bytes(text), bytes(text), bytes(message()), bytes(message()));
        return new String(new Mutations(random.nextLong(), pieces).next(), StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private String message() {
        if (revision.equals("2025-03-26") && random.nextInt(4) == 0) {
            return "[" + one() + "," + one() + "]";
        }
        return one();
    }

    private String one() {
        return switch (random.nextInt(20)) {
            case 0 -> request("tools/list", random.nextBoolean() ? "" : "\"cursor\":\"" + id(Kind.CURSOR) + "\"");
            case 1 -> request("resources/read", "\"uri\":\"reeve://" + server() + "/x:" + canary + "-" + count + "\"");
            case 2 ->
                request(
                        "prompts/get",
                        "\"name\":\"" + server() + ".p\",\"arguments\":{\"a\":\"" + canary + "-" + count + "\"}");
            case 3 ->
                request(
                        "completion/complete",
                        "\"ref\":{\"type\":\"ref/prompt\",\"name\":\"" + server()
                                + ".p\"},\"argument\":{\"name\":\"a\",\"value\":\"" + canary + "\"}");
            case 4, 5 -> request(random.nextBoolean() ? "tasks/get" : "tasks/cancel", task());
            case 6 -> request("tasks/update", task() + ",\"inputResponses\":{\"k\":" + reply() + "}");
            case 7 ->
                isModern()
                        ? call("")
                        : request(
                                random.nextBoolean() ? "resources/subscribe" : "resources/unsubscribe",
                                "\"uri\":\"reeve://" + server() + "/x:1\"");
            case 8 ->
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":"
                        + random.nextInt(50) + "}}";
            case 9 -> "{\"jsonrpc\":\"2.0\",\"id\":\"" + id(Kind.QUESTION) + "\",\"result\":" + reply() + "}";
            case 10, 11, 12 ->
                call(
                        isModern()
                                ? ",\"requestState\":\"" + id(Kind.STATE) + "\",\"inputResponses\":{\"k\":" + reply()
                                        + "}"
                                : "");
            case 13 -> request("logging/setLevel", "\"level\":\"debug\"");
            default -> call("");
        };
    }

    private String task() {
        return "\"taskId\":\"" + id(Kind.TASK) + "\"";
    }

    /** Any id, now and then of another kind. */
    private String id(Kind kind) {
        Kind[] all = Kind.values();
        return ids.any(random.nextInt(20) == 0 ? all[random.nextInt(all.length)] : kind, random)
                .replace("\"", "");
    }

    private String call(String more) {
        // Few texts, so that a state that comes back often finds the arguments that it is bound to.
        return request(
                "tools/call",
                "\"name\":\"" + server() + ".echo\",\"arguments\":{\"text\":\"" + canary + "-"
                        + (more.isEmpty() ? count % 2 : random.nextInt(2)) + "\"}" + more);
    }

    private String request(String method, String params) {
        String meta = "\"progressToken\":\"p" + count + "\"";
        String envelope = isModern()
                ? ",\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":"
                        + capabilities() + ",\"io.modelcontextprotocol/logLevel\":\"debug\""
                : "";
        return "{\"jsonrpc\":\"2.0\",\"id\":" + random.nextInt(50) + ",\"method\":\"" + method + "\",\"params\":{"
                + params + (params.isEmpty() ? "" : ",") + "\"_meta\":{" + meta + envelope + "}}}";
    }

    private void count(String what) {
        seen.merge(what, 1, Integer::sum);
    }

    @Override
    public void close() throws IOException {
        for (Wire stream : streams) {
            read(stream.soFar());
            stream.close();
        }
        wire.close();
        aside.close();
    }
}
