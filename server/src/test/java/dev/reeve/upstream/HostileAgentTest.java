package dev.reeve.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.Waiting;
import dev.reeve.adapter.mcp.McpLimits;
import dev.reeve.json.Json;
import dev.reeve.upstream.ScriptedMcp.Era;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An agent with a good key that turns against the gateway, a server or other agents: each attack is refused by name, counted, or bounded. */
@Timeout(180)
final class HostileAgentTest {
    private static final String CALL = "\"name\":\"up.echo\",\"arguments\":{}";
    private static final String ASKS =
            "{\"resultType\":\"input_required\",\"inputRequests\":{\"k\":{\"method\":\"elicitation/create\",\"params\":{\"message\":\"size\",\"requestedSchema\":{\"type\":\"object\",\"properties\":{}}}}},\"requestState\":\"s\"}";

    private ScriptedMcp mcp;
    private Through through;
    private Hands bad;
    private Hands good;

    @BeforeEach
    void start() throws Exception {
        mcp = new ScriptedMcp(Era.MODERN);
        through = new Through(
                Strangers.byKey(),
                Optional.empty(),
                Duration.ofSeconds(20),
                List.of(Strangers.server("up", "default", mcp.port(), false, UpstreamLimits.USUAL)));
        bad = Hands.of(through, Strangers.BOB);
        good = Hands.of(through, Strangers.ANA);
    }

    @AfterEach
    void stop() throws Exception {
        bad.close();
        good.close();
        through.close();
        mcp.close();
    }

    private void asksOnce() {
        mcp.on("tools/call", (message, line) -> {
            boolean answered = message.params().has("inputResponses");
            line.json(message.result(
                    answered
                            ? "{\"resultType\":\"complete\",\"content\":[{\"type\":\"text\",\"text\":\"done\"}]}"
                            : ASKS));
        });
    }

    private static String answer(String id, String result) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + "}";
    }

    /** R13. */
    @Test
    void answersThatNobodyAskedForAreCountedAndReachNobody() throws Exception {
        long before = mcp.messages.size();
        for (int i = 0; i < 500; i++) {
            String id = i % 2 == 0 ? Integer.toString(i) : "\"" + java.util.UUID.randomUUID() + "\"";
            assertEquals(
                    202,
                    bad.send(bad.legacy(answer(id, "{\"action\":\"accept\"}"))).status());
        }
        assertEquals(500, through.refused("bob", "unasked_answer"));
        assertEquals(before, mcp.messages.size());
        assertEquals(List.of(), through.decisions);
    }

    /** R4: of an answer only what its question can have goes on; anything else is as if the user had closed the form. */
    @Test
    void anAnswerOfTheWrongFormIsACancellation() throws Exception {
        asksOnce();
        String nested =
                "{\"action\":\"accept\",\"content\":{\"a\":" + "{\"a\":".repeat(30) + "1" + "}".repeat(30) + "}}";
        try (Wire running = bad.begin(bad.legacy(Hands.message(1, "tools/call", CALL)))) {
            String id = Wire.text(Wire.json(running.event().getBytes(StandardCharsets.UTF_8))
                    .get("id")
                    .orElseThrow());
            assertEquals(202, bad.send(bad.legacy(answer(id, nested))).status());
            assertTrue(running.event().contains("done"));
        }
        String last = mcp.messages.getLast().params().toString();
        assertTrue(last.contains("{\"action\":\"cancel\"}") && !last.contains("content"), last);
    }

    /** R8: what is too large is refused before it is read. */
    @Test
    void anAnswerThatIsTooLargeIsRefusedAndTheQuestionGoesOnWaiting() throws Exception {
        asksOnce();
        try (Wire running = bad.begin(bad.legacy(Hands.message(1, "tools/call", CALL)))) {
            String id = Wire.text(Wire.json(running.event().getBytes(StandardCharsets.UTF_8))
                    .get("id")
                    .orElseThrow());
            String huge = "{\"action\":\"accept\",\"content\":{\"a\":\"" + "x".repeat(5 << 20) + "\"}}";
            try {
                assertEquals(413, bad.status(bad.legacy(answer(id, huge))));
            } catch (java.net.SocketException e) {
                // It was answered and closed before all of it was sent.
                assertTrue(mcp.count("tools/call") == 1);
            }
            assertEquals(
                    202,
                    bad.send(bad.legacy(answer(id, "{\"action\":\"decline\"}"))).status());
            assertTrue(running.event().contains("done"));
        }
    }

    /** R20. */
    @Test
    void aStateThatIsUsedAgainReachesTheServerOnce() throws Exception {
        asksOnce();
        String state = bad.modern("tools/call", CALL)
                .object("result")
                .flatMap(it -> it.string("requestState"))
                .orElseThrow();
        String again = CALL + ",\"requestState\":\"" + state + "\",\"inputResponses\":{\"k\":{\"action\":\"decline\"}}";
        assertTrue(bad.modern("tools/call", again).toString().contains("done"));
        for (int i = 0; i < 50; i++) {
            String said = bad.modern("tools/call", again).toString();
            assertTrue(said.contains("was used before"), said);
        }
        assertEquals(2, mcp.count("tools/call"));
    }

    /** R20: what nobody asked for is no way to the server, and what a server without a state asked is answered as ever. */
    @Test
    void answersAreTakenForWhatWasAskedOnly() throws Exception {
        mcp.on("tools/call", (message, line) -> {
            boolean answered = message.params().has("inputResponses");
            line.json(message.result(
                    answered
                            ? "{\"resultType\":\"complete\",\"content\":[{\"type\":\"text\",\"text\":\"done\"}]}"
                            : ASKS.replace(",\"requestState\":\"s\"", "")));
        });
        String answered = CALL + ",\"inputResponses\":{\"k\":{\"action\":\"decline\"},\"more\":"
                + "{\"action\":\"accept\",\"content\":{\"a\":\"Grete\"}}}";
        String first = bad.modern("tools/call", answered).toString();
        assertTrue(first.contains("inputRequests"), first);
        assertFalse(mcp.messages.getLast().params().has("inputResponses"));
        assertTrue(good.modern("tools/call", answered).toString().contains("inputRequests"), "asked was somebody else");
        assertFalse(mcp.messages.getLast().params().has("inputResponses"));
        String second = bad.modern("tools/call", answered).toString();
        assertTrue(second.contains("done"), second);
        String sent = mcp.messages.getLast().params().toString();
        assertTrue(sent.contains("decline") && !sent.contains("Grete"), sent);
    }

    @Test
    void streamsOpenedInALoopAreOneStreamOfTheSession() throws Exception {
        List<Wire> open = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            open.add(bad.begin(bad.get()));
        }
        Waiting.whilst(() -> through.streams() > 1);
        assertEquals(1, through.streams());
        for (Wire one : open) {
            one.close();
        }
    }

    @Test
    void sessionsOpenedInALoopEndItsOwnAndNobodyElses() throws Exception {
        String first = bad.initialize();
        String goods = good.session();
        int most = McpLimits.DEFAULT.sessionsEach();
        for (int i = 0; i < most; i++) {
            assertFalse(bad.initialize().isEmpty());
        }
        assertEquals(most + 1, through.sessions());
        String ping = Hands.message(1, "ping", "");
        assertEquals(404, bad.send(bad.in(first, ping)).status());
        assertEquals(200, good.send(good.in(goods, ping)).status());
    }

    @Test
    void moreCallsAtOnceThanASessionMayHaveAreRefusedByName() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        mcp.on("tools/call", (message, line) -> {
            release.await();
            line.json(message.result("{\"content\":[],\"resultType\":\"complete\"}"));
        });
        int most = McpLimits.DEFAULT.requestsEach();
        List<Thread> running = new ArrayList<>();
        for (int i = 0; i < most; i++) {
            String call = Hands.message(i + 1, "tools/call", CALL); // 0 was the id of the beginning
            String session = bad.session();
            running.add(Thread.startVirtualThread(() -> answered(bad.in(session, call))));
        }
        Waiting.whilst(() -> mcp.count("tools/call") < most);
        String refused = bad.send(bad.legacy(Hands.message(most + 1, "tools/call", CALL)))
                .body();
        assertTrue(refused.contains("at most " + most), refused);
        assertTrue(good.send(good.legacy(Hands.message(1, "ping", ""))).status() == 200, "others go on");
        release.countDown();
        for (Thread one : running) {
            one.join();
        }
        assertEquals(most, mcp.count("tools/call"));
    }

    private void answered(Wire.Sent sent) {
        try (Wire wire = new Wire(through.address())) {
            assertEquals(200, wire.send(sent).status());
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** R18: what no revision has reaches nobody. */
    @Test
    void requestsThatOnlyServersMakeAreUnknownMethods() throws Exception {
        for (String method :
                List.of("sampling/createMessage", "elicitation/create", "roots/list", "notifications/progress")) {
            Json.Obj answer = bad.modern(method, "");
            assertTrue(answer.toString().contains("-32601"), answer.toString());
        }
        assertEquals(4, through.refused("bob", "method_not_found"));
        assertEquals(List.of(), through.decisions);
    }
}
