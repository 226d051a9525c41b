package dev.reeve.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.Waiting;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The room for bodies: nobody takes it from others, least of all somebody without a key. */
@Timeout(180)
final class BodySharesTest {
    private static final int BODY = 256 << 10;
    private static final HttpLimits LIMITS = HttpLimits.DEFAULT
            .withBodies(BODY, 4L * BODY)
            .withTimes(
                    Duration.ofSeconds(100), Duration.ofSeconds(100), Duration.ofSeconds(100), Duration.ofSeconds(100));

    private static EventLoopGroup loops;

    private final List<RawClient> holding = new ArrayList<>();
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final List<String> refusals = new CopyOnWriteArrayList<>();
    private HttpServer server;

    @BeforeAll
    static void start() {
        loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    }

    @AfterAll
    static void stop() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.open(
                HttpConfig.loopback(0).with(LIMITS),
                loops,
                new Named(),
                (path, refusal) -> refusals.add(path + " " + refusal.status()));
    }

    @AfterEach
    void close() throws IOException {
        goOn.countDown();
        for (RawClient client : holding) {
            client.close();
        }
        server.close(Duration.ofMillis(100));
    }

    private final class Named implements Handler {
        @Override
        public void handle(Request request, Responder responder) {
            if (request.path().equals("/wait")) {
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            responder.send(Response.json(200, new byte[0]));
        }

        @Override
        public Sender sender(Request.Headers headers) {
            return headers.only("authorization").<Sender>map(Sender.Known::new).orElseGet(Sender.Stranger::new);
        }
    }

    private static String post(String key, int length, int sent) {
        String named = key.isEmpty() ? "" : "Authorization: " + key + "\r\n";
        return "POST /x?y HTTP/1.1\r\nHost: localhost\r\n" + named + "Content-Length: " + length + "\r\n\r\n"
                + "x".repeat(sent);
    }

    /** Sends all but the last byte. */
    private void hold(String key, int length) throws IOException {
        RawClient client = new RawClient(server.address());
        holding.add(client);
        client.send(post(key, length, length - 1));
    }

    private int status(String key, int length) throws IOException {
        try (RawClient client = new RawClient(server.address())) {
            return client.send(post(key, length, length)).read().status();
        }
    }

    /** What others hold is counted once the server has read it. */
    private void until(int status, String key, int length) {
        Waiting.whilst(() -> {
            try {
                return status(key, length) != status;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Test
    void whoShowsNoKeySendsASmallBodyOnly() throws IOException {
        assertEquals(200, status("", 64 << 10));
        try (RawClient client = new RawClient(server.address())) {
            RawClient.Answer answer =
                    client.send(post("", BODY, (64 << 10) + 1)).read();
            assertEquals(401, answer.status());
            assertTrue(answer.body().contains("a key is needed"), answer.body());
            assertEquals(List.of("/x 401"), refusals);
        }
        assertEquals(200, status("a", BODY));
    }

    @Test
    void strangersTogetherLeaveRoomForThoseWhoAreKnown() throws IOException {
        for (int i = 0; i < 5; i++) {
            hold("", 60 << 10);
        }
        until(503, "", 60 << 10);
        assertEquals(200, status("a", BODY));
        assertEquals(200, status("b", 1));
        try (RawClient client = new RawClient(server.address())) {
            String bare = "GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n";
            assertEquals(200, client.send(bare).read().status(), "what has no body takes no room");
        }
    }

    @Test
    void oneKeyHoldsAQuarterAndGivesItBack() throws IOException {
        hold("a", BODY);
        until(503, "a", 100 << 10);
        assertEquals(200, status("b", BODY));
        holding.removeFirst().close();
        until(200, "a", BODY);
    }

    @Test
    void whatIsPipelinedBehindARequestCountsForItsSender() throws IOException {
        RawClient client = new RawClient(server.address());
        holding.add(client);
        String waits = "POST /wait HTTP/1.1\r\nHost: localhost\r\nAuthorization: a\r\nContent-Length: 1\r\n\r\nx";
        client.send(waits + post("a", BODY, 80 << 10));
        // Strangers are refused once both were read; whoever competed with the first one could have it cut off instead.
        hold("b", 200 << 10);
        until(503, "", 1);
        assertEquals(503, status("a", 200 << 10));
        assertEquals(200, status("c", BODY));
        goOn.countDown();
        assertEquals(200, client.read().status());
    }
}
