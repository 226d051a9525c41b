package dev.reeve.outbound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.reeve.outbound.HttpCallException.Kind;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever waits for a server is told when the time is over, whatever was waited for on the same connection before. */
@Timeout(60)
final class HttpWaitTest {
    @SuppressWarnings("NullAway.Init")
    private static EventLoopGroup loops;

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(60);
    /** Enough for an answer on a busy machine. */
    private static final Duration WHILE = Duration.ofMillis(700);

    private final CountDownLatch over = new CountDownLatch(1);

    /** Not where it is declared: a class that fails is run again in the same process. */
    @BeforeAll
    static void begin() {
        loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    }

    @AfterAll
    static void stop() {
        loops.shutdownGracefully();
    }

    private static HttpPool pool(RawServer server) {
        return new HttpPool(
                new HttpOrigin(false, "127.0.0.1", server.port()),
                AddressCheck.forHost("127.0.0.1", List.of(Cidr.parse("127.0.0.1/32"))),
                loops,
                HttpPool.Limits.USUAL);
    }

    private static HttpExchange ask(HttpPool pool, String path) {
        return pool.exchange(new HttpCall("POST", path, Map.of(), new byte[] {'x'}), Departure.FREE);
    }

    private static long in(Duration time) {
        return System.nanoTime() + time.toNanos();
    }

    /** Answers, unless it is asked for silence. */
    private RawServer server() throws Exception {
        return new RawServer((request, line) -> {
            switch (request.target()) {
                case "/silent" -> over.await();
                case "/half" -> {
                    line.raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
                    over.await();
                }
                default -> line.json("whole");
            }
        });
    }

    private static void whole(HttpPool pool) throws Exception {
        try (HttpExchange exchange = ask(pool, "/")) {
            exchange.start(in(LONG));
            assertEquals("whole", new String(exchange.body(100, in(LONG)), StandardCharsets.UTF_8));
        }
    }

    @Test
    void aServerThatNeverBeginsIsGivenUpInTime() throws Exception {
        try (RawServer server = server();
                HttpPool pool = pool(server)) {
            whole(pool);
            try (HttpExchange exchange = ask(pool, "/silent")) {
                HttpCallException late = assertThrows(HttpCallException.class, () -> exchange.start(in(SHORT)));
                assertEquals(Kind.TIMED_OUT, late.kind());
            }
        } finally {
            over.countDown();
        }
    }

    @Test
    void aShortTimeAfterALongOneOnTheSameConnectionIsShort() throws Exception {
        try (RawServer server = server();
                HttpPool pool = pool(server)) {
            for (int i = 0; i < 3; i++) {
                whole(pool);
            }
            try (HttpExchange exchange = ask(pool, "/half")) {
                exchange.start(in(LONG));
                HttpCallException late = assertThrows(HttpCallException.class, () -> exchange.body(100, in(SHORT)));
                assertEquals(Kind.TIMED_OUT, late.kind());
            }
            assertEquals(1, server.connections(), "all of it went over one connection");
        } finally {
            over.countDown();
        }
    }

    /** The event loop looks when the first time is over, and again when the second is. */
    @Test
    void aLongTimeAfterAShortOneIsNotCutShort() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (RawServer server = new RawServer((request, line) -> {
                    if (request.target().equals("/later")) {
                        go.await();
                    }
                    line.json("whole");
                });
                HttpPool pool = pool(server)) {
            whole(pool);
            long shortly = in(WHILE);
            try (HttpExchange first = ask(pool, "/")) {
                first.start(in(LONG));
                assertEquals(5, first.body(100, shortly).length);
            }
            try (HttpExchange second = ask(pool, "/later")) {
                var ignored = loops.schedule(go::countDown, WHILE.toMillis() * 2, TimeUnit.MILLISECONDS);
                second.start(in(LONG));
                assertEquals(5, second.body(100, in(LONG)).length);
            }
        }
    }
}
