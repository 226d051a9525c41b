package dev.reeve.witness;

import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/** Longer pauses after each failure in a row. For one thread at a time. Times are those of {@link System#nanoTime}. */
final class Backoff {
    private static final long FIRST = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST = TimeUnit.SECONDS.toNanos(60);
    private static final int MOST_DOUBLINGS = 6;
    private final DoubleSupplier jitter;
    private int failures;
    private long notBefore;

    /** @param jitter from 0 to 1, so that those who failed together do not come back together */
    Backoff(DoubleSupplier jitter) {
        this.jitter = jitter;
    }

    boolean isOver(long now) {
        return failures == 0 || now - notBefore >= 0;
    }

    void failed(long now) {
        long pause = Math.min(LONGEST, FIRST << Math.min(failures, MOST_DOUBLINGS));
        failures++;
        notBefore = now + pause / 2 + (long) (jitter.getAsDouble() * (pause / 2.0));
    }

    void succeeded() {
        failures = 0;
    }
}
