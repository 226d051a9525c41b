package dev.reeve.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.Waiting;
import dev.reeve.action.Operation;
import dev.reeve.adapter.mcp.McpLimits;
import dev.reeve.gate.Effect;
import dev.reeve.gate.Permit;
import dev.reeve.http.HttpLimits;
import dev.reeve.json.Json;
import dev.reeve.upstream.ScriptedMcp.Era;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a server gives to all of us is shared by agent: one with many keys has no more of it than one with one, and nobody else has less. */
@Timeout(120)
final class AgentSharesTest {
    private static final String CALL = "\"name\":\"up.echo\",\"arguments\":{}";

    private static Through through(ScriptedMcp mcp, UpstreamLimits limits, McpLimits ours) throws IOException {
        return new Through(
                Strangers.byKey(),
                Optional.empty(),
                Duration.ofSeconds(30),
                List.of(Strangers.server("up", "default", mcp.port(), false, limits)),
                HttpLimits.DEFAULT,
                ours);
    }

    private static String content(String text) {
        return "{\"resultType\":\"complete\",\"content\":[{\"type\":\"text\",\"text\":\"" + text + "\"}]}";
    }

    private static CompletableFuture<Json.Obj> calls(Through through, String key) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try (Hands hands = Hands.of(through, key)) {
                        return hands.modern("tools/call", CALL);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                Thread::startVirtualThread);
    }

    @Test
    void anAgentWhoseLargeAnswersAreSlowLeavesRoomForThoseOfOthers() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        // More than the sockets hold: when it is written, some of it has been read and has its room.
        String large = "x".repeat(15 << 20);
        String text = "y".repeat(2 << 20);
        try (ScriptedMcp mcp = new ScriptedMcp(Era.MODERN);
                Through through = through(mcp, UpstreamLimits.USUAL, McpLimits.DEFAULT.withAnswers(20L << 20))) {
            mcp.on("tools/call", (message, line) -> {
                line.startStream();
                line.chunk("data: " + message.result(content(large)));
                begun.countDown();
                goOn.await();
                line.chunk("\n\n");
                line.endStream();
            });
            CompletableFuture<Json.Obj> first = calls(through, Strangers.ANA);
            begun.await();
            mcp.on("tools/call", (message, line) -> line.json(message.result(content(text))));
            CompletableFuture<Json.Obj> second = calls(through, Strangers.ANAS_OTHER_KEY);
            assertThrows(
                    TimeoutException.class, () -> second.get(300, TimeUnit.MILLISECONDS), "another key, one agent");
            String bobs = calls(through, Strangers.BOB).get().toString();
            assertTrue(bobs.contains(text), () -> bobs.substring(0, Math.min(500, bobs.length())));
            goOn.countDown();
            assertTrue(first.get().toString().contains(large));
            assertTrue(second.get().toString().contains(text), "what was held is given back");
        } finally {
            goOn.countDown();
        }
    }

    @Test
    void keysOfOneAgentFollowNoMoreResourcesThanOne() throws Exception {
        try (ScriptedMcp mcp = following();
                House house = new House(House.http(mcp.url()))) {
            for (int i = 0; i < Followers.MOST_EACH; i++) {
                assertTrue(follows(house, "agent", "k" + i % 4, i) instanceof Effect.Answered, "resource " + i);
            }
            assertEquals("not sent: upstream_busy", House.code(follows(house, "agent", "k5", 1_000)));
            assertTrue(follows(house, "other", "k6", 1) instanceof Effect.Answered);
        }
    }

    @Test
    void whatDidNotBeginToBeFollowedTakesNoPlace() throws Exception {
        try (ScriptedMcp mcp = following();
                House house = new House(House.http(mcp.url()))) {
            mcp.on("resources/subscribe", (message, line) -> line.json(message.error(-32602, "no")));
            for (int i = 0; i <= Followers.MOST_EACH; i++) {
                assertFalse(follows(house, "agent", "k1", i) instanceof Effect.Answered);
            }
            mcp.on("resources/subscribe", (message, line) -> line.json(message.result("{}")));
            assertTrue(follows(house, "agent", "k1", 1) instanceof Effect.Answered);
        }
    }

    private static ScriptedMcp following() throws IOException {
        ScriptedMcp mcp = new ScriptedMcp(Era.LEGACY);
        mcp.capabilities = "{\"tools\":{},\"resources\":{\"subscribe\":true}}";
        mcp.on("resources/subscribe", (message, line) -> line.json(message.result("{}")));
        return mcp;
    }

    private static Effect follows(House house, String agent, String key, int resource) {
        Permit permit = house.permits.of(agent, key, new Operation.Subscription("up", "x:" + resource, true));
        return house.servers.send(permit, Exchange.silent());
    }

    /** A server with sessions asks while its call runs, and goes on when it is answered. */
    @Test
    void questionsOfOneAgentMakeWayForEachOtherAndForNobodyElses() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        try (ScriptedMcp mcp = new ScriptedMcp(Era.LEGACY);
                Through through = through(mcp, UpstreamLimits.USUAL.withConnections(8), McpLimits.DEFAULT);
                Hands bob = Hands.of(through, Strangers.BOB);
                Hands ana = Hands.of(through, Strangers.ANA);
                Hands alsoAna = Hands.of(through, Strangers.ANAS_OTHER_KEY)) {
            asksFirst(mcp, answered, "so many");
            Json.Obj asked = asked(bob);
            for (Hands hands : List.of(ana, ana, alsoAna)) {
                asked(hands);
            }
            mcp.awaitMessage("notifications/cancelled");
            for (Hands hands : List.of(ana, alsoAna, alsoAna)) {
                asked(hands);
            }
            Waiting.whilst(() -> mcp.count("notifications/cancelled") < 4);
            Json.Obj done = answered(bob, asked);
            assertTrue(done.toString().contains("so many"), done.toString());
            assertEquals(4, mcp.count("notifications/cancelled"));
        } finally {
            answered.countDown();
        }
    }

    /** What is read then is read for another request than the one that began. */
    @Test
    void aLargeAnswerBehindAQuestionGivesItsRoomBack() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        String large = "x".repeat(2 << 20);
        try (ScriptedMcp mcp = new ScriptedMcp(Era.LEGACY);
                Through through = through(mcp, UpstreamLimits.USUAL, McpLimits.DEFAULT.withAnswers(20L << 20));
                Hands bob = Hands.of(through, Strangers.BOB)) {
            asksFirst(mcp, answered, large);
            for (int i = 0; i < 3; i++) {
                String done = answered(bob, asked(bob)).toString();
                assertTrue(done.contains(large), () -> done.substring(0, Math.min(500, done.length())));
            }
        } finally {
            answered.countDown();
        }
    }

    private static void asksFirst(ScriptedMcp mcp, CountDownLatch answered, String then) {
        mcp.on("tools/call", (message, line) -> {
            line.startStream();
            line.event(
                    "{\"jsonrpc\":\"2.0\",\"id\":\"q1\",\"method\":\"elicitation/create\",\"params\":{\"message\":\"how many?\","
                            + "\"requestedSchema\":{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\"}}}}}");
            answered.await();
            line.event(message.result("{\"content\":[{\"type\":\"text\",\"text\":\"" + then + "\"}]}"));
            line.endStream();
        });
        mcp.on("(response)", (message, line) -> {
            line.answer(202, "", "");
            answered.countDown();
        });
    }

    private static Json.Obj answered(Hands hands, Json.Obj asked) throws IOException {
        String key = asked.object("inputRequests")
                .orElseThrow()
                .members()
                .keySet()
                .iterator()
                .next();
        return hands.modern(
                "tools/call",
                CALL + ",\"requestState\":\"" + asked.string("requestState").orElseThrow() + "\",\"inputResponses\":{\""
                        + key + "\":{\"action\":\"accept\",\"content\":{\"n\":1}}}");
    }

    private static Json.Obj asked(Hands hands) throws IOException {
        Json.Obj answer = hands.modern("tools/call", CALL);
        Json.Obj result = answer.object("result").orElseThrow(() -> new AssertionError(answer.toString()));
        assertEquals(Optional.of("input_required"), result.string("resultType"), answer.toString());
        return result;
    }

    /** Each call that is given up is told to a server with sessions by a request of its own: to one that does not answer, these would hold everything. */
    @Test
    void anAgentThatCallsAndGivesUpLeavesConnectionsToOthers() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (ScriptedMcp mcp = new ScriptedMcp(Era.LEGACY);
                House house = new House(House.http(mcp.url(), UpstreamLimits.USUAL.withConnections(8), false))) {
            assertEquals(
                    "done",
                    House.text(
                            house.servers.send(house.permits.of("other", "k9", House.echo("hi")), Exchange.silent())));
            mcp.on("notifications/cancelled", (message, line) -> over.await());
            mcp.on("tools/call", (message, line) -> {
                if (message.http().body().contains("stuck")) {
                    over.await();
                }
                line.json(message.result(content("done")));
            });
            for (int i = 0; i < 12; i++) {
                long calls = mcp.count("tools/call");
                AtomicReference<Runnable> stop = new AtomicReference<>();
                CompletableFuture<Effect> given = house.inBackground(
                        house.permits.of("k" + i % 3, House.echo("stuck")),
                        HttpUpstreamTest.watching(new LinkedBlockingQueue<>(), stop));
                Waiting.whilst(() -> mcp.count("tools/call") == calls && !given.isDone());
                House.stop(stop);
                assertFalse(given.get() instanceof Effect.Answered);
            }
            Permit others = house.permits.of("other", "k9", House.echo("hi"));
            assertEquals("done", House.text(house.servers.send(others, Exchange.silent())));
            over.countDown();
        } finally {
            over.countDown();
        }
    }

    /** That nobody follows any more is told to a server with sessions, too. */
    @Test
    void anAgentThatFollowsAndStopsLeavesConnectionsToOthers() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (ScriptedMcp mcp = following();
                House house = new House(House.http(mcp.url(), UpstreamLimits.USUAL.withConnections(8), false))) {
            mcp.on("resources/unsubscribe", (message, line) -> over.await());
            for (int i = 0; i < 12; i++) {
                AtomicReference<Runnable> stop = new AtomicReference<>();
                Permit permit = house.permits.of("agent", "k1", new Operation.Subscription("up", "x:" + i, true));
                if (house.servers.send(permit, HttpUpstreamTest.watching(new LinkedBlockingQueue<>(), stop))
                        instanceof Effect.Answered) {
                    long told = mcp.count("resources/unsubscribe");
                    House.stop(stop);
                    Waiting.whilst(() -> told < 4 && mcp.count("resources/unsubscribe") == told);
                }
            }
            Permit others = house.permits.of("other", "k9", House.echo("hi"));
            assertEquals("done", House.text(house.servers.send(others, Exchange.silent())));
        } finally {
            over.countDown();
        }
    }
}
