package dev.reeve.upstream;

import dev.reeve.action.Operation.Asks;
import dev.reeve.json.Json;
import dev.reeve.outbound.Departure;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
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

        /** The server wants to know something first; the only one after which it goes on. */
        record Asked(Incoming.Request question) implements Wake {}
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Consumer<Call>> asides = new ArrayDeque<>();
    private final ArrayDeque<Incoming.Request> questions = new ArrayDeque<>();
    private Call call;
    private final Optional<String> token;
    private final long order;
    private boolean sent;
    private @Nullable Wake wake;

    /** @param order grows with each request of the link */
    Pending(Call call, Optional<String> token, long order) {
        this.call = call;
        this.token = token;
        this.order = order;
    }

    long order() {
        return order;
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
            if (wake == null || wake instanceof Wake.Asked) {
                wake = why;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** @return false if it was dropped */
    boolean progress(Json.Obj params) {
        return aside(call -> call.progress(params));
    }

    /** @return false if it was dropped */
    boolean log(Json.Obj params) {
        return aside(call -> call.log(params));
    }

    private boolean aside(Consumer<Call> what) {
        lock.lock();
        try {
            boolean room = asides.size() < MOST_PROGRESS && wake == null;
            if (room) {
                asides.add(what);
                changed.signalAll();
            }
            return room;
        } finally {
            lock.unlock();
        }
    }

    /** Whether this is a question that this call's client can be asked. */
    boolean mayBeAsked(Asks kind) {
        lock.lock();
        try {
            return call.offered().kinds().contains(kind);
        } finally {
            lock.unlock();
        }
    }

    /** @return false if too many wait already */
    boolean ask(Incoming.Request question) {
        lock.lock();
        try {
            boolean room = questions.size() < Questions.MOST && (wake == null || wake instanceof Wake.Asked);
            if (room) {
                questions.add(question);
                changed.signalAll();
            }
            return room;
        } finally {
            lock.unlock();
        }
    }

    /** The question was answered, or will be by this call: it goes on under this one. */
    void goOn(Call next) {
        lock.lock();
        try {
            call = next;
            if (wake instanceof Wake.Asked) {
                wake = null;
            }
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
            Consumer<Call> next;
            Call told;
            lock.lock();
            try {
                while (asides.isEmpty() && questions.isEmpty() && wake == null) {
                    long left = call.deadline() - System.nanoTime();
                    if (left <= 0) {
                        wake = new Wake.Late();
                        return wake;
                    }
                    boolean ignored = changed.await(left, TimeUnit.NANOSECONDS);
                }
                next = asides.poll();
                told = call;
                if (next == null && wake == null) {
                    wake = new Wake.Asked(questions.remove());
                }
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
                next.accept(told);
            }
        }
    }
}
