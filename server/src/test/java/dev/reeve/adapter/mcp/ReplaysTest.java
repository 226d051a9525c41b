package dev.reeve.adapter.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.http.EventStream;
import dev.reeve.turns.Turns;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A stream that broke is taken up again where it broke, by its own session and as long as memory allows. */
final class ReplaysTest {
    private final AtomicInteger ids = new AtomicInteger();

    private Replays replays(int budget) {
        return new Replays(() -> "s" + ids.incrementAndGet(), new Turns(2 * budget), "agent");
    }

    @Test
    void whatIsOpenedAfterTheSessionEndedKeepsNothing() {
        Turns room = new Turns(200);
        Replays replays = new Replays(() -> "s" + ids.incrementAndGet(), room, "agent");
        replays.close();
        for (int i = 0; i < 10; i++) {
            Pipe pipe = new Pipe(9);
            Replays.Resumable late = replays.open(pipe);
            assertTrue(late.send("cancelled".getBytes(StandardCharsets.UTF_8)));
            assertFalse(late.isWhole());
            assertEquals(List.of("", "cancelled"), pipe.got, "it is told all the same");
        }
        assertTrue(room.tryTake(Optional.of("agent"), 200), "nothing was kept of them");
    }

    /** Remembers what came through; breaks after so many events. */
    private static final class Pipe implements EventStream {
        final List<String> got = new ArrayList<>();
        private final int breaksAfter;
        boolean ended;

        Pipe(int breaksAfter) {
            this.breaksAfter = breaksAfter;
        }

        @Override
        public boolean send(byte[] data) {
            return take(new String(data, StandardCharsets.UTF_8));
        }

        @Override
        public boolean send(String id, byte[] data) {
            return take(id + ":" + new String(data, StandardCharsets.UTF_8));
        }

        private boolean take(String event) {
            return got.size() < breaksAfter && got.add(event);
        }

        @Override
        public boolean offer(byte[] data) {
            return send(data);
        }

        @Override
        public void pause(int retryMillis) {
            got.add("retry " + retryMillis);
            end();
        }

        @Override
        public void end() {
            ended = true;
        }

        @Override
        public void abort() {
            ended = true;
        }

        @Override
        public boolean isOpen() {
            return !ended;
        }
    }

    /** A client that reads nothing: who sends waits until it is cut off. */
    private static final class Stuck implements EventStream {
        final CountDownLatch waits = new CountDownLatch(1);
        final CountDownLatch cut = new CountDownLatch(1);

        @Override
        public boolean send(byte[] data) {
            waits.countDown();
            await(cut);
            return false;
        }

        @Override
        public boolean send(String id, byte[] data) {
            return send(data);
        }

        @Override
        public boolean offer(byte[] data) {
            return false;
        }

        @Override
        public void end() {}

        @Override
        public void pause(int retryMillis) {}

        @Override
        public void abort() {
            cut.countDown();
        }

        @Override
        public boolean isOpen() {
            return cut.getCount() > 0;
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(60, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A stream of two events, taken up by somebody who reads nothing. */
    private static Thread stuck(Replays replays, Stuck on) {
        Replays.Resumable stream = replays.open(new Pipe(1));
        stream.send(bytes("a"));
        stream.send(bytes("b"));
        Thread resuming = Thread.startVirtualThread(() -> assertTrue(replays.resume("s1-0", () -> on)));
        await(on.waits);
        return resuming;
    }

    @Test
    void nobodyWhoEndsASessionWaitsForAClientThatReadsNothing() throws Exception {
        Replays replays = replays(1 << 20);
        Stuck client = new Stuck();
        Thread resuming = stuck(replays, client);
        assertTimeoutPreemptively(Duration.ofSeconds(30), replays::close);
        await(client.cut);
        resuming.join();
    }

    @Test
    void whoComesBackAgainHasOneConnectionFullAndNotTwo() throws Exception {
        Replays replays = replays(1 << 20);
        Stuck client = new Stuck();
        Thread resuming = stuck(replays, client);
        Pipe second = new Pipe(9);
        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> replays.resume("s1-0", () -> second));
        await(client.cut);
        resuming.join();
        assertEquals(List.of("s1-1:a", "s1-2:b"), second.got);
    }

    @Test
    void whatIsSentWhileAStreamIsTakenUpComesAfterWhatWasMissed() throws Exception {
        Replays replays = replays(1 << 20);
        Replays.Resumable stream = replays.open(new Pipe(1));
        stream.send(bytes("a"));
        Pipe second = new Pipe(9);
        AtomicReference<Thread> late = new AtomicReference<>();
        assertTrue(replays.resume("s1-0", () -> {
            late.set(Thread.startVirtualThread(() -> stream.send(bytes("b"))));
            return second;
        }));
        stream.send(bytes("c"));
        late.get().join();
        stream.end();
        assertEquals(
                List.of("a", "b", "c"),
                second.got.stream().map(it -> it.substring(5)).sorted().toList());
        assertEquals("s1-1:a", second.got.getFirst());
        assertTrue(second.ended);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void theFirstEventSaysHowToComeBackAndTheRestComesThen() {
        Replays replays = replays(1 << 20);
        Pipe first = new Pipe(2);
        Replays.Resumable stream = replays.open(first);
        assertTrue(stream.send(bytes("a")));
        assertTrue(stream.send(bytes("b")), "the client is gone, and may come back");
        stream.send(bytes("c"));
        stream.end();
        assertEquals(List.of("s1-0:", "s1-1:a"), first.got);
        Pipe second = new Pipe(9);
        assertTrue(replays.resume("s1-1", () -> second));
        assertEquals(List.of("s1-2:b", "s1-3:c"), second.got);
        assertTrue(second.ended);
    }

    @Test
    void whatComesAfterTheReturnGoesToTheNewStream() {
        Replays replays = replays(1 << 20);
        Replays.Resumable stream = replays.open(new Pipe(1));
        Pipe second = new Pipe(9);
        assertTrue(replays.resume("s1-0", () -> second));
        stream.send(bytes("late"));
        stream.end();
        assertEquals(List.of("s1-1:late"), second.got);
        assertTrue(second.ended);
    }

    @Test
    void anotherSessionAndOddIdsFindNothing() {
        Replays replays = replays(1 << 20);
        replays.open(new Pipe(9));
        for (String id : List.of("s1", "s1-", "s1-9", "s1--1", "s1-0x", "s2-0", "", "-", "s1-99999999999")) {
            assertFalse(replays.resume(id, () -> new Pipe(9)), id);
        }
        assertFalse(replays(1 << 20).resume("s1-0", () -> new Pipe(9)));
    }

    @Test
    void whatDoesNotFitIsSentButNotKept() {
        Replays replays = replays(200);
        Pipe pipe = new Pipe(9);
        Replays.Resumable stream = replays.open(pipe);
        assertTrue(stream.send(new byte[500]));
        assertFalse(stream.isWhole());
        assertFalse(replays.resume("s1-0", () -> new Pipe(9)));
        assertEquals(2, pipe.got.size());
    }

    @Test
    void aSessionThatEndsGivesItsMemoryBack() {
        Turns room = new Turns(1000);
        for (int round = 0; round < 50; round++) {
            Replays replays = new Replays(() -> "x", room, "agent");
            assertTrue(replays.open(new Pipe(9)).isWhole(), "round " + round);
            replays.close();
        }
    }

    @Test
    void oneAgentWithManySessionsKeepsNoMoreThanHalf() {
        Turns room = new Turns(10_000);
        Pipe pipe = new Pipe(0);
        int whole = 0;
        for (int i = 0; i < 20; i++) {
            Replays.Resumable one = new Replays(() -> "s" + ids.incrementAndGet(), room, "many").open(pipe);
            one.send(new byte[1_000]);
            whole += one.isWhole() ? 1 : 0;
        }
        assertEquals(4, whole);
        Replays.Resumable other = new Replays(() -> "s" + ids.incrementAndGet(), room, "other").open(pipe);
        other.send(new byte[1_000]);
        assertTrue(other.isWhole());
    }

    @Test
    void theOldestStreamGivesWay() {
        Replays replays = replays(1 << 20);
        for (int i = 0; i < 17; i++) {
            replays.open(new Pipe(9));
        }
        assertFalse(replays.resume("s1-0", () -> new Pipe(9)));
        assertTrue(replays.resume("s17-0", () -> new Pipe(9)));
    }

    @Test
    void aStreamThatPausesLetsTheClientGoAndGoesOnWhenItComesBack() {
        Replays replays = replays(1 << 20);
        Pipe first = new Pipe(9);
        Replays.Resumable stream = replays.open(first);
        stream.pause(50);
        assertTrue(first.ended);
        assertEquals(List.of("s1-0:", "retry 50"), first.got);
        Pipe second = new Pipe(9);
        assertTrue(replays.resume("s1-0", () -> second));
        stream.send(bytes("a"));
        stream.end();
        stream.pause(50);
        assertEquals(List.of("s1-1:a"), second.got);
    }

    @Test
    void aStreamThatCannotBeTakenUpAgainDoesNotPause() {
        Pipe only = new Pipe(9);
        Replays.Resumable stream = replays(1).open(only);
        stream.pause(50);
        assertFalse(only.ended);
    }

    @Test
    void streamsThatHaveEndedGiveWayFirst() {
        Replays replays = replays(1 << 20);
        replays.open(new Pipe(9));
        for (int i = 0; i < 40; i++) {
            replays.open(new Pipe(9)).end();
        }
        assertTrue(replays.resume("s1-0", () -> new Pipe(9)));
    }
}
