package dev.reeve.ledger;

import dev.reeve.ledger.LedgerUnavailableException.Reason;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The thread beside the writer: reserves space ahead, puts what is durable into the tree, signs checkpoints. */
final class Keeper implements Runnable {
    private static final long RETRY_NANOS = 1_000_000_000;
    private final Wal wal;
    private final Integrator integrator;
    private final Intake intake;
    private final long intervalNanos;

    private volatile @Nullable Thread thread;
    private volatile @Nullable Trouble spaceTrouble;
    private volatile @Nullable Trouble treeTrouble;
    private volatile boolean hurry;
    private volatile boolean stopped;
    private volatile boolean asleep;
    private long lastCheckpoint = System.nanoTime();
    private long lastSpaceFailure;

    Keeper(Wal wal, Integrator integrator, Intake intake, LedgerSettings settings) {
        this.wal = wal;
        this.integrator = integrator;
        this.intake = intake;
        this.intervalNanos = settings.checkpointEvery().toNanos();
    }

    void thread(Thread keeping) {
        thread = keeping;
    }

    /** Why no further file can be had; what there is can still be used. */
    @Nullable
    Trouble spaceTrouble() {
        return spaceTrouble;
    }

    /** Why only control records are accepted: what cannot be put into the tree would stay unsigned. */
    @Nullable
    Trouble ordinaryTrouble() {
        return treeTrouble;
    }

    /** A group was written. Wakes this thread only when there is something to do before its time. */
    void written() {
        if (asleep && wal.wantsSpace() && spaceTrouble == null) {
            LockSupport.unpark(thread);
        }
    }

    /** The writer waits for space. */
    void hurry() {
        hurry = true;
        LockSupport.unpark(thread);
    }

    void stop() {
        stopped = true;
        LockSupport.unpark(thread);
    }

    @Override
    public void run() {
        try {
            while (!stopped) {
                reserve();
                if (System.nanoTime() - lastCheckpoint >= intervalNanos) {
                    checkpoint();
                }
                sleep();
            }
        } catch (RuntimeException | Error e) {
            // A bug: loud, and nothing is recorded any more, since nothing would be signed.
            Trouble bug = new Trouble(Reason.IO_ERROR, "the ledger's keeper failed: " + e);
            spaceTrouble = bug;
            treeTrouble = bug;
            intake.shut(bug);
            throw e;
        }
    }

    private void sleep() {
        boolean more = spaceTrouble == null && (hurry || wal.wantsSpace()) && !wal.hasSpare();
        if (!more && !stopped) {
            asleep = true;
            long wait = intervalNanos - (System.nanoTime() - lastCheckpoint);
            LockSupport.parkNanos(Math.max(1, wait));
            asleep = false;
        }
    }

    private void reserve() {
        if (spaceTrouble != null && System.nanoTime() - lastSpaceFailure < RETRY_NANOS) {
            return;
        }
        if (wal.hasSpare()) {
            hurry = false;
            return;
        }
        if (!hurry && !wal.wantsSpace()) {
            return;
        }
        try {
            wal.reserveStep();
            spaceTrouble = null;
        } catch (IOException e) {
            spaceTrouble = Trouble.of(e);
            lastSpaceFailure = System.nanoTime();
            hurry = false;
        }
    }

    /** All that is durable goes under a signature; a failure that is not a full disk shuts the ledger. */
    void checkpoint() {
        lastCheckpoint = System.nanoTime();
        try {
            wal.requireName();
            Mark end = wal.end();
            boolean done = false;
            while (!done) {
                done = integrator.advance(end);
            }
            treeTrouble = null;
        } catch (IOException e) {
            Trouble trouble = Trouble.of(e);
            treeTrouble = trouble;
            if (trouble.reason() != Reason.DISK_FULL) {
                intake.shut(trouble);
            }
        }
    }
}
