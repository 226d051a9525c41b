package dev.reeve.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class WindowTest {
    private static final long SECOND = 1_000_000_000L;

    /** Everything that was let in, with the moment; in no window of that length is it more than the ceiling. */
    private static final class Exact {
        private final Deque<long[]> in = new ArrayDeque<>();

        long used(long now, long width) {
            return in.stream()
                    .filter(one -> now - one[0] < width)
                    .mapToLong(one -> one[1])
                    .sum();
        }
    }

    @Test
    void neverAUnitOverAndNeverLongerThanASixtyFourthOfTheWindow() {
        for (long seed = 1; seed <= 300; seed++) {
            Random random = new Random(seed);
            long width = 1 + random.nextLong(20 * SECOND);
            long max = 1L + random.nextInt(random.nextBoolean() ? 5 : 500);
            run("seed " + seed, random, width, max);
        }
    }

    private static void run(String seed, Random random, long width, long max) {
        Window window = new Window(width);
        Exact exact = new Exact();
        long slack = width / Window.EXACT + 1;
        long now = 1_700_000_000L * SECOND;
        for (int step = 0; step < 400; step++) {
            now += random.nextInt(8) == 0 ? random.nextLong(width + width / 4 + 1) : random.nextLong(width / 100 + 1);
            long amount = 1 + random.nextLong(Math.max(1, max / 4));
            long used = window.used(now);
            assertTrue(used >= exact.used(now, width), seed + ": it counts less than there is");
            assertTrue(used <= exact.used(now, width + slack), seed + ": it counts longer than it says");
            if (used + amount <= max) {
                long handle = window.add(now, amount);
                long came = random.nextInt(4) == 0 ? random.nextLong(amount + 1) : amount;
                window.reduce(handle, amount - came);
                exact.in.add(new long[] {now, came});
            } else if (amount <= max) {
                long free = window.freeAt(now, amount, max);
                assertTrue(free > now && free <= now + width + slack, seed + ": it says when there is room");
            }
            assertTrue(exact.used(now, width) <= max, seed + ": more than the limit in a window");
        }
    }

    @Test
    void aFewEntriesAreExactToTheNanosecond() {
        Window window = new Window(SECOND);
        for (int i = 0; i < Window.EXACT; i++) {
            window.add(i, 1);
        }
        assertEquals(Window.EXACT, window.used(SECOND - 1));
        for (int i = 0; i < Window.EXACT; i++) {
            assertEquals(Window.EXACT - i - 1, window.used(SECOND + i));
        }
    }

    @Test
    void aStepBackOfTheClockMakesNoRoom() {
        Window window = new Window(SECOND);
        window.add(10 * SECOND, 5);
        assertEquals(5, window.used(SECOND));
        window.add(2 * SECOND, 1);
        assertEquals(6, window.used(11 * SECOND - 1), "it counts from the latest moment that was seen");
        assertEquals(0, window.used(11 * SECOND));
    }

    @Test
    void whatLeftTheWindowIsNotGivenBackTwice() {
        Window window = new Window(SECOND);
        long handle = window.add(0, 5);
        assertEquals(0, window.used(SECOND));
        window.add(SECOND, 3);
        window.reduce(handle, 5);
        assertEquals(3, window.used(SECOND));
    }

    @Test
    void aMillionEntriesTakeNoMoreMemoryThanAHundred() {
        Window window = new Window(1_000 * SECOND);
        List<Long> handles = new ArrayList<>();
        for (int i = 0; i < 1_000_000; i++) {
            handles.add(window.add(i * 1_000_000L, 1));
        }
        assertEquals(1_000_000, window.used(999 * SECOND));
        handles.forEach(handle -> window.reduce(handle, 1));
        assertEquals(0, window.used(999 * SECOND), "each is given back, whoever shares its entry");
        assertTrue(handles.getLast() - handles.getFirst() <= 2 * Window.EXACT + 2);
    }

    @Test
    void whatRunsCountsUntilItEnds() {
        Window running = new Window(Window.FOREVER);
        List<Long> handles = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            handles.add(running.add(i * SECOND, 1));
        }
        assertEquals(200, running.used(1_000_000 * SECOND));
        handles.forEach(handle -> running.reduce(handle, 1));
        assertEquals(0, running.used(1_000_000 * SECOND));
        assertEquals(Window.FOREVER, running.freeAt(0, 1, 0));
    }
}
