package dev.reeve.cli;

import dev.reeve.audit.LimitCounts;
import dev.reeve.audit.LimitSnapshot;
import dev.reeve.budget.Budgets;
import dev.reeve.ledger.LedgerUnavailableException;
import dev.reeve.metrics.Metrics;
import dev.reeve.store.Store;
import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The limits of the policy in force, with what the record says was used up of them; and now and then a snapshot of that, from which the next
 * start goes on.
 */
final class BudgetRoom {
    /** Read in less than a second. */
    private static final long EVERY = 20_000;

    private static final int LOOK_SECONDS = 30;

    private final PolicyRoom policy;
    private final LimitCounts counts;
    private final Budgets budgets;
    private final ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("limits-snapshot").factory());

    private BudgetRoom(PolicyRoom policy, LimitCounts counts, Budgets budgets) {
        this.policy = policy;
        this.counts = counts;
        this.budgets = budgets;
        worker.scheduleWithFixedDelay(this::advance, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    static BudgetRoom open(Foundation foundation, PolicyRoom policy, Metrics metrics) throws CommandException {
        Store store = foundation.room().store();
        LimitCounts counts = new LimitCounts(
                foundation.ledger(),
                new LimitSnapshot(
                        foundation.config().data().resolve("limits-snapshot"),
                        store.key(LimitSnapshot.PURPOSE),
                        store.key(LimitSnapshot.VEIL)),
                foundation.clock().source(),
                EVERY);
        try {
            Budgets budgets = new Budgets(policy::limits, foundation.clock().source(), counts.open(policy.limits()));
            long read = counts.read();
            metrics.gauge("reeve_limits_counted", "Subjects of limits of whom something is counted.", budgets::counted);
            metrics.gauge(
                    "reeve_limits_read_back",
                    "Records that the start read for what was used up of limits.",
                    () -> read);
            return new BudgetRoom(policy, counts, budgets);
        } catch (LedgerUnavailableException e) {
            throw new CommandException(
                    ExitCodes.FAILED,
                    "what was used up of the limits cannot be read from the record: " + e.getMessage());
        }
    }

    Budgets budgets() {
        return budgets;
    }

    private void advance() {
        try {
            counts.advance(policy.limits());
        } catch (LedgerUnavailableException | IOException | RuntimeException | Error e) {
            Log.warn("limits", "no snapshot, so the next start reads more of the record: " + e.getMessage());
        }
    }

    /** With a last snapshot. What does not end soon is left: the next start reads on from the one before. */
    void close() throws InterruptedException, LedgerUnavailableException, IOException {
        worker.shutdown();
        if (worker.awaitTermination(LOOK_SECONDS, TimeUnit.SECONDS)) {
            counts.finish(policy.limits());
        }
    }
}
