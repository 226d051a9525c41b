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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What event streams may leave unread, counted from when it is handed over: the event loops of these channels run only when a test lets them. */
@Timeout(60)
final class UnreadEventsTest {
    private static final HttpLimits LIMITS = HttpLimits.DEFAULT
            .withTimes(Duration.ofHours(1), Duration.ofMillis(20), Duration.ofHours(1), Duration.ofHours(1))
            .withBodies(1 << 20, 1 << 20);

    private final LinkedBlockingQueue<EventStream> opened = new LinkedBlockingQueue<>();
    private final Shared shared = new Shared(
            HttpConfig.loopback(0).with(LIMITS),
            (request, responder) -> opened.add(responder.stream(new Response(200, Map.of(), new byte[0]))),
            System::nanoTime,
            (path, refusal) -> {});

    /** A client that has asked, and its stream. */
    private final class Client {
        final EmbeddedChannel channel;
        final EventStream stream;

        Client() throws InterruptedException {
            this.channel = new EmbeddedChannel();
            channel.pipeline().addLast(new Connection(shared, channel));
            this.stream = asked();
        }

        /** The next request of a client that keeps its connection. */
        Client(Client before) throws InterruptedException {
            this.channel = before.channel;
            this.stream = asked();
        }

        private EventStream asked() throws InterruptedException {
            HttpRequest get = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
            get.headers().set("host", "localhost");
            channel.writeInbound(get, LastHttpContent.EMPTY_LAST_CONTENT);
            EventStream to = opened.poll(30, TimeUnit.SECONDS);
            if (to == null) {
                throw new AssertionError("the handler was not asked");
            }
            channel.runPendingTasks();
            return to;
        }
    }

    @Test
    void aBurstIsCountedBeforeTheEventLoopHasSeenIt() throws Exception {
        Client client = new Client();
        byte[] event = new byte[80_000];
        assertTrue(client.stream.send(event));
        assertTrue(client.stream.send(event));
        assertFalse(client.stream.send(event), "more than 128 KiB wait already");
        assertFalse(client.channel.isOpen());
    }

    @Test
    void soAreEventsThatNeverWait() throws Exception {
        Client client = new Client();
        byte[] event = new byte[80_000];
        assertTrue(client.stream.offer(event));
        assertTrue(client.stream.offer(event));
        assertFalse(client.stream.offer(event));
        assertFalse(client.channel.isOpen(), "its stream has a gap now");
    }

    @Test
    void manyClientsThatReadNothingHoldNoMoreTogetherThanOne() throws Exception {
        byte[] event = new byte[100_000];
        int open = 0;
        for (int i = 0; i < 40; i++) {
            open += new Client().stream.send(event) ? 1 : 0;
        }
        assertTrue(open >= 8 && open <= 11, open + " of 40 in 1 MiB");
    }

    @Test
    void whatWasReadGivesItsRoomBack() throws Exception {
        Client client = new Client();
        byte[] event = new byte[100_000];
        for (int i = 0; i < 50; i++) {
            assertTrue(client.stream.send(event), "event " + i);
            client.channel.runPendingTasks();
            client.channel.releaseOutbound();
        }
    }

    @Test
    void whatComesLateToAnEndedStreamIsNotTheNextOnes() throws Exception {
        Client first = new Client();
        first.stream.end();
        first.channel.runPendingTasks();
        Client next = new Client(first);
        first.channel.releaseOutbound();
        first.stream.end();
        first.stream.pause(1_000);
        assertFalse(first.stream.send("a result of the first".getBytes(StandardCharsets.US_ASCII)));
        first.channel.runPendingTasks();
        assertEquals(0, first.channel.outboundMessages().size(), "nothing of the first, and no end");
        assertTrue(next.stream.send("mine".getBytes(StandardCharsets.US_ASCII)));
        first.channel.runPendingTasks();
        assertTrue(first.channel.outboundMessages().size() > 0);
    }

    @Test
    void aStreamThatIsAbortedEndsItsConnectionAndNoOtherAnswer() throws Exception {
        Client client = new Client();
        client.stream.end();
        client.channel.runPendingTasks();
        client.stream.abort();
        client.channel.runPendingTasks();
        assertTrue(client.channel.isOpen(), "the answer was whole, and the connection may carry another's");
        Client other = new Client();
        other.stream.abort();
        other.channel.runPendingTasks();
        assertFalse(other.channel.isOpen());
        assertFalse(other.stream.send(new byte[1]));
    }
}
