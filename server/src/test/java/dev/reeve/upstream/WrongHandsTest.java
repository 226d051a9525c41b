package dev.reeve.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.Waiting;
import dev.reeve.adapter.mcp.McpLimits;
import dev.reeve.json.Json;
import dev.reeve.outbound.RawServer.Line;
import dev.reeve.upstream.ScriptedMcp.Era;
import dev.reeve.upstream.ScriptedMcp.Message;
import dev.reeve.upstream.Wire.Sent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every id that somebody is given, in the hands of another tenant, another agent, the same agent with another key, on another route, used again and guessed:
 * it does nothing, says nothing that a made-up one would not say (R10), and still works for the one whose it is (R13, R20).
 */
@Timeout(180)
final class WrongHandsTest {
    private static final String MADE_UP = "made-up-0";

    private final CountDownLatch release = new CountDownLatch(1);
    private final List<AutoCloseable> open = new ArrayList<>();
    private final Map<String, String> tokens = new ConcurrentHashMap<>();
    private ScriptedMcp mcp;
    private Through through;

    /** Gets an id. */
    interface Take {
        String by(WrongHandsTest test, Hands owner) throws Exception;
    }

    /** Tries an id and says what it did; {@code yes} if it worked. */
    interface Use {
        String by(WrongHandsTest test, Hands holder, String id) throws Exception;
    }

    /** @param once it works no second time */
    record Row(String what, boolean once, Take take, Use use) {
        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Row> ids() {
        return Stream.of(
                new Row("session", false, (test, owner) -> owner.initialize(), (test, holder, id) -> {
                    Wire.Came came = holder.send(holder.in(id, Hands.message(3, "ping", "")));
                    return came.status() == 200 ? "yes" : came.body();
                }),
                new Row("cursor", false, WrongHandsTest::cursor, (test, holder, id) -> {
                    Json.Obj answer = holder.modern("tools/list", "\"cursor\":\"" + id + "\"");
                    return answer.has("result") ? "yes" : Wire.text(answer);
                }),
                new Row("requestState", true, WrongHandsTest::state, WrongHandsTest::round),
                new Row("task", false, WrongHandsTest::task, (test, holder, id) -> {
                    Json.Obj answer = holder.modern("tasks/get", "\"taskId\":\"" + id + "\"");
                    return answer.has("result") ? "yes" : Wire.text(answer);
                }),
                new Row("question", true, WrongHandsTest::question, WrongHandsTest::answer),
                new Row("event", false, WrongHandsTest::event, (test, holder, id) -> {
                    int status = holder.status(holder.get().with("Last-Event-ID", id));
                    return status == 200 ? "yes" : "status " + status;
                }));
    }

    @BeforeEach
    void start() throws IOException {
        mcp = new ScriptedMcp(Era.MODERN);
        mcp.on("tools/list", (message, line) -> line.json(message.result(tools(0))));
        mcp.on("tools/call", this::call);
        mcp.on(
                "tasks/get",
                (message, line) -> line.json(
                        message.result(
                                "{\"taskId\":\"t-1\",\"status\":\"working\",\"createdAt\":\"x\",\"resultType\":\"complete\"}")));
        through = new Through(
                Strangers.byKey(),
                Optional.empty(),
                Duration.ofSeconds(20),
                List.of(
                        Strangers.server("up", "default", mcp.port(), false, UpstreamLimits.USUAL),
                        Strangers.server("theirs", "other", mcp.port(), false, UpstreamLimits.USUAL)));
    }

    @AfterEach
    void stop() throws Exception {
        release.countDown();
        for (AutoCloseable one : open) {
            one.close();
        }
        through.close();
        mcp.close();
    }

    private static String tools(int more) {
        StringBuilder all = new StringBuilder();
        for (String name : List.of("echo", "ask", "work", "wait")) {
            all.append(all.isEmpty() ? "" : ",").append(tool(name));
        }
        for (int i = 0; i < more; i++) {
            all.append(',').append(tool("more" + i));
        }
        return "{\"tools\":[" + all + "],\"ttlMs\":0,\"cacheScope\":\"private\",\"resultType\":\"complete\"}";
    }

    private static String tool(String name) {
        return "{\"name\":\"" + name + "\",\"inputSchema\":{\"type\":\"object\"}}";
    }

    private void call(Message message, Line line) throws Exception {
        String text = "\"content\":[{\"type\":\"text\",\"text\":\"done\"}],\"resultType\":\"complete\"";
        switch (message.params().string("name").orElse("")) {
            case "ask" ->
                line.json(
                        message.result(
                                message.params().has("inputResponses")
                                        ? "{" + text + "}"
                                        : "{\"resultType\":\"input_required\",\"inputRequests\":{\"k\":{\"method\":\"elicitation/create\",\"params\":{\"message\":\"size\",\"requestedSchema\":{\"type\":\"object\",\"properties\":{}}}}},\"requestState\":\"t-1\"}"));
            case "work" ->
                line.json(message.result(
                        "{\"resultType\":\"task\",\"taskId\":\"t-1\",\"status\":\"working\",\"createdAt\":\"x\"}"));
            case "wait" -> {
                line.startStream();
                progress(message, line, message.token());
                tokens.put(message.token(), "");
                release.await();
                // All that this server was ever given, on every stream.
                for (String token : tokens.keySet()) {
                    progress(message, line, token);
                }
                line.event(message.result("{" + text + "}"));
                line.endStream();
            }
            default -> line.json(message.result("{" + text + "}"));
        }
    }

    private static void progress(Message message, Line line, String token) throws IOException {
        line.event("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":" + token
                + ",\"progress\":1,\"message\":\"for " + message.token().replace("\"", "") + "\"}}");
    }

    private Hands hands(String key, String path) throws IOException {
        Hands hands = new Hands(through, key, path);
        open.add(hands);
        return hands;
    }

    /** Only a list of more than one page has one. */
    private static String cursor(WrongHandsTest test, Hands owner) throws IOException {
        test.mcp.on("tools/list", (message, line) -> line.json(message.result(tools(McpLimits.DEFAULT.page()))));
        test.through.pins.compare("up");
        return found(owner.modern("tools/list", ""), "nextCursor");
    }

    private static String state(WrongHandsTest test, Hands owner) throws IOException {
        return found(owner.modern("tools/call", "\"name\":\"" + owner.named("ask") + "\""), "requestState");
    }

    private static String round(WrongHandsTest test, Hands holder, String id) throws IOException {
        Json.Obj answer = holder.modern(
                "tools/call",
                "\"name\":\"" + holder.named("ask") + "\",\"requestState\":\"" + id
                        + "\",\"inputResponses\":{\"k\":{\"action\":\"accept\",\"content\":{}}}");
        return Wire.text(answer).contains("done") ? "yes" : Wire.text(answer);
    }

    private static String task(WrongHandsTest test, Hands owner) throws IOException {
        return found(owner.modern("tools/call", "\"name\":\"" + owner.named("work") + "\""), "taskId");
    }

    private static String found(Json.Obj answer, String member) {
        return answer.object("result")
                .flatMap(result -> result.string(member))
                .orElseThrow(() -> new AssertionError("no " + member + ": " + answer));
    }

    private static String question(WrongHandsTest test, Hands owner) throws IOException {
        Wire waiting = test.begin(owner, "ask");
        String asked = waiting.event();
        assertTrue(asked.contains("elicitation/create"), asked);
        return Wire.json(asked.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .string("id")
                .orElseThrow();
    }

    private static String answer(WrongHandsTest test, Hands holder, String id) throws IOException {
        long before = test.unasked();
        String body = "{\"jsonrpc\":\"2.0\",\"id\":\"" + id + "\",\"result\":{\"action\":\"accept\",\"content\":{}}}";
        Wire.Came came = holder.send(holder.legacy(body));
        return test.unasked() == before ? "yes" : "unasked " + came.status() + came.body();
    }

    private long unasked() {
        return through.refused("ana", "unasked_answer") + through.refused("bob", "unasked_answer");
    }

    private static String event(WrongHandsTest test, Hands owner) throws IOException {
        String piece = test.begin(owner, "wait").piece();
        int id = piece.indexOf("id: ");
        return piece.substring(id + 4, piece.indexOf('\n', id)).strip();
    }

    private Wire begin(Hands owner, String tool) throws IOException {
        Wire running = owner.begin(owner.legacy(Hands.message(
                7, "tools/call", "\"name\":\"" + owner.named(tool) + "\",\"_meta\":{\"progressToken\":\"mine\"}")));
        open.add(running);
        return running;
    }

    @ParameterizedTest
    @MethodSource("ids")
    void anIdWorksForTheOneWhoseItIsAndIsNothingInAllOtherHands(Row row) throws Exception {
        Hands owner = hands(Strangers.ANA, "/mcp");
        String id = row.take().by(this, owner);
        List<Hands> others = List.of(
                hands(Strangers.BOB, "/mcp"),
                hands(Strangers.ANAS_OTHER_KEY, "/mcp"),
                hands(Strangers.OTHER_TENANTS_ANA, "/mcp"),
                hands(Strangers.ANA, "/mcp/up"),
                hands(Strangers.BOB, "/mcp/up"));
        for (Hands other : others) {
            String said = row.use().by(this, other, id);
            assertNotEquals("yes", said, row + " of " + owner.key() + " in the hands of " + other.key());
            assertEquals(row.use().by(this, other, MADE_UP), said, "it tells that there is one");
        }
        String guessed = (id.charAt(0) == 'a' ? 'b' : 'a') + id.substring(1);
        assertNotEquals("yes", row.use().by(this, owner, guessed));
        assertEquals("yes", row.use().by(this, owner, id), "it is as good as before");
        String again = row.use().by(this, owner, id);
        assertEquals(!row.once(), again.equals("yes"), again);
    }

    /** Else nobody could ask for the work of who got another key, or end it. */
    @Test
    void aTaskIsAlsoOfTheKeyThatCameInThePlaceOfItsOwn() throws Exception {
        mcp.on("tasks/cancel", (message, line) -> line.json(message.result("{\"resultType\":\"complete\"}")));
        String task = task(this, hands(Strangers.ANA, "/mcp"));
        String params = "\"taskId\":\"" + task + "\"";
        Hands next = hands(Strangers.ANAS_NEXT_KEY, "/mcp");
        assertEquals(
                "working",
                next.modern("tasks/get", params)
                        .object("result")
                        .flatMap(it -> it.string("status"))
                        .orElseThrow());
        assertTrue(next.modern("tasks/cancel", params).has("result"));
        assertEquals(1, mcp.count("tasks/cancel"));
        assertTrue(hands(Strangers.ANAS_NEXT_KEY, "/mcp/up")
                .modern("tasks/cancel", params)
                .has("error"));
        String later = "\"taskId\":\"" + task(this, next) + "\"";
        assertTrue(hands(Strangers.ANA, "/mcp").modern("tasks/get", later).has("error"), "not the other way round");
    }

    @Test
    void whatTheServerCallsItselfIsNoNameHere() throws Exception {
        Hands ana = hands(Strangers.ANA, "/mcp");
        String task = task(this, ana);
        String state = state(this, ana);
        assertTrue(!task.startsWith("t-1") && !state.startsWith("t-1"), task + " " + state);
        assertTrue(ana.modern("tasks/get", "\"taskId\":\"t-1\"").has("error"));
        assertNotEquals("yes", round(this, ana, "t-1"));
    }

    /** A ticket is for the operator: in the hands of agents it opens nothing. */
    @Test
    void aTicketIsNoIdOfAnyKind() throws Exception {
        Hands ana = hands(Strangers.ANA, "/mcp");
        mcp.on("tools/call", (message, line) -> line.reset());
        String denied = Wire.text(ana.modern("tools/call", "\"name\":\"up.echo\""));
        var ticket = java.util.regex.Pattern.compile("rv_[0-9a-f-]+").matcher(denied);
        assertTrue(ticket.find(), denied);
        for (Row row : ids().toList()) {
            assertNotEquals("yes", row.use().by(this, ana, ticket.group()), row.toString());
        }
    }

    @Test
    void aRequestIdCancelsOnlyInItsOwnSession() throws Exception {
        Hands ana = hands(Strangers.ANA, "/mcp");
        Wire running = begin(ana, "wait");
        assertTrue(running.piece().contains("id: "));
        String cancel = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":7}}";
        for (String key : Strangers.ALL) {
            // Ana's own second session with the same key, too.
            Hands other = hands(key, "/mcp");
            assertEquals(202, other.send(other.legacy(cancel)).status());
            assertEquals(202, other.send(Sent.post(key, cancel).modern()).status());
            if (!key.equals(Strangers.ANA)) {
                assertEquals(404, other.send(other.in(ana.session(), cancel)).status());
            }
        }
        release.countDown();
        String last = "";
        for (String piece = running.piece(); !piece.isEmpty(); piece = running.piece()) {
            last = piece;
        }
        assertTrue(last.contains("done"), last);
    }

    @Test
    void progressGoesToItsOwnCallThoughTwoClientsUseOneToken() throws Exception {
        Wire anas = begin(hands(Strangers.ANA, "/mcp"), "wait");
        Wire bobs = begin(hands(Strangers.BOB, "/mcp"), "wait");
        Waiting.whilst(() -> tokens.size() < 2);
        release.countDown();
        List<String> all = new ArrayList<>();
        for (Wire one : List.of(anas, bobs)) {
            List<String> own = new ArrayList<>();
            for (String said = one.event(); !said.isEmpty(); said = one.event()) {
                if (said.contains("progress")) {
                    own.add(said);
                }
            }
            assertEquals(2, own.size(), "before the release and after it, each once: " + own);
            assertEquals(own.getFirst(), own.getLast());
            all.add(own.getFirst());
        }
        assertNotEquals(all.getFirst(), all.getLast());
        assertFalse(all.toString().contains("\"progressToken\":\"for"), all.toString());
    }

    @Test
    void aSubscriptionHearsOfItsOwnThoughAnotherHasTheSameId() throws Exception {
        Map<String, Line> streams = new ConcurrentHashMap<>();
        Map<String, String> streamIds = new ConcurrentHashMap<>();
        mcp.on("subscriptions/listen", (message, line) -> {
            line.startStream();
            Json.Obj wanted = message.params().object("notifications").orElse(Json.Obj.EMPTY);
            String uri = wanted.array("resourceSubscriptions").map(Wire::text).orElse("none");
            streamIds.put(uri, Wire.text(message.id()));
            streams.put(uri, line);
        });
        Wire anas = listen(Strangers.ANA, "x:1");
        Wire bobs = listen(Strangers.BOB, "x:2");
        Waiting.whilst(() -> !streams.containsKey("[\"x:1\"]") || !streams.containsKey("[\"x:2\"]"));
        String updated =
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/resources/updated\",\"params\":{\"uri\":\"URI\","
                        + "\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":ID}}}";
        // On Ana's stream under the id of Bob's, and then both rightly.
        String bobsId = streamIds.getOrDefault("[\"x:2\"]", "");
        Objects.requireNonNull(streams.get("[\"x:1\"]"))
                .event(updated.replace("URI", "x:1").replace("ID", bobsId));
        Objects.requireNonNull(streams.get("[\"x:2\"]"))
                .event(updated.replace("URI", "x:2").replace("ID", bobsId));
        String heard = bobs.event();
        assertTrue(
                heard.contains("reeve://up/x:2") && heard.contains("\"io.modelcontextprotocol/subscriptionId\":5"),
                heard);
        String anasOwn = anas.event();
        assertTrue(anasOwn.contains("reeve://up/x:1"), anasOwn);
    }

    private Wire listen(String key, String uri) throws IOException {
        Hands hands = hands(key, "/mcp");
        Wire wire = hands.begin(hands.modern(
                5,
                "subscriptions/listen",
                "\"notifications\":{\"resourceSubscriptions\":[\"" + hands.uri(uri) + "\"]}",
                ""));
        open.add(wire);
        String acknowledged = wire.event();
        assertTrue(acknowledged.contains("acknowledged") && acknowledged.contains(uri), acknowledged);
        return wire;
    }
}
