package dev.reeve;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what other threads do, never for a time; what does not come within a minute is told as a failure and hangs nothing. */
public final class Waiting {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Waiting() {}

    /** Until the condition does not hold any more. */
    public static void whilst(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (condition.getAsBoolean()) {
            if (Thread.currentThread().isInterrupted() || System.nanoTime() > end) {
                throw new AssertionError("it did not come within " + PATIENCE.toSeconds() + " s");
            }
            Thread.onSpinWait();
        }
    }
}
