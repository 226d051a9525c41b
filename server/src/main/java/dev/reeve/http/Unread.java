package dev.reeve.http;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Large answers that clients have not read yet: together they have so many bytes, and who writes one more waits. Never used on an event loop to wait. */
final class Unread {
    static final int LARGE = 1 << 20;
    private static final int UNIT = 1024;

    private final int most;
    private final Semaphore free;

    Unread(long bytes) {
        this.most = (int) Math.max(1, bytes / UNIT);
        this.free = new Semaphore(most, true);
    }

    /** Waits for room. Empty-handed it goes on all the same: slow readers have been cut off by then. */
    int take(int bytes, Duration patience) {
        int units = bytes < LARGE ? 0 : Math.min(most, bytes / UNIT);
        try {
            return units > 0 && free.tryAcquire(units, patience.toNanos(), TimeUnit.NANOSECONDS) ? units : 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    void giveBack(int units) {
        free.release(units);
    }

    /** Whether somebody waits for what a slow reader holds. */
    boolean wanted() {
        return free.hasQueuedThreads();
    }
}
