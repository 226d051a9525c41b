package dev.reeve.ledger;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One entry on its way, and whoever waits for it. */
final class Ticket {
    /** Where it is. */
    private sealed interface State {
        record Durable(long index) implements State {}

        record Refused(Trouble why) implements State {}
    }

    private enum Waiting implements State {
        /** Not yet in a group: can still be withdrawn. */
        QUEUED,
        /** In the group that is being written. */
        TAKEN
    }

    final Entry entry;
    final boolean control;
    final int bytes;
    private final @Nullable Thread waiter;
    private final @Nullable CompletableFuture<Long> future;
    private final AtomicReference<State> state = new AtomicReference<>(Waiting.QUEUED);

    /** @param future where the answer goes; without one the thread that made the ticket waits */
    Ticket(Entry entry, boolean control, @Nullable CompletableFuture<Long> future) {
        this.entry = entry;
        this.control = control;
        this.bytes = FrameEncoder.mostBytes(entry);
        this.future = future;
        this.waiter = future == null ? Thread.currentThread() : null;
    }

    boolean take() {
        return state.compareAndSet(Waiting.QUEUED, Waiting.TAKEN);
    }

    boolean isAsync() {
        return future != null;
    }

    /** The waiting thread goes on; a future is completed by {@link #completeFuture}, on another thread than the writer's. */
    void durable(long index) {
        if (state.compareAndSet(Waiting.TAKEN, new State.Durable(index))) {
            LockSupport.unpark(waiter);
        }
    }

    /** False if it is durable or refused already. */
    boolean refuse(Trouble why) {
        State now = state.get();
        while (now instanceof Waiting) {
            if (state.compareAndSet(now, new State.Refused(why))) {
                LockSupport.unpark(waiter);
                return true;
            }
            now = state.get();
        }
        return false;
    }

    void completeFuture() {
        if (future == null) {
            return;
        }
        switch (state.get()) {
            case State.Durable(long index) -> future.complete(index);
            case State.Refused(Trouble why) -> future.completeExceptionally(why.exception());
            case Waiting ignored -> {}
        }
    }

    /** Waits without regard to interruption, which is kept for the caller: the entry is on its way and must be known of. */
    long await() throws LedgerUnavailableException {
        boolean interrupted = false;
        try {
            while (true) {
                switch (state.get()) {
                    case State.Durable(long index) -> {
                        return index;
                    }
                    case State.Refused(Trouble why) -> throw why.exception();
                    case Waiting ignored -> LockSupport.park(this);
                }
                interrupted |= Thread.interrupted();
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
