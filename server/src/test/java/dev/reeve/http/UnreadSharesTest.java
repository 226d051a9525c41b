package dev.reeve.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who reads nothing takes room from itself: what is left of it is for others. The event loops of these channels run only when a test lets them. */
@Timeout(60)
final class UnreadSharesTest {
    private static final int ROOM = 1 << 20;
    private static final HttpLimits LIMITS = HttpLimits.DEFAULT
            .withTimes(Duration.ofHours(1), Duration.ofMillis(20), Duration.ofHours(1), Duration.ofHours(1))
            .withBodies(ROOM, ROOM);

    private final LinkedBlockingQueue<EventStream> opened = new LinkedBlockingQueue<>();
    private final Shared shared =
            new Shared(HttpConfig.loopback(0).with(LIMITS), new Named(), System::nanoTime, (path, refusal) -> {});

    private final class Named implements Handler {
        @Override
        public void handle(Request request, Responder responder) {
            opened.add(responder.stream(new Response(200, Map.of(), new byte[0])));
        }

        /** A key is the agent and a number. */
        @Override
        public Sender sender(Request.Headers headers) {
            return new Sender.Known(headers.only("authorization").orElseThrow().replaceAll("[0-9]", ""));
        }
    }

    private EventStream stream(String key) throws InterruptedException {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.pipeline().addLast(new Connection(shared, channel));
        HttpRequest get = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
        get.headers().set("host", "localhost").set("authorization", key);
        channel.writeInbound(get, LastHttpContent.EMPTY_LAST_CONTENT);
        EventStream to = opened.poll(30, TimeUnit.SECONDS);
        if (to == null) {
            throw new AssertionError("the handler was not asked");
        }
        channel.runPendingTasks();
        return to;
    }

    @Test
    void anAgentThatReadsNothingWithAnyOfItsKeysLeavesHalfToOthers() throws Exception {
        byte[] event = new byte[100_000];
        int taken = 0;
        for (int i = 0; i < 20; i++) {
            taken += stream("hog" + i).send(event) ? 1 : 0;
        }
        assertEquals(5, taken, "half of 1 MiB");
        for (int i = 0; i < 2; i++) {
            assertTrue(stream("other" + i).send(event), "there is room for others");
        }
    }

    /** The first takes what is left until somebody waits who has less; that one is cut off, and not who reads. */
    @Test
    void whoWaitsForItsOwnReadersCutsOffNobodyElses() throws Exception {
        Unread unread = new Unread(ROOM);
        Sender hog = new Sender.Known("hog");
        Sender other = new Sender.Known("other");
        List<Unread.Part> held = new ArrayList<>();
        held.add(unread.take(hog, ROOM / 2, Duration.ZERO));
        held.add(unread.take(other, ROOM / 4, Duration.ZERO));
        assertTrue(held.stream().noneMatch(Unread.Part::isNone));
        assertTrue(unread.take(hog, ROOM / 8, Duration.ZERO).isNone());
        Thread waits = Thread.startVirtualThread(() -> held.add(unread.take(hog, ROOM / 8, Duration.ofHours(1))));
        dev.reeve.Waiting.whilst(() -> !unread.isWantedOf(hog));
        assertFalse(unread.isWantedOf(other));
        unread.giveBack(held.removeFirst());
        waits.join();
        assertFalse(unread.isWantedOf(hog));
        held.forEach(unread::giveBack);
        assertFalse(unread.take(hog, ROOM, Duration.ZERO).isNone(), "all of it is back");
    }
}
