package dev.reeve.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.Mutations;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The real decoder and connection, without a socket, against requests that were right once. */
@Timeout(120)
final class HttpHeadFuzzTest {
    private static final long SEED = 20_260_728;
    private static final int ROUNDS = 30_000;
    private static final Set<Integer> ANSWERS = Set.of(100, 200, 400, 403, 413, 414, 415, 417, 431, 501, 503, 505);
    private static final HttpLimits LIMITS = new HttpLimits(
            256,
            1024,
            16,
            4096,
            65_536,
            10,
            4,
            4,
            Duration.ofHours(1),
            Duration.ofHours(1),
            Duration.ofHours(1),
            Duration.ofHours(1));

    private final List<Request> handled = new CopyOnWriteArrayList<>();
    private final Semaphore mayAnswer = new Semaphore(0);
    private final Semaphore answered = new Semaphore(0);
    private final Shared shared = new Shared(
            HttpConfig.loopback(0).with(LIMITS),
            (request, responder) -> {
                handled.add(request);
                // The channel here has one thread at a time: ours while it reads, the handler's while it answers.
                mayAnswer.acquireUninterruptibly();
                responder.send(Response.empty(200));
                answered.release();
            },
            System::nanoTime,
            (path, refusal) -> {});

    private static List<byte[]> seeds() {
        String host = "Host: localhost:7070\r\n";
        return Stream.of(
                        "GET /mcp HTTP/1.1\r\n" + host + "\r\n",
                        "POST /mcp HTTP/1.1\r\n" + host + "Content-Length: 5\r\n\r\nhello",
                        "POST /mcp HTTP/1.1\r\n" + host
                                + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1;a=b\r\n!\r\n0\r\nX: y\r\n\r\n",
                        "POST /mcp/pg HTTP/1.1\r\n" + host + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\nhi",
                        "DELETE /mcp HTTP/1.1\r\n" + host + "Connection: close\r\nMcp-Session-Id: a\r\n\r\n",
                        "POST /mcp HTTP/1.1\r\n" + host + "Content-Length: 2\r\n\r\nhi".repeat(3))
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1))
                .toList();
    }

    @Test
    void whatWasRightOnceIsReadOrRefusedAndNothingIsKept() {
        Mutations mutations = new Mutations(SEED, seeds());
        int read = 0;
        for (int round = 0; round < ROUNDS; round++) {
            handled.clear();
            byte[] text = mutations.next();
            String where = "seed " + SEED + " round " + round;
            List<Integer> answers = talk(text, mutations);
            assertTrue(ANSWERS.containsAll(answers), where + ": " + answers);
            assertEquals(0, shared.bytes().taken(), where);
            assertEquals(0, shared.requests().taken(), where);
            for (Request request : handled) {
                read++;
                String framing = where + ": " + new String(text, StandardCharsets.ISO_8859_1);
                assertFalse(
                        request.headers().has("content-length")
                                && request.headers().has("transfer-encoding"),
                        framing);
                assertTrue(request.path().startsWith("/") && request.body().length <= LIMITS.body(), framing);
                request.headers()
                        .only("content-length")
                        .ifPresent(length -> assertEquals(length, Integer.toString(request.body().length), framing));
            }
        }
        assertTrue(read > ROUNDS / 10, "some are near enough to be read: " + read);
    }

    private List<Integer> talk(byte[] text, Mutations mutations) {
        EmbeddedChannel channel = new EmbeddedChannel();
        Connection connection = new Connection(shared, channel);
        channel.pipeline().addLast(new StrictRequestDecoder(LIMITS, connection), connection);
        for (int at = 0; at < text.length && channel.isOpen(); ) {
            int piece = mutations.piece(text.length - at);
            channel.writeInbound(Unpooled.copiedBuffer(text, at, piece));
            at += piece;
            while (shared.requests().taken() > 0) {
                mayAnswer.release();
                answered.acquireUninterruptibly();
                channel.runPendingTasks();
            }
        }
        channel.close();
        channel.runPendingTasks();
        channel.checkException();
        return statuses(channel);
    }

    private static List<Integer> statuses(EmbeddedChannel channel) {
        List<Integer> statuses = new CopyOnWriteArrayList<>();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            String line = out.toString(StandardCharsets.ISO_8859_1);
            assertTrue(line.startsWith("HTTP/1.1 "), line);
            statuses.add(Integer.parseInt(line.substring(9, 12)));
            out.release();
        }
        return statuses;
    }
}
