package dev.reeve.cli;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** What a process does again and again beside its work, on one thread: what fails is told, and comes again all the same. */
final class Chores implements AutoCloseable {
    private final ScheduledExecutorService timer;

    /** @param name of the thread */
    Chores(String name) {
        timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name(name).factory());
    }

    /** So many seconds from now, and after each end of it. */
    void every(int seconds, Runnable work) {
        every(seconds, seconds, work);
    }

    void every(int first, int seconds, Runnable work) {
        timer.scheduleWithFixedDelay(() -> guarded(work), first, seconds, TimeUnit.SECONDS);
    }

    /** What a timer throws, a want of memory included, must not end the timer. */
    private static void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            Log.error("timer", e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
