package dev.reeve.adapter.mcp;

import dev.reeve.json.Json;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What one pipe asks for and is not done: so many run, the others wait in the order in which they came. Whoever reads the pipe never waits for them, since
 * the answers that those which run may wait for come on the same pipe. Bounded in number and in bytes. Safe for use by many threads.
 */
final class LineQueue {
    private static final System.Logger LOG = System.getLogger("dev.reeve.adapter.mcp");

    private static final int MOST_WAITING = 1024;
    private static final long MOST_BYTES = 16L << 20;

    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private long bytes;
    private int running;
    private boolean closed;

    private record Waiting(Optional<Json> id, int bytes, Runnable work) {}

    /** @param most run at once */
    LineQueue(int most) {
        this.most = most;
    }

    /**
     * Runs it on a thread of its own, now or as soon as others have ended.
     *
     * @param id of a request
     * @param size of its line, in bytes
     * @return false if too many wait already
     */
    boolean run(Optional<Json> id, int size, Runnable work) {
        lock.lock();
        try {
            if (closed) {
                return true;
            }
            if (running == most) {
                boolean room = waiting.size() < MOST_WAITING && bytes + size <= MOST_BYTES;
                if (room) {
                    bytes += size;
                    waiting.add(new Waiting(id, size, work));
                }
                return room;
            }
            running++;
        } finally {
            lock.unlock();
        }
        Thread.ofVirtual().name("mcp-line").start(() -> runAll(work));
        return true;
    }

    /** This one and then those that wait, as long as there are any. */
    private void runAll(Runnable first) {
        for (Optional<Runnable> work = Optional.of(first); work.isPresent(); work = next()) {
            try {
                work.get().run();
            } catch (RuntimeException | Error e) {
                LOG.log(System.Logger.Level.ERROR, "a request of a pipe failed", e);
            }
        }
    }

    private Optional<Runnable> next() {
        lock.lock();
        try {
            Waiting one = waiting.poll();
            if (one == null) {
                running--;
                idle.signalAll();
                return Optional.empty();
            }
            bytes -= one.bytes();
            return Optional.of(one.work());
        } finally {
            lock.unlock();
        }
    }

    /** Whoever asked for it no longer wants it. False if it does not wait. */
    boolean forget(Json id) {
        lock.lock();
        try {
            Optional<Waiting> found = waiting.stream()
                    .filter(one -> one.id().filter(id::equals).isPresent())
                    .findFirst();
            found.ifPresent(one -> {
                waiting.remove(one);
                bytes -= one.bytes();
            });
            return found.isPresent();
        } finally {
            lock.unlock();
        }
    }

    /** Nothing begins any more. */
    void close() {
        lock.lock();
        try {
            closed = true;
            waiting.clear();
            bytes = 0;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until nothing runs or waits, or until the time is over. */
    void awaitIdle(Duration time) throws InterruptedException {
        long left = time.toNanos();
        lock.lock();
        try {
            while (running > 0 && left > 0) {
                left = idle.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}
