package dev.reeve.audit;

import dev.reeve.ledger.Entry;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Outcomes whose answers did not wait for them ({@code record: lazy}). They ride with the next group of the ledger; while one is under
 * way for longer than {@link #MOST_NANOS}, none may begin, so that what a crash can leave without an outcome is bounded by time (R2).
 */
final class RidingOutcomes {
    static final long MOST_NANOS = 5_000_000;

    private final Function<Entry, CompletableFuture<Long>> append;
    private final LongSupplier nanoTime;
    private final Consumer<String> incidents;
    private final Queue<Riding> riding = new ConcurrentLinkedQueue<>();

    /**
     * @param append begins to make an entry durable
     * @param nanoTime as {@link System#nanoTime}
     * @param incidents a line for operators for an outcome that was told and cannot be recorded; the next start reports it as unknown
     */
    RidingOutcomes(Function<Entry, CompletableFuture<Long>> append, LongSupplier nanoTime, Consumer<String> incidents) {
        this.append = append;
        this.nanoTime = nanoTime;
        this.incidents = incidents;
    }

    private static final class Riding {
        private final long since;
        private volatile boolean arrived;

        Riding(long since) {
            this.since = since;
        }
    }

    /** Whether an answer may go before its outcome now. */
    boolean mayBegin() {
        Riding oldest = riding.peek();
        while (oldest != null && oldest.arrived) {
            riding.remove(oldest);
            oldest = riding.peek();
        }
        return oldest == null || nanoTime.getAsLong() - oldest.since < MOST_NANOS;
    }

    /** @param durable run when it is */
    void begin(String id, Entry outcome, Runnable durable) {
        Riding one = new Riding(nanoTime.getAsLong());
        riding.add(one);
        append.apply(outcome).whenComplete((index, failure) -> {
            one.arrived = true;
            if (failure == null) {
                durable.run();
            } else {
                incidents.accept("the outcome of " + id + " was told and cannot be recorded: " + failure.getMessage());
            }
        });
    }
}
