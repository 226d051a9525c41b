package dev.reeve.http;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What clients have not read yet, of large answers, and of event streams all that waits behind something else or is not small: together it has so many
 * bytes, and who writes more waits. Never used on an event loop to wait.
 */
final class Unread {
    static final int LARGE = 1 << 20;
    /** An event below this, on a stream whose client has read all before it, is not counted. */
    static final int SMALL = 16 << 10;

    private static final int UNIT = 1024;

    private final int most;
    private final Semaphore free;

    Unread(long bytes) {
        this.most = (int) Math.max(1, bytes / UNIT);
        this.free = new Semaphore(most, true);
    }

    /** Waits for room. Empty-handed it goes on all the same: slow readers have been cut off by then. */
    int take(int bytes, Duration patience) {
        return bytes < LARGE ? 0 : acquire(bytes, patience);
    }

    /** Waits for room for a part of a stream. Zero if there was none in time: then it must not be written. */
    int takePart(int bytes, Duration patience) {
        return acquire(bytes, patience);
    }

    private int acquire(int bytes, Duration patience) {
        int units = Math.clamp(bytes / UNIT, 1, most);
        try {
            return free.tryAcquire(units, patience.toNanos(), TimeUnit.NANOSECONDS) ? units : 0;
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
