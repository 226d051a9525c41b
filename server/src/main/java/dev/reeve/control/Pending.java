package dev.reeve.control;

import dev.reeve.gate.UnrecordableException;
import dev.reeve.store.StoreException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What is in force already but could not be recorded or made durable yet: only what narrows gets here (R14). It is recorded first
 * afterwards, in the order in which it happened. Not safe for use by many threads; its owner locks.
 */
final class Pending {
    private static final int MOST = 10_000;

    /** One step that still has to succeed. */
    interface Step {
        void run() throws UnrecordableException, StoreException;
    }

    private final Deque<Step> steps = new ArrayDeque<>();
    private final AtomicInteger size = new AtomicInteger();

    /** False if there are too many: then it stays in force only until the process ends. */
    boolean add(Step step) {
        if (steps.size() >= MOST) {
            return false;
        }
        steps.add(step);
        size.set(steps.size());
        return true;
    }

    /** Asked by anybody, without the lock. */
    int size() {
        return size.get();
    }

    /** Stops at the first that fails again. */
    void retry() throws UnrecordableException, StoreException {
        while (!steps.isEmpty()) {
            steps.getFirst().run();
            steps.removeFirst();
            size.set(steps.size());
        }
    }
}
