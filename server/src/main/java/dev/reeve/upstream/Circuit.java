package dev.reeve.upstream;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Remembers that a server is down, so that calls fail at once instead of each waiting for the same time-out. Lets one through when the time for
 * another try has come; the times grow and are jittered, so that many Reeves do not knock together.
 */
final class Circuit {
    private static final long FIRST = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long LONGEST = TimeUnit.SECONDS.toNanos(10);
    private static final int MOST_DOUBLINGS = 6;

    private final DoubleSupplier random;
    private int failures;
    private long nextTry;
    private @Nullable String problem;
    private boolean contacted;

    /** @param random from 0 to 1 */
    Circuit(DoubleSupplier random) {
        this.random = random;
    }

    /** Why it is not tried now; empty if it may be tried. Times are those of {@link System#nanoTime}. */
    synchronized Optional<String> refusal(long now) {
        if (problem == null) {
            return Optional.empty();
        }
        if (now - nextTry < 0) {
            return Optional.of(problem);
        }
        nextTry = now + LONGEST;
        return Optional.empty();
    }

    /** @return nanoseconds until it may be tried again */
    synchronized long failed(String why, long now) {
        problem = why;
        contacted = true;
        long delay = Math.min(LONGEST, FIRST << Math.min(failures++, MOST_DOUBLINGS));
        long jittered = (long) (delay * (0.5 + random.getAsDouble() / 2));
        nextTry = now + jittered;
        return jittered;
    }

    /** @return true if it was down before */
    synchronized boolean succeeded() {
        boolean wasDown = problem != null;
        problem = null;
        failures = 0;
        contacted = true;
        return wasDown;
    }

    synchronized UpstreamHealth health(String upstream, Optional<String> revision) {
        UpstreamHealth.State state = problem != null
                ? UpstreamHealth.State.DOWN
                : contacted ? UpstreamHealth.State.UP : UpstreamHealth.State.NOT_CONTACTED;
        return new UpstreamHealth(upstream, state, revision, Optional.ofNullable(problem));
    }
}
