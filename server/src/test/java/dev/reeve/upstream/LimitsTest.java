package dev.reeve.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.Waiting;
import dev.reeve.adapter.mcp.McpLimits;
import dev.reeve.gate.Effect;
import dev.reeve.gate.Permit;
import dev.reeve.http.HttpLimits;
import dev.reeve.http.RawClient;
import dev.reeve.strict.JsonLimits;
import dev.reeve.upstream.ScriptedMcp.Era;
import dev.reeve.upstream.ScriptedMcp.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is large but allowed arrives whole, and each limit that docs/limits.md names for both sides is crossed once. */
@Timeout(120)
final class LimitsTest {
    private static final int LARGE = 10 << 20;
    private static final HttpLimits LARGE_BODIES = HttpLimits.DEFAULT.withBodies(16 << 20, 64L << 20);
    private static final McpLimits LARGE_MESSAGES =
            McpLimits.DEFAULT.withMessage(new JsonLimits(16 << 20, 64, 200_000, true));
    private static final String FORM =
            "{\"method\":\"elicitation/create\",\"params\":{\"message\":\"how many?\",\"requestedSchema\":"
                    + "{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\"}}}}}";
    private static final String ASKS =
            "{\"resultType\":\"input_required\",\"inputRequests\":{\"q\":" + FORM + "},\"requestState\":\"s\"}";

    record Way(Era client, Era server, boolean stream) {}

    static Stream<Way> ways() {
        return Stream.of(Era.values())
                .flatMap(client -> Stream.of(Era.values())
                        .flatMap(server -> Stream.of(true, false).map(stream -> new Way(client, server, stream))));
    }

    /** Its one tool takes a `message` of any kind. */
    private static ScriptedMcp server(Era era) throws IOException {
        String meta = era == Era.MODERN ? ",\"resultType\":\"complete\",\"ttlMs\":0,\"cacheScope\":\"private\"" : "";
        return new ScriptedMcp(era)
                .on(
                        "tools/list",
                        (message, line) -> line.json(message.result(
                                "{\"tools\":[{\"name\":\"echo\",\"inputSchema\":{\"type\":\"object\",\"properties\":{\"message\":{}}}}]"
                                        + meta + "}")));
    }

    private static UpstreamSettings upstream(ScriptedMcp mcp, UpstreamLimits limits) {
        return House.http(mcp.url(), limits, false);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void tenMegabytesGoThereAndComeBack(Way way) throws Exception {
        String text = "x".repeat(LARGE);
        try (ScriptedMcp mcp = server(way.server());
                Through through = new Through(upstream(mcp, UpstreamLimits.USUAL), LARGE_BODIES, LARGE_MESSAGES)) {
            mcp.on("tools/call", (message, line) -> {
                int came = message.params()
                        .object("arguments")
                        .flatMap(it -> it.string("message"))
                        .orElse("")
                        .length();
                String result = "{\"content\":[{\"type\":\"text\",\"text\":\"" + text
                        + "\"},{\"type\":\"text\",\"text\":\"" + came + "\"}]"
                        + (way.server() == Era.MODERN ? ",\"resultType\":\"complete\"" : "") + "}";
                if (way.stream()) {
                    line.startStream();
                    line.event(UpstreamTalk.progress(message.token(), 1));
                    line.event(message.result(result));
                    line.endStream();
                } else {
                    line.json(message.result(result));
                }
            });
            UpstreamTalk client = new UpstreamTalk(through, way.client(), "{}");
            String body = client.call("{\"message\":\"" + text + "\"}").body();
            assertTrue(body.contains("\"text\":\"" + text + "\""), "the result is whole");
            assertTrue(body.contains("\"text\":\"" + LARGE + "\""), "and so were the arguments");
            assertEquals(way.stream(), body.contains("notifications/progress"), "a JSON answer stays JSON");
        }
    }

    @Test
    void messagesAreReadWithinTheLimitsOfTheOperator() throws Exception {
        McpLimits small = McpLimits.DEFAULT.withMessage(new JsonLimits(4096, 12, 60, true));
        try (ScriptedMcp mcp = server(Era.MODERN);
                Through through = new Through(upstream(mcp, UpstreamLimits.USUAL), HttpLimits.DEFAULT, small)) {
            UpstreamTalk client = new UpstreamTalk(through, Era.MODERN, "{}");
            String large =
                    client.call("{\"message\":\"" + "x".repeat(4096) + "\"}").body();
            assertTrue(large.contains("\"code\":\"too_large\""), large);
            String deep = client.call("{\"message\":" + "[".repeat(12) + "]".repeat(12) + "}")
                    .body();
            assertTrue(deep.contains("\"code\":\"too_deep\""), deep);
            String many =
                    client.call("{\"message\":[1" + ",1".repeat(60) + "]}").body();
            assertTrue(many.contains("\"code\":\"too_many_tokens\""), many);
            assertEquals(200, client.call("{\"message\":1}").status());
            assertEquals(1, mcp.count("tools/call"), "the others reached nobody");
        }
    }

    @Test
    void aCompressedBombOfAServerIsRefusedByItsHead() throws Exception {
        try (ScriptedMcp mcp = server(Era.MODERN);
                House house = new House(upstream(mcp, UpstreamLimits.USUAL))) {
            for (String type : List.of("application/json", "text/event-stream")) {
                CountDownLatch cut = new CountDownLatch(1);
                mcp.on("tools/call", (message, line) -> {
                    try {
                        line.raw("HTTP/1.1 200 OK\r\nContent-Type: " + type
                                + "\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n");
                        while (true) {
                            line.chunk("\u001f\u0008" + "x".repeat(10_000));
                        }
                    } finally {
                        cut.countDown();
                    }
                });
                assertEquals("unknown: answer_unreadable", House.code(house.call()), type);
                cut.await();
            }
        }
    }

    @Test
    void aServerThatDoesNotTakeItsRequestIsGivenUpInTime() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (ScriptedMcp mcp = server(Era.MODERN);
                Through through = new Through(
                        upstream(mcp, UpstreamLimits.USUAL.withFirstByte(Duration.ofMillis(700))),
                        LARGE_BODIES,
                        LARGE_MESSAGES)) {
            UpstreamTalk client = new UpstreamTalk(through, Era.MODERN, "{}");
            mcp.on("tools/call", (message, line) -> {
                line.json(message.result("{\"content\":[],\"resultType\":\"complete\"}"));
                // Nothing more is read from this connection, which Reeve keeps.
                over.await();
            });
            client.call("{}");
            String said =
                    client.call("{\"message\":\"" + "x".repeat(LARGE) + "\"}").body();
            assertTrue(said.contains("\"isError\":true"), said);
            assertTrue(through.completions.getLast().effect() instanceof Effect.Unknown, "part of it may have arrived");
            over.countDown();
        }
    }

    @Test
    void largeAnswersWaitForEachOtherWhereTogetherTheyAreTooLarge() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        // More than the sockets hold: when it is written, some of it has been read and has its room.
        String large = "x".repeat(15 << 20);
        String text = "y".repeat(4 << 20);
        try (ScriptedMcp mcp = server(Era.MODERN);
                Through through = new Through(
                        upstream(mcp, UpstreamLimits.USUAL),
                        HttpLimits.DEFAULT,
                        McpLimits.DEFAULT.withAnswers(5 << 20))) {
            UpstreamTalk client = new UpstreamTalk(through, Era.MODERN, "{}");
            mcp.on("tools/call", (message, line) -> {
                line.startStream();
                line.chunk("data: " + message.result(content(large)));
                begun.countDown();
                goOn.await();
                line.chunk("\n\n");
                line.endStream();
            });
            CompletableFuture<String> first =
                    CompletableFuture.supplyAsync(() -> body(client), Thread::startVirtualThread);
            begun.await();
            mcp.on("tools/call", (message, line) -> line.json(message.result(content(text))));
            CompletableFuture<String> second =
                    CompletableFuture.supplyAsync(() -> body(client), Thread::startVirtualThread);
            assertThrows(TimeoutException.class, () -> second.get(300, TimeUnit.MILLISECONDS));
            goOn.countDown();
            assertTrue(first.get().contains(large));
            assertTrue(second.get().contains(text));
        }
    }

    private static String content(String text) {
        return "{\"resultType\":\"complete\",\"content\":[{\"type\":\"text\",\"text\":\"" + text + "\"}]}";
    }

    private static String body(UpstreamTalk client) {
        try {
            return client.call("{}").body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aServerThatAsksOnAndOnIsStopped() throws Exception {
        try (ScriptedMcp mcp = server(Era.MODERN);
                Through through = new Through(
                        upstream(mcp, UpstreamLimits.USUAL),
                        HttpLimits.DEFAULT,
                        McpLimits.DEFAULT.withEach(64, 128, 3))) {
            mcp.on("tools/call", (message, line) -> line.json(message.result(ASKS)));
            UpstreamTalk client = new UpstreamTalk(through, Era.MODERN, "{\"elicitation\":{}}");
            String body = client.call("{}").body();
            for (int round = 1; round <= 3; round++) {
                String state = UpstreamTalk.result(body)
                        .string("requestState")
                        .orElseThrow(() -> new AssertionError("no state"));
                body = client.post(
                                "tools/call",
                                "up.echo",
                                "\"name\":\"up.echo\",\"arguments\":{},\"requestState\":\"" + state
                                        + "\",\"inputResponses\":{\"q\":{\"action\":\"accept\",\"content\":{\"n\":1}}}")
                        .body();
            }
            assertTrue(body.contains("the server asks on and on"), body);
            assertEquals(4, mcp.count("tools/call"));
        }
    }

    @Test
    void aClientThatVanishesInTheMiddleOfAQuestionEndsTheCall() throws Exception {
        try (ScriptedMcp mcp = server(Era.MODERN);
                Through through = new Through(upstream(mcp, UpstreamLimits.USUAL))) {
            mcp.on("tools/call", (message, line) -> line.json(message.result(ASKS)));
            UpstreamTalk client = new UpstreamTalk(through, "2025-06-18", "{\"elicitation\":{}}");
            try (RawClient asked = new RawClient(through.address())) {
                asked.send(client.request("tools/call", "up.echo", "\"name\":\"up.echo\",\"arguments\":{}"))
                        .readHead();
                assertTrue(asked.event().contains("elicitation/create"));
            }
            through.awaitCompletions(2);
            assertTrue(through.completions.stream().anyMatch(it -> it.effect() instanceof Effect.Unknown));
            assertEquals(1, mcp.count("tools/call"), "nobody answers for it");
        }
    }

    @Test
    void aQuestionThatNobodyComesBackToIsGivenUpAndItsServerIsTold() throws Exception {
        try (ScriptedMcp mcp = server(Era.LEGACY);
                Through through = new Through(upstream(mcp, UpstreamLimits.USUAL.withCall(Duration.ofMillis(300))))) {
            asksAndWaits(mcp);
            UpstreamTalk client = new UpstreamTalk(through, Era.MODERN, "{\"elicitation\":{}}");
            assertTrue(client.call("{}").body().contains("input_required"));
            mcp.awaitMessage("notifications/cancelled");
        }
    }

    /** A server with sessions that asks while its call runs, and says nothing more. */
    private static void asksAndWaits(ScriptedMcp mcp) {
        mcp.on("tools/call", (message, line) -> {
            line.startStream();
            line.event("{\"jsonrpc\":\"2.0\",\"id\":\"q1\"," + FORM.substring(1));
            // Until Reeve hangs up.
            int ignored = line.socket().getInputStream().read();
        });
    }

    @Test
    void questionsThatWaitLeaveConnectionsForCalls() throws Exception {
        try (ScriptedMcp mcp = server(Era.LEGACY);
                Through through = new Through(upstream(mcp, UpstreamLimits.USUAL.withConnections(4)))) {
            asksAndWaits(mcp);
            UpstreamTalk client = new UpstreamTalk(through, Era.MODERN, "{\"elicitation\":{}}");
            for (int i = 0; i < 6; i++) {
                assertTrue(client.call("{}").body().contains("input_required"));
            }
            mcp.on("tools/call", (message, line) -> line.json(message.result("{\"content\":[]}")));
            String body = client.call("{}").body();
            assertTrue(body.contains("\"content\":[]"), body);
        }
    }

    /** Keys are no parties: with four of them one agent held every connection of a server that does not answer. */
    @Test
    void anAgentWithManyKeysLeavesConnectionsToOthers() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (ScriptedMcp mcp = server(Era.MODERN);
                House house = new House(upstream(mcp, UpstreamLimits.USUAL.withConnections(8)))) {
            mcp.on("tools/call", (message, line) -> {
                if (message.http().body().contains("stuck")) {
                    over.await();
                }
                line.json(message.result(content("done")));
            });
            List<CompletableFuture<Effect>> stuck = Stream.of("k1", "k2", "k3", "k4")
                    .flatMap(key -> Stream.of(key, key, key))
                    .map(key -> house.inBackground(house.permits.of(key, House.echo("stuck")), Exchange.silent()))
                    .toList();
            Waiting.whilst(() -> mcp.count("tools/call") < 4);
            Permit others = house.permits.of("other", "k5", House.echo("hi"));
            assertEquals("done", House.text(house.servers.send(others, Exchange.silent())));
            assertEquals(5, mcp.count("tools/call"), "half of the connections are the most that one agent has");
            over.countDown();
            for (CompletableFuture<Effect> one : stuck) {
                assertFalse(House.code(one.get()).startsWith("unknown"));
            }
        } finally {
            over.countDown();
        }
    }

    private static void tellsChanges(ScriptedMcp mcp) {
        mcp.capabilities = "{\"tools\":{},\"resources\":{\"subscribe\":true}}";
        mcp.on("subscriptions/listen", (message, line) -> {
            line.startStream();
            int ignored = line.socket().getInputStream().read();
        });
        mcp.on("resources/subscribe", (message, line) -> line.json(message.result("{}")));
    }

    @Test
    void followingManyResourcesKeepsNobodyFromCalling() throws Exception {
        try (ScriptedMcp mcp = server(Era.MODERN)) {
            tellsChanges(mcp);
            UpstreamLimits few = UpstreamLimits.USUAL.withConnections(2).withConnect(Duration.ofSeconds(1));
            try (Through through = new Through(upstream(mcp, few))) {
                UpstreamTalk client = new UpstreamTalk(through, Era.MODERN, "{}");
                try (RawClient hears = new RawClient(through.address())) {
                    hears.send(
                                    client.request(
                                            "subscriptions/listen",
                                            "",
                                            "\"notifications\":{\"resourceSubscriptions\":[\"reeve://up/x:1\",\"reeve://up/x:2\",\"reeve://up/x:3\",\"reeve://up/x:4\"]}"))
                            .readHead();
                    String acknowledged = hears.event();
                    assertEquals(4, mcp.count("subscriptions/listen"), acknowledged);
                    assertTrue(client.call("{}").body().contains("done"));
                }
            }
        }
    }

    @Test
    void aSessionFollowsSoManyResourcesAndNoMore() throws Exception {
        try (ScriptedMcp mcp = server(Era.LEGACY)) {
            tellsChanges(mcp);
            try (Through through = new Through(
                    upstream(mcp, UpstreamLimits.USUAL), HttpLimits.DEFAULT, McpLimits.DEFAULT.withEach(64, 2, 16))) {
                UpstreamTalk client = new UpstreamTalk(through, Era.LEGACY, "{}");
                for (int i = 0; i < 3; i++) {
                    String body = client.post("resources/subscribe", "", "\"uri\":\"reeve://up/x:" + i + "\"")
                            .body();
                    assertEquals(i == 2, body.contains("too many resources are followed"), body);
                }
                UpstreamTalk other = new UpstreamTalk(through, Era.MODERN, "{}");
                String body = other.post(
                                "subscriptions/listen",
                                "",
                                "\"notifications\":{\"resourceSubscriptions\":[\"a:1\",\"a:2\",\"a:3\"]}")
                        .body();
                assertTrue(body.contains("at most 2 `resourceSubscriptions`"), body);
            }
        }
    }

    @Test
    void soManyTasksAreKnownAndTheOldestIsForgotten() throws Exception {
        try (ScriptedMcp mcp = server(Era.MODERN);
                Through through = new Through(
                        upstream(mcp, UpstreamLimits.USUAL), HttpLimits.DEFAULT, McpLimits.DEFAULT.withTasks(10, 2))) {
            mcp.on("tools/call", LimitsTest::begins);
            mcp.on("tasks/get", LimitsTest::begins);
            UpstreamTalk client =
                    new UpstreamTalk(through, Era.MODERN, "{\"extensions\":{\"io.modelcontextprotocol/tasks\":{}}}");
            List<String> tasks = Stream.generate(() -> task(client)).limit(3).toList();
            assertTrue(known(client, tasks.get(1)) && known(client, tasks.get(2)));
            assertFalse(known(client, tasks.getFirst()), "it gave way");
        }
    }

    private static void begins(Message message, dev.reeve.outbound.RawServer.Line line) throws IOException {
        line.json(message.result(
                "{\"resultType\":\"task\",\"taskId\":\"t\",\"status\":\"working\",\"createdAt\":\"2026-01-01T00:00:00Z\","
                        + "\"lastUpdatedAt\":\"2026-01-01T00:00:00Z\",\"ttlMs\":60000}"));
    }

    private static String task(UpstreamTalk client) {
        try {
            String body = client.call("{}").body();
            return UpstreamTalk.result(body).string("taskId").orElseThrow(() -> new AssertionError(body));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean known(UpstreamTalk client, String task) throws IOException {
        return !client.post("tasks/get", task, "\"taskId\":\"" + task + "\"")
                .body()
                .contains("Unknown task");
    }
}
