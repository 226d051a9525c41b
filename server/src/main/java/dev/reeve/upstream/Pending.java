package dev.reeve.upstream;

import dev.reeve.json.Json;
import dev.reeve.outbound.Departure;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A request to a child that waits for its answer. The pipe's threads fill it, the caller's thread waits at it and passes progress on. */
final class Pending implements Departure {
    /** A caller that reads too slowly misses progress; it never slows the pipe that others share. */
    private static final int MOST_PROGRESS = 256;

    /** What woke the waiter. */
    sealed interface Wake {
        record Answered(Answer answer) implements Wake {}

        record HeldBack() implements Wake {}

        record Late() implements Wake {}

        record Cancelled() implements Wake {}

        record ChildEnded() implements Wake {}

        record Unreadable(String code, String problem) implements Wake {}
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Json.Obj> progress = new ArrayDeque<>();
    private final Call call;
    private final Optional<String> token;
    private boolean sent;
    private @Nullable Wake wake;

    Pending(Call call, Optional<String> token) {
        this.call = call;
        this.token = token;
    }

    Optional<String> token() {
        return token;
    }

    /** Once something woke the waiter it has been told that nothing was sent, and nothing may be sent any more. */
    @Override
    public boolean mayLeave() {
        lock.lock();
        try {
            sent = wake == null && call.mayLeave();
            return sent;
        } finally {
            lock.unlock();
        }
    }

    void heldBack() {
        wake(new Wake.HeldBack());
    }

    void wake(Wake why) {
        lock.lock();
        try {
            if (wake == null) {
                wake = why;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** @return false if it was dropped */
    boolean progress(Json.Obj params) {
        lock.lock();
        try {
            boolean room = progress.size() < MOST_PROGRESS && wake == null;
            if (room) {
                progress.add(params);
                changed.signalAll();
            }
            return room;
        } finally {
            lock.unlock();
        }
    }

    /** Final once something woke the waiter. */
    boolean sent() {
        lock.lock();
        try {
            return sent;
        } finally {
            lock.unlock();
        }
    }

    /** Blocks until something woke it. Progress is passed on here, outside of the lock. */
    Wake await() {
        while (true) {
            Json.Obj next;
            lock.lock();
            try {
                while (progress.isEmpty() && wake == null) {
                    long left = call.deadline() - System.nanoTime();
                    if (left <= 0) {
                        wake = new Wake.Late();
                        return wake;
                    }
                    boolean ignored = changed.await(left, TimeUnit.NANOSECONDS);
                }
                next = progress.poll();
                Wake why = wake;
                if (next == null && why != null) {
                    return why;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                wake = new Wake.Cancelled();
                return wake;
            } finally {
                lock.unlock();
            }
            if (next != null) {
                call.progress(next);
            }
        }
    }
}
