package dev.reeve.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.Waiting;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients that frame wrongly, send too much, too slowly or half: a named end, no handler hears of it, and nothing is kept. */
@Timeout(180)
final class HttpWireTest {
    private static final HttpLimits LIMITS = new HttpLimits(
            256,
            1024,
            16,
            4096,
            16_384,
            3,
            2,
            3,
            Duration.ofMillis(400),
            Duration.ofMillis(400),
            Duration.ofMillis(400),
            Duration.ofMillis(100));
    /** More than the buffers of both sockets hold. */
    private static final int LARGE = 32 << 20;

    private static EventLoopGroup loops;

    private final List<Request> handled = new CopyOnWriteArrayList<>();
    private final List<Integer> refused = new CopyOnWriteArrayList<>();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final CountDownLatch gone = new CountDownLatch(1);
    private HttpServer server;

    @BeforeAll
    static void start() {
        loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    }

    @AfterAll
    static void stop() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.open(
                HttpConfig.loopback(0).with(LIMITS), loops, this::handle, answer -> refused.add(answer.status()));
    }

    @AfterEach
    void close() {
        goOn.countDown();
        server.close(Duration.ofMillis(100));
    }

    private void handle(Request request, Responder responder) {
        handled.add(request);
        if (request.path().equals("/wait")) {
            responder.onClose(gone::countDown);
            begun.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        boolean large = request.path().equals("/large");
        responder.send(Response.json(200, large ? new byte[LARGE] : request.body()));
    }

    private RawClient connect() throws IOException {
        return new RawClient(server.address());
    }

    private static String post(String headers, String body) {
        return "POST /x HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n" + body;
    }

    private static String chunked(String chunks) {
        return post("Transfer-Encoding: chunked\r\n", chunks);
    }

    record Bad(String what, String bytes, int status, String code) {
        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Bad> bad() {
        List<Bad> all = new ArrayList<>();
        framing().forEach((what, bytes) -> all.add(new Bad(what, bytes, 400, "")));
        lengths().forEach((what, bytes) -> all.add(new Bad(what, bytes, 400, "")));
        all.add(new Bad("HTTP/1.0", "GET /x HTTP/1.0\r\nHost: localhost\r\n\r\n", 505, "version_not_supported"));
        all.add(new Bad("HTTP/2 in words", "GET /x HTTP/2.0\r\nHost: localhost\r\n\r\n", 505, "version_not_supported"));
        all.add(new Bad("HTTP/2's preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "version_not_supported"));
        all.add(new Bad(
                "a proxy's target", "GET http://localhost/x HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, "bad_target"));
        all.add(new Bad("CONNECT", "CONNECT localhost:443 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, "bad_target"));
        all.add(new Bad("the target *", "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, "bad_target"));
        all.add(new Bad("no Host", "GET /x HTTP/1.1\r\n\r\n", 400, "bad_host"));
        all.add(new Bad("two Hosts", "GET /x HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", 400, "bad_host"));
        all.add(new Bad("a Host with a user", "GET /x HTTP/1.1\r\nHost: a@localhost\r\n\r\n", 400, "bad_host"));
        all.add(new Bad(
                "another Host", "GET /x HTTP/1.1\r\nHost: localhost.evil.example\r\n\r\n", 403, "host_not_allowed"));
        all.add(new Bad(
                "the Origin null",
                "GET /x HTTP/1.1\r\nHost: localhost\r\nOrigin: null\r\n\r\n",
                403,
                "origin_not_allowed"));
        all.add(new Bad(
                "a long target",
                "GET /" + "x".repeat(300) + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
                414,
                "request_line_too_long"));
        all.add(new Bad("a large header", post("X: " + "x".repeat(2_000) + "\r\n", ""), 431, "headers_too_large"));
        all.add(new Bad("many headers", post("X: y\r\n".repeat(20), ""), 431, "too_many_headers"));
        all.add(new Bad(
                "a body that says it is too large", post("Content-Length: 4097\r\n", ""), 413, "body_too_large"));
        all.add(new Bad(
                "a body that grows too large",
                chunked("800\r\n" + "x".repeat(2048) + "\r\n801\r\n" + "x".repeat(2049)),
                413,
                "body_too_large"));
        all.add(new Bad(
                "compressed", post("Content-Encoding: gzip\r\nContent-Length: 1\r\n", "x"), 415, "compressed_body"));
        all.add(new Bad(
                "an unknown expectation",
                post("Expect: tea\r\nContent-Length: 1\r\n", "x"),
                417,
                "expectation_failed"));
        all.add(new Bad(
                "chunked twice", post("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n"), 400, "bad_request"));
        all.add(new Bad(
                "gzip, then chunked",
                post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"),
                501,
                "transfer_encoding"));
        return all.stream();
    }

    private static Map<String, String> framing() {
        Map<String, String> bad = new LinkedHashMap<>();
        bad.put("no request", "hello\r\n\r\n");
        bad.put("TLS", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\r\n\r\n");
        bad.put("no version", "GET /x\r\n\r\n");
        bad.put("a space in the target", "GET /x y HTTP/1.1\r\nHost: localhost\r\n\r\n");
        bad.put("a bare line feed", "GET /x HTTP/1.1\nHost: localhost\n\n");
        bad.put("a bare line feed after a header", post("X: y\nContent-Length: 0\r\n", ""));
        bad.put("a bare carriage return", post("X: y\rContent-Length: 5\r\n", ""));
        bad.put("a space before the colon", post("Content-Length : 5\r\n", "hello"));
        bad.put("a header without a name", post(": x\r\n", ""));
        bad.put("a header without a colon", post("Content-Length\r\n", ""));
        bad.put("a name that is no token", post("X(y): z\r\n", ""));
        bad.put("a zero byte in a value", post("X: a\u0000b\r\n", ""));
        bad.put("a zero byte in a name", post("X\u0000: b\r\n", ""));
        bad.put("a chunk size that is no number", chunked("zz\r\nhello\r\n0\r\n\r\n"));
        bad.put("a negative chunk size", chunked("-1\r\nhello\r\n0\r\n\r\n"));
        bad.put("a chunk size with a prefix", chunked("0x5\r\nhello\r\n0\r\n\r\n"));
        bad.put("a chunk size beyond counting", chunked("fffffffffffffffff\r\nhello\r\n0\r\n\r\n"));
        bad.put("a chunk longer than it says", chunked("3\r\nhello\r\n0\r\n\r\n"));
        bad.put("a bare line feed after a chunk size", chunked("5\nhello\r\n0\r\n\r\n"));
        bad.put("no chunk size at all", chunked("\r\nhello\r\n0\r\n\r\n"));
        return bad;
    }

    private static Map<String, String> lengths() {
        Map<String, String> bad = new LinkedHashMap<>();
        String chunks = "5\r\nhello\r\n0\r\n\r\n";
        bad.put("a length and chunks", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", chunks));
        bad.put("chunks and a length", post("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", chunks));
        bad.put("two lengths", post("Content-Length: 5\r\nContent-Length: 6\r\n", "hello"));
        bad.put("the same length twice", post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello"));
        bad.put("a list of lengths", post("Content-Length: 5, 5\r\n", "hello"));
        bad.put("a length with a sign", post("Content-Length: +5\r\n", "hello"));
        bad.put("a negative length", post("Content-Length: -5\r\n", "hello"));
        bad.put("a length in hex", post("Content-Length: 0x5\r\n", "hello"));
        bad.put("an empty length", post("Content-Length: \r\n", "hello"));
        bad.put("a length beyond counting", post("Content-Length: 99999999999999999999\r\n", "hello"));
        return bad;
    }

    @ParameterizedTest
    @MethodSource("bad")
    void whatIsFramedWronglyIsRefusedAndTheConnectionEnds(Bad bad) throws IOException {
        try (RawClient client = connect()) {
            // A second request hides behind the first, as a smuggler would send it.
            client.send(bad.bytes() + "GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n");
            RawClient.Answer answer = client.read();
            assertEquals(bad.status(), answer.status(), answer.body());
            assertTrue(answer.body().contains(bad.code()), answer.body());
            assertEquals("close", answer.headers().get("connection"));
            assertTrue(client.closedByServer());
        }
        assertEquals(List.of(), handled);
        assertEquals(List.of(bad.status()), refused);
    }

    @Test
    void chunksWithTrailersAreOneBodyAndTheTrailersAreDropped() throws IOException {
        try (RawClient client = connect()) {
            client.send(chunked("2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nAuthorization: Bearer x\r\n\r\n"));
            assertEquals("hello", client.read().body());
        }
        assertTrue(!handled.getFirst().headers().has("authorization"), "a trailer is no header");
    }

    /** RFC 9112, section 5.2: a server may read it, as one line with a space. */
    @Test
    void aFoldedHeaderIsOneValueAndNoOther() throws IOException {
        try (RawClient client = connect()) {
            client.send(post("X: a\r\n Content-Length: 5\r\n\t\tb\r\n", ""));
            assertEquals("", client.read().body());
        }
        assertEquals(
                List.of("a Content-Length: 5 b"), handled.getFirst().headers().all("x"));
        assertTrue(!handled.getFirst().headers().has("content-length"));
    }

    @Test
    void trailersHaveTheLimitsOfHeaders() throws IOException {
        try (RawClient client = connect()) {
            client.send(chunked("0\r\n" + ("X: " + "y".repeat(100) + "\r\n").repeat(20) + "\r\n"));
            assertEquals(400, client.read().status());
        }
        assertEquals(List.of(), handled);
    }

    @Test
    void aBodyThatMustBeAskedForIsAskedFor() throws IOException {
        try (RawClient client = connect()) {
            client.send(post("Expect: 100-continue\r\nContent-Length: 5\r\n", ""));
            assertEquals(100, client.readHead().status());
            assertEquals("hello", client.send("hello").read().body());
        }
    }

    @Test
    void aRequestInPiecesOfOneByteIsRead() throws IOException {
        try (RawClient client = connect()) {
            for (char c : post("Content-Length: 5\r\n", "hello").toCharArray()) {
                client.send(String.valueOf(c));
            }
            assertEquals("hello", client.read().body());
        }
    }

    @Test
    void whoSendsTooSlowlyIsToldSoAndCutOff() throws IOException {
        for (String part : List.of(
                "P", "POST /x HTTP/1.1\r\nHost: loc", post("Content-Length: 5\r\n", "hell"), chunked("5\r\nhe"))) {
            try (RawClient client = connect()) {
                RawClient.Answer answer = client.send(part).read();
                assertEquals(408, answer.status(), part);
                assertTrue(client.closedByServer());
            }
        }
        assertEquals(List.of(), handled);
    }

    @Test
    void whoSaysNothingIsCutOff() throws IOException {
        try (RawClient client = connect()) {
            assertTrue(client.closedByServer());
        }
    }

    @Test
    void whoStopsInTheMiddleLeavesNothingBehind() throws Exception {
        for (String part : List.of("", "POST", post("Content-Length: 5\r\n", "he"), chunked("5\r\nhe"))) {
            try (RawClient client = connect()) {
                client.send(part).endOutput();
                assertTrue(client.closedByServer());
            }
        }
        assertEquals(List.of(), handled);
    }

    @Test
    void aClientThatVanishesWhileItsRequestRunsIsNoticed() throws Exception {
        try (RawClient client = connect()) {
            client.send("GET /wait HTTP/1.1\r\nHost: localhost\r\n\r\n");
            begun.await();
        }
        assertTrue(gone.await(60, TimeUnit.SECONDS));
    }

    @Test
    void whoReadsSlowlyGetsAllOfALargeAnswer() throws Exception {
        try (RawClient client = connect()) {
            client.receiveBuffer(64 << 10);
            client.send("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n").readHead();
            int pieces = 12;
            for (int i = 0; i < pieces; i++) {
                assertEquals(1 << 20, client.bytes(1 << 20).length);
                assertEquals(1, server.connections(), "it was cut off in its " + i + "th piece");
                assertFalse(gone.await(100, TimeUnit.MILLISECONDS));
            }
            assertEquals(LARGE - (pieces << 20), client.bytes(LARGE - (pieces << 20)).length);
        }
    }

    @Test
    void whoReadsNothingOfALargeAnswerIsCutOff() throws Exception {
        try (RawClient client = connect()) {
            client.receiveBuffer(64 << 10);
            client.send("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n").readHead();
            Waiting.whilst(() -> server.connections() > 0);
            assertTrue(client.closedByServer());
        }
    }

    @Test
    void aSlowReaderGivesWayWhenOthersWaitForItsRoom() throws Exception {
        try (RawClient slow = connect();
                RawClient quick = connect()) {
            slow.receiveBuffer(64 << 10);
            slow.send("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n").readHead();
            quick.send("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n").readHead();
            assertEquals(LARGE, quick.bytes(LARGE).length);
            assertTrue(slow.bytes(LARGE).length < LARGE);
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrderAndNotInParallel() throws Exception {
        try (RawClient client = connect()) {
            client.send("GET /wait HTTP/1.1\r\nHost: localhost\r\n\r\n" + post("Content-Length: 1\r\n", "2")
                    + chunked("1\r\n3\r\n0\r\n\r\n"));
            begun.await();
            assertEquals(1, handled.size());
            goOn.countDown();
            assertEquals("", client.read().body());
            assertEquals("2", client.read().body());
            assertEquals("3", client.read().body());
        }
    }

    @Test
    void whoPipelinesTooManyIsCutOff() throws Exception {
        try (RawClient client = connect()) {
            client.send("GET /wait HTTP/1.1\r\nHost: localhost\r\n\r\n");
            begun.await();
            client.send(post("Content-Length: 0\r\n", "").repeat(3));
            assertTrue(client.closedByServer());
        }
        assertEquals(1, handled.size());
    }

    @Test
    void bodiesThatWaitInTinyPiecesCostWhatTheyCost() throws Exception {
        try (RawClient client = connect()) {
            client.send("GET /wait HTTP/1.1\r\nHost: localhost\r\n\r\n");
            begun.await();
            // 20 bytes of body; but what holds them is far more than this server's 16 KB.
            client.send(chunked("1\r\nx\r\n".repeat(20)));
            assertTrue(client.closedByServer());
        }
    }

    @Test
    void bodiesOfAllConnectionsTogetherHaveALimitAndItIsGivenBack() throws Exception {
        for (int round = 0; round < 20; round++) {
            try (RawClient client = connect()) {
                client.send(post("Content-Length: 4096\r\n", "x".repeat(4_095)));
                client.endOutput();
                assertTrue(client.closedByServer());
            }
        }
        try (RawClient client = connect()) {
            client.send(post("Content-Length: 4096\r\n", "x".repeat(4_096)));
            assertEquals(4_096, client.read().body().length());
        }
    }

    @Test
    void oneConnectionTooManyIsClosedAndAPlaceThatIsFreedIsGivenAgain() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            clients.add(connect());
            clients.getLast().send("GET /wait HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }
        begun.await();
        try (RawClient fourth = connect()) {
            assertTrue(fourth.closedByServer());
        }
        goOn.countDown();
        for (RawClient client : clients) {
            assertEquals(200, client.read().status());
            client.close();
        }
        // The server hears of the closed ones in its own time.
        RawClient.Answer answer = retried();
        assertEquals(200, answer.status());
    }

    private RawClient.Answer retried() throws IOException {
        for (int round = 0; round < 1_000; round++) {
            try (RawClient again = connect()) {
                return again.send("GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n").read();
            } catch (EOFException | java.net.SocketException e) {
                Thread.onSpinWait();
            }
        }
        throw new AssertionError("no place is ever given again");
    }

    @Test
    void aHandlersAnswerCannotEndItsHeadEarly() {
        assertThrows(IllegalArgumentException.class, () -> Response.empty(200).with("x", "a\r\nb: c"));
    }
}
