package dev.reeve.http;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledDirectByteBuf;
import io.netty.buffer.UnpooledHeapByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A large answer for which there is no memory ends its connection, and takes nothing from others for ever. */
@Timeout(60)
final class NoMemoryTest {
    private final CountDownLatch sent = new CountDownLatch(1);
    private final Shared shared = new Shared(
            HttpConfig.loopback(0),
            (request, responder) -> {
                responder.send(new Response(200, Map.of(), new byte[Unread.LARGE]));
                sent.countDown();
            },
            System::nanoTime,
            (path, refusal) -> {});

    /** Has memory for heads only. */
    private static final class Small extends AbstractByteBufAllocator {
        @Override
        public boolean isDirectBufferPooled() {
            return false;
        }

        @Override
        protected ByteBuf newHeapBuffer(int capacity, int most) {
            return new UnpooledHeapByteBuf(this, little(capacity), most);
        }

        @Override
        protected ByteBuf newDirectBuffer(int capacity, int most) {
            return new UnpooledDirectByteBuf(this, little(capacity), most);
        }

        private static int little(int capacity) {
            if (capacity > Unread.LARGE) {
                throw new OutOfMemoryError("for the test");
            }
            return capacity;
        }
    }

    @Test
    void itsRoomIsGivenBack() throws Exception {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.config().setAllocator(new Small());
        channel.pipeline().addLast(new Connection(shared, channel));
        HttpRequest get = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
        get.headers().set("host", "localhost");
        channel.writeInbound(get, LastHttpContent.EMPTY_LAST_CONTENT);
        assertTrue(sent.await(30, TimeUnit.SECONDS));
        channel.runPendingTasks();
        assertFalse(channel.isOpen());
        int all = (int) HttpLimits.DEFAULT.bodies();
        assertFalse(shared.unread()
                .take(new Sender.Known("agent"), all, Duration.ZERO)
                .isNone());
    }
}
