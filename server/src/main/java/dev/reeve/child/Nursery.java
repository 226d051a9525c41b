package dev.reeve.child;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The one thread that starts children. Linux's "die with the parent" (prctl(2), PR_SET_PDEATHSIG) means the parent's <em>thread</em>: a child that
 * a carrier of virtual threads had started would be killed when that carrier, idle for half a minute, ends. This thread ends with the process.
 */
final class Nursery {
    private static final ExecutorService THREAD = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("nursery").factory());

    private Nursery() {}

    static Process start(ProcessBuilder builder) throws IOException {
        try {
            return THREAD.submit(builder::start).get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(String.valueOf(e.getCause()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
