package dev.reeve.ledger;

import dev.reeve.ledger.LedgerUnavailableException.Reason;
import java.util.concurrent.locks.LockSupport;

/** Ends waiting for a slow disk. One thread for all callers costs less than a timer for each append. */
final class Watch implements Runnable {
    private static final long MOST_NANOS = 250_000_000;
    private final GroupWriter writer;
    private final Intake intake;
    private final long patienceNanos;
    private volatile boolean stopped;

    Watch(GroupWriter writer, Intake intake, LedgerSettings settings) {
        this.writer = writer;
        this.intake = intake;
        this.patienceNanos = settings.patience().toNanos();
    }

    void stop() {
        stopped = true;
    }

    @Override
    public void run() {
        while (!stopped) {
            LockSupport.parkNanos(Math.min(MOST_NANOS, patienceNanos / 4 + 1));
            look();
        }
    }

    private void look() {
        long busy = writer.busyNanos();
        if (busy > patienceNanos) {
            Trouble slow = new Trouble(Reason.SLOW_DISK, "the disk has not answered for " + busy / 1_000_000 + " ms");
            intake.shut(slow);
            writer.refuseInFlight(slow);
            intake.refuseWaiting(slow);
            if (writer.busyNanos() == 0) {
                intake.reopen(); // it came back while we shut
            }
        }
    }
}
