package dev.reeve.extauthz;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** The calls whose requests are being received, and the room for them. Safe for use by many threads. */
final class OpenCalls {
    private final Map<Receiving, Long> since = new ConcurrentHashMap<>();
    private final Semaphore room;
    private final long patience;
    private final LongSupplier nanoTime;

    /** What waits for the rest of its request. */
    interface Receiving {
        /** Its time is over. Must not block. */
        void late();
    }

    OpenCalls(ExtAuthzLimits limits, LongSupplier nanoTime) {
        this.room = new Semaphore(Math.max(1, limits.messages() / limits.message()), true);
        this.patience = limits.request().toNanos();
        this.nanoTime = nanoTime;
    }

    Duration patience() {
        return Duration.ofNanos(patience);
    }

    /**
     * Waits for room for one request. Whoever is let in must {@link #leave}.
     *
     * @return false if there was none in time
     */
    boolean enter(Receiving call) {
        try {
            if (!room.tryAcquire() && !room.tryAcquire(patience, TimeUnit.NANOSECONDS)) {
                return false;
            }
            since.put(call, nanoTime.getAsLong());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Once or more: its request is there, or never will be. */
    void leave(Receiving call) {
        if (since.remove(call) != null) {
            room.release();
        }
    }

    /** To be called now and then. */
    void sweep() {
        long now = nanoTime.getAsLong();
        since.forEach((call, began) -> {
            if (now - began > patience) {
                call.late();
            }
        });
    }
}
