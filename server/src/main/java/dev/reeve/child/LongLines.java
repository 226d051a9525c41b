package dev.reeve.child;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Room for the long lines of all children together. Each takes room for all that it may become, at once: two that waited for each other's half would wait
 * for ever. One that is not finished in time gives way as soon as another waits; while none waits it may take as long as it likes.
 */
public final class LongLines {
    /** Two lines of the usual limit. What is made of a line needs memory, too, while it is read. */
    private static final long USUAL = 32L << 20;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final long most;
    private final long patience;
    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Those that hold room, the longest first. */
    private final Set<Room> holding = new LinkedHashSet<>();

    private long taken;

    /**
     * @param most bytes; a line that may become longer takes all of them
     * @param patience how long a line may hold room that others wait for
     */
    public LongLines(long most, Duration patience, LongSupplier nanos) {
        this.most = most;
        this.patience = patience.toNanos();
        this.nanos = nanos;
    }

    static LongLines usual() {
        return new LongLines(USUAL, PATIENCE, System::nanoTime);
    }

    /** @param giveWay must let go of the line and end its child; runs on the thread of another */
    Room room(Runnable giveWay) {
        return new Room(giveWay);
    }

    /** Of one pipe, whose lines come one after another. */
    final class Room {
        private final Runnable giveWay;
        private long held;
        private long since;

        private Room(Runnable giveWay) {
            this.giveWay = giveWay;
        }

        /** Waits for it. False if the thread is interrupted meanwhile. */
        boolean take(long bytes) {
            long wanted = Math.min(bytes, most);
            try {
                Optional<Room> slow = takeOrCut(wanted);
                while (slow.isPresent()) {
                    slow.get().giveWay.run();
                    slow = takeOrCut(wanted);
                }
                return true;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        /** @return one whose room was taken away, and which does not know it yet; empty if this one has room now */
        private Optional<Room> takeOrCut(long wanted) throws InterruptedException {
            lock.lock();
            try {
                while (taken + wanted > most) {
                    Room longest = holding.iterator().next();
                    long left = patience - (nanos.getAsLong() - longest.since);
                    if (left <= 0) {
                        longest.giveBack();
                        return Optional.of(longest);
                    }
                    long ignored = changed.awaitNanos(left);
                }
                taken += wanted;
                held = wanted;
                since = nanos.getAsLong();
                holding.add(this);
                return Optional.empty();
            } finally {
                lock.unlock();
            }
        }

        /** Nothing if it holds none. */
        void giveBack() {
            lock.lock();
            try {
                if (holding.remove(this)) {
                    taken -= held;
                    held = 0;
                    changed.signalAll();
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
