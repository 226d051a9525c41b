package dev.reeve.adapter.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.Waiting;
import dev.reeve.gate.Effect;
import dev.reeve.http.HttpLimits;
import dev.reeve.http.RawClient;
import dev.reeve.json.Json;
import dev.reeve.upstream.UpstreamChange;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** 2025-11-25 over HTTP: handshake, whose session it is, streams that are opened again and again, and clients that vanish. */
@Timeout(180)
final class SessionsTest {
    private static final McpLimits LIMITS = McpLimits.DEFAULT
            .withSessions(6, 3)
            .withStreams(4, 4)
            .withEach(2, 128, 16)
            .withPage(3);
    private final Gateway gateway = new Gateway(HttpLimits.DEFAULT, LIMITS);

    @AfterEach
    void close() {
        gateway.close();
    }

    private String session() throws IOException {
        return session(Gateway.ANA);
    }

    private String session(String key) throws IOException {
        RawClient.Answer answer = Post.initialize().by(key).send(gateway);
        assertEquals(200, answer.status(), answer.body());
        return answer.headers().getOrDefault("mcp-session-id", "none");
    }

    private static Post list(String session) {
        return Post.in(session, Post.request(1, "tools/list", ""));
    }

    private static Post call(String session, int id, String tool) {
        return Post.in(session, Post.request(id, "tools/call", "\"name\":\"" + tool + "\""));
    }

    private static Post stream(String session) {
        return Post.in(session, "").method("GET");
    }

    @Test
    void theHandshakeGivesTheRevisionThatWasAskedForAndElseTheNewestWithSessions() throws IOException {
        for (String asked :
                List.of("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05", "1900-01-01", "2026-07-28")) {
            RawClient.Answer answer = Post.plain(Post.initialize().text().replace("2025-11-25", asked))
                    .send(gateway);
            Json.Obj result = Post.result(answer);
            boolean known = asked.startsWith("2025");
            assertEquals(Optional.of(known ? asked : "2025-11-25"), result.string("protocolVersion"));
            assertFalse(result.has("resultType"), answer.body());
        }
    }

    @Test
    void aHandshakeThatFailsLeavesNoSession() throws IOException {
        RawClient.Answer answer = Post.plain("{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{}}")
                .send(gateway);
        assertEquals(-32602, Post.code(answer));
        assertFalse(answer.headers().containsKey("mcp-session-id"));
        // It ends behind the answer.
        Waiting.whilst(() -> gateway.http.sessions() > 0);
        assertEquals(0, gateway.http.sessions());
    }

    @Test
    void aSessionInOtherHandsOrOnAnotherRouteIsUnknown() throws IOException {
        String mine = session();
        assertEquals(200, list(mine).send(gateway).status());
        assertEquals(404, list(mine).by(Gateway.BOB).send(gateway).status());
        assertEquals(404, list(mine).to("/mcp/pg").send(gateway).status());
        assertEquals(401, list(mine).by("reeve_nobody_knows").send(gateway).status());
        assertEquals(404, stream(mine).by(Gateway.BOB).send(gateway).status());
        assertEquals(
                404,
                Post.in(mine, "").method("DELETE").by(Gateway.BOB).send(gateway).status());
        assertEquals(200, list(mine).send(gateway).status(), "what others tried did not end it");
        assertEquals(204, Post.in(mine, "").method("DELETE").send(gateway).status());
        assertEquals(404, list(mine).send(gateway).status());
    }

    @Test
    void onesOwnNewSessionEndsTheLongestUnusedAndNeverAnothers() throws IOException {
        String bobs = session(Gateway.BOB);
        String first = session();
        session();
        session();
        assertEquals(200, list(first).send(gateway).status());
        session();
        assertEquals(200, list(first).send(gateway).status(), "it was used lately");
        assertEquals(200, list(bobs).by(Gateway.BOB).send(gateway).status());
        assertEquals(4, gateway.http.sessions());
    }

    @Test
    void sessionsOfAllTogetherHaveALimit() throws IOException {
        for (String key : List.of(Gateway.ANA, Gateway.BOB)) {
            for (int i = 0; i < 3; i++) {
                session(key);
            }
        }
        RawClient.Answer answer = Post.initialize().by(Gateway.NOBODY).send(gateway);
        assertEquals(503, answer.status());
        assertTrue(answer.body().contains("Too many sessions"), answer.body());
    }

    @Test
    void aStreamThatIsOpenedAgainTakesThePlaceOfTheOlder() throws IOException {
        String session = session();
        for (int round = 0; round < 20; round++) {
            untilStreams(0); // the last round's may not have been missed yet
            try (RawClient older = gateway.connect();
                    RawClient newer = gateway.connect()) {
                older.send(stream(session).bytes()).readHead();
                untilStreams(1);
                newer.send(stream(session).bytes()).readHead();
                Assertions.assertThrows(EOFException.class, older::event, "the older ends in order");
                assertTrue(firstOfManyChanges(newer).contains("notifications/prompts/list_changed"));
            }
        }
    }

    /** A client cannot see when its stream begins to listen, so the server is told of changes until it hears of one. */
    private String firstOfManyChanges(RawClient client) throws IOException {
        CountDownLatch heard = new CountDownLatch(1);
        Thread changing = Thread.ofVirtual().start(() -> {
            try {
                while (!heard.await(5, TimeUnit.MILLISECONDS)) {
                    gateway.upstreams.change("pg", UpstreamChange.What.PROMPTS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try {
            return client.event();
        } finally {
            heard.countDown();
            changing.interrupt();
        }
    }

    private void untilStreams(int count) {
        Waiting.whilst(() -> gateway.engine.streams() != count);
    }

    @Test
    void aStreamTooManyEndsAtOnceAndKeepsNoSessionAlive() throws IOException {
        List<RawClient> clients = new java.util.ArrayList<>();
        try {
            for (String key : List.of(Gateway.ANA, Gateway.BOB)) {
                for (int i = 0; i < 2; i++) {
                    RawClient client = gateway.connect();
                    clients.add(client);
                    client.send(stream(session(key)).by(key).bytes()).readHead();
                }
            }
            // The head of an answer goes out before its stream counts.
            untilStreams(4);
            try (RawClient fifth = gateway.connect()) {
                fifth.send(stream(session()).bytes());
                assertEquals(200, fifth.readHead().status());
                Assertions.assertThrows(EOFException.class, fifth::event);
            }
            assertEquals(4, gateway.engine.streams());
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    @Test
    void whoIsRevokedLosesStreamsAndCalls() throws Exception {
        String session = session();
        try (RawClient stream = gateway.connect();
                RawClient call = gateway.connect()) {
            stream.send(stream(session).bytes()).readHead();
            call.send(call(session, 1, "pg.stuck").bytes());
            gateway.upstreams.waiting.await();
            gateway.revoked.add("key-ana");
            gateway.engine.identitiesChanged();
            Assertions.assertThrows(EOFException.class, stream::event);
            assertTrue(call.read().body().contains("whether it took effect"));
            assertEquals(0, gateway.engine.streams());
        }
    }

    @Test
    void aClientThatVanishesStopsItsCallAndTheRecordSaysSo() throws Exception {
        String session = session();
        try (RawClient client = gateway.connect()) {
            client.send(call(session, 1, "pg.stuck").bytes());
            gateway.upstreams.waiting.await();
        }
        gateway.upstreams.stopped.await();
        Waiting.whilst(() -> gateway.journal.completions.isEmpty());
        assertTrue(gateway.journal.lastEffect() instanceof Effect.Unknown);
    }

    @Test
    void aCallIsCancelledByItsOwnSessionOnly() throws Exception {
        String session = session();
        String other = session();
        String cancel = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":5}}";
        try (RawClient client = gateway.connect()) {
            client.send(call(session, 5, "pg.stuck").bytes());
            gateway.upstreams.waiting.await();
            assertEquals(202, Post.in(other, cancel).send(gateway).status());
            assertEquals(
                    202,
                    Post.in(session, cancel.replace("5", "\"5\"")).send(gateway).status());
            assertEquals(1, gateway.upstreams.stopped.getCount());
            assertEquals(202, Post.in(session, cancel).send(gateway).status());
            assertTrue(client.read().body().contains("whether it took effect"));
        }
    }

    @Test
    void idsInUseAndTooManyAtOnceAreRefused() throws Exception {
        String session = session();
        try (RawClient first = gateway.connect();
                RawClient second = gateway.connect()) {
            first.send(call(session, 1, "pg.stuck").bytes());
            gateway.upstreams.waiting.await();
            assertTrue(call(session, 1, "pg.echo").send(gateway).body().contains("in use"));
            second.send(call(session, 2, "pg.stuck").bytes());
            Waiting.whilst(() -> gateway.upstreams.received.size() < 2);
            RawClient.Answer third = call(session, 3, "pg.echo").send(gateway);
            assertEquals(-32010, Post.code(third));
            assertTrue(third.body().contains("at most 2"), third.body());
        }
    }

    @Test
    void whatEndedItsSessionRunsNoMore() throws Exception {
        String session = session();
        try (RawClient client = gateway.connect()) {
            client.send(call(session, 1, "pg.stuck").bytes());
            gateway.upstreams.waiting.await();
            assertEquals(
                    204, Post.in(session, "").method("DELETE").send(gateway).status());
            assertTrue(client.read().body().contains("whether it took effect"));
        }
    }

    @Test
    void longListsComeInPagesThatOnlyTheirOwnerTurns() throws IOException {
        String session = session();
        Json.Obj first = Post.result(list(session).send(gateway));
        assertEquals(3, first.array("tools").orElseThrow().items().size());
        String cursor = first.string("nextCursor").orElseThrow();
        Post next = Post.in(session, Post.request(2, "tools/list", "\"cursor\":\"" + cursor + "\""));
        assertEquals(200, next.send(gateway).status());
        String bobs = session(Gateway.BOB);
        RawClient.Answer stolen = Post.in(bobs, Post.request(2, "tools/list", "\"cursor\":\"" + cursor + "\""))
                .by(Gateway.BOB)
                .send(gateway);
        assertEquals(-32602, Post.code(stolen));
        RawClient.Answer elsewhere = Post.in(session, Post.request(2, "prompts/list", "\"cursor\":\"" + cursor + "\""))
                .send(gateway);
        assertEquals(-32602, Post.code(elsewhere));
    }

    @Test
    void progressComesBeforeTheAnswerUnderTheClientsOwnToken() throws IOException {
        String session = session();
        Post slow = Post.in(
                session, Post.request(1, "tools/call", "\"name\":\"pg.slow\",\"_meta\":{\"progressToken\":\"mine\"}"));
        List<String> events = RawClient.data(slow.send(gateway).body());
        assertEquals(4, events.size(), events.toString());
        assertFalse(events.toString().contains("777"), "a number that a stage takes out is not told, however short");
        assertTrue(events.get(2).contains("123456789"), "a number that may be told is, without its text");
        assertTrue(
                events.getFirst().contains("\"progressToken\":\"mine\"")
                        && events.getFirst().contains("half way"),
                events.toString());
        assertFalse(events.toString().contains("sneaked") || events.toString().contains("a secret"), events.toString());
        assertFalse(events.toString().contains("4111111111111111"), "a number of progress is looked at as a text is");
        assertTrue(events.getLast().contains("\"result\""), events.toString());
        assertFalse(slow.with("Accept", "application/json").send(gateway).body().contains("progress"));
    }

    @Test
    void answersThatNobodyAskedForAreTakenAndDropped() throws IOException {
        String session = session();
        assertEquals(
                202,
                Post.in(session, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}")
                        .send(gateway)
                        .status());
        assertEquals(
                202,
                Post.in(session, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/unheard/of\"}")
                        .send(gateway)
                        .status());
        RawClient.Answer modern = Post.plain("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}")
                .with("MCP-Protocol-Version", "2026-07-28")
                .send(gateway);
        assertEquals(400, modern.status());
        assertEquals(List.of(), gateway.upstreams.received);
    }
}
