package dev.reeve.adapter.mcp;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What large answers of servers may take of our memory at a time; beyond that each waits for its turn, and its server with it. Without this a few dozen
 * calls of one agent would fill the heap, and what fails then is not theirs alone. Safe for use by many threads.
 */
final class LargeAnswers {
    private static final int UNIT = 1024;

    private final int most;
    private final Semaphore free;

    /** @param bytes of all together; one that is larger than that has them all */
    LargeAnswers(long bytes) {
        this.most = (int) Math.max(1, bytes / UNIT);
        this.free = new Semaphore(most, true);
    }

    /** A place, to be given back; 0 if there was none in time. */
    int take(long bytes, long deadline) {
        int units = Math.clamp((bytes + UNIT - 1) / UNIT, 1, most);
        try {
            return free.tryAcquire(units, Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS) ? units : 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    void giveBack(int units) {
        free.release(units);
    }
}
