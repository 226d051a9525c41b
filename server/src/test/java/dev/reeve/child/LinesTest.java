package dev.reeve.child;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Lines of children: cut at their limit, and long ones only as many at a time as there is room for. */
@Timeout(60)
final class LinesTest {
    private static final int LONG = 2 * Lines.SHORT;

    private final AtomicLong now = new AtomicLong();
    private final LongLines room = new LongLines(LONG, Duration.ofSeconds(1), now::get);
    private final List<String> got = new ArrayList<>();

    private void read(String text, int limit) throws IOException {
        lines(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), limit, () -> {});
    }

    private void lines(InputStream in, int limit, Runnable cut) throws IOException {
        new Lines(in, limit, room, cut).drainTo((line, whole) -> got.add((whole ? "" : "cut:") + line.length));
    }

    /** A pipe that says the beginning of a long line, and the rest when it may. */
    private static final class Stalled extends InputStream {
        final CountDownLatch stalls = new CountDownLatch(1);
        final CountDownLatch goesOn = new CountDownLatch(1);
        private int said;

        @Override
        public int read() {
            throw new UnsupportedOperationException();
        }

        @Override
        public int read(byte[] to, int from, int most) throws IOException {
            if (said > Lines.SHORT + most) {
                stalls.countDown();
                await(goesOn);
                to[from] = '\n';
                said = said < 0 ? said : -1;
                return 1;
            }
            if (said < 0) {
                return -1;
            }
            java.util.Arrays.fill(to, from, from + most, (byte) 'x');
            said += most;
            return most;
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(50, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void linesOfAllLengthsComeWholeUpToTheLimit() throws IOException {
        for (int length : List.of(1, 4096, 16 << 10, Lines.SHORT, Lines.SHORT + 1, LONG)) {
            read("x".repeat(length) + "\r\n" + "y".repeat(length) + "\nz", LONG + 1);
            assertEquals(List.of("" + length, "" + length, "1"), got);
            got.clear();
        }
        read("x".repeat(LONG + 5) + "\nabc\n", LONG);
        assertEquals(List.of("cut:" + LONG, "3"), got);
    }

    @Test
    void aLineThatIsNotFinishedGivesWayWhenAnotherWaitsAndItsTimeIsOver() throws Exception {
        Stalled stalled = new Stalled();
        CountDownLatch cut = new CountDownLatch(1);
        CompletableFuture<List<String>> first = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            List<String> lines = new ArrayList<>();
            try {
                new Lines(stalled, LONG, room, cut::countDown).drainTo((line, whole) -> lines.add("" + line.length));
                first.complete(lines);
            } catch (IOException | RuntimeException e) {
                first.completeExceptionally(e);
            }
        });
        await(stalled.stalls);
        read("short\n", LONG);
        assertEquals(1, cut.getCount(), "short lines need no room");
        now.addAndGet(TimeUnit.SECONDS.toNanos(2));
        read("y".repeat(LONG) + "\n", LONG);
        assertEquals(List.of("5", "" + LONG), got);
        assertEquals(0, cut.getCount());
        stalled.goesOn.countDown();
        assertEquals(List.of(), first.get(), "what gave way is nobody's line");
    }

    @Test
    void aLineThatIsFinishedMakesRoomForTheNext() throws Exception {
        Stalled stalled = new Stalled();
        CompletableFuture<Boolean> first = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                new Lines(stalled, LONG, room, () -> first.complete(false))
                        .drainTo((line, whole) -> first.complete(whole));
            } catch (IOException | RuntimeException e) {
                first.completeExceptionally(e);
            }
        });
        await(stalled.stalls);
        CompletableFuture<Boolean> second = new CompletableFuture<>();
        Thread waiting = Thread.ofPlatform().start(() -> {
            try {
                read("y".repeat(LONG) + "\n", LONG);
                second.complete(true);
            } catch (IOException | RuntimeException e) {
                second.completeExceptionally(e);
            }
        });
        while (waiting.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        assertFalse(second.isDone());
        stalled.goesOn.countDown();
        assertTrue(first.get(), "its time was not over");
        assertTrue(second.get());
        assertEquals(List.of("" + LONG), got);
    }
}
