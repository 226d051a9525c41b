package dev.reeve.http;

import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that requests run on. One request alone is served by a platform thread: waking it costs a third of waking a virtual
 * thread, whose scheduler looks for more work each time, and a call is woken four times. What comes beside it gets virtual threads.
 */
final class RequestThreads {
    /** More would be woken in turn and find cold caches. */
    private static final int PLATFORM = 2;

    private static final int IDLE_SECONDS = 5;

    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            0,
            PLATFORM,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Thread.ofPlatform().daemon().name("http-", 0).factory(),
            (task, full) -> Thread.startVirtualThread(task));

    void run(Runnable task) {
        threads.execute(task);
    }
}
