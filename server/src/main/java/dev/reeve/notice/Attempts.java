package dev.reeve.notice;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * When what could not be delivered is tried again: each by itself, after a pause that doubles, so that something new does not wait behind all that fails.
 * Used by one thread.
 */
final class Attempts {
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    private final Duration firstPause;
    private final LongSupplier nanos;
    private final Map<String, Failed> failed = new HashMap<>();

    private record Failed(Duration pause, long due) {}

    /** @param nanos as {@link System#nanoTime} */
    Attempts(Duration firstPause, LongSupplier nanos) {
        this.firstPause = firstPause;
        this.nanos = nanos;
    }

    /** Forgets all others. */
    void keepOnly(Set<String> ids) {
        failed.keySet().retainAll(ids);
    }

    /** Those to try now: what was never tried, then that whose pause is over. */
    List<String> due(List<String> ids) {
        long now = nanos.getAsLong();
        return Stream.concat(
                        ids.stream().filter(id -> !failed.containsKey(id)),
                        ids.stream()
                                .filter(id ->
                                        failed.containsKey(id) && failed.get(id).due() - now <= 0))
                .toList();
    }

    void failed(String id) {
        Failed before = failed.get(id);
        Duration pause = before == null ? firstPause : min(before.pause().multipliedBy(2));
        failed.put(id, new Failed(pause, nanos.getAsLong() + pause.toNanos()));
    }

    /** It got through, so that the others may, too: they are due now. */
    void done(String id) {
        long now = nanos.getAsLong();
        failed.remove(id);
        failed.replaceAll((other, one) -> new Failed(one.pause(), now));
    }

    /** Whether nothing fails. */
    boolean areWell() {
        return failed.isEmpty();
    }

    /** Until the next is due; empty if none fails. */
    Optional<Duration> untilNext() {
        long now = nanos.getAsLong();
        return failed.values().stream()
                .map(one -> Duration.ofNanos(Math.max(0, one.due() - now)))
                .min(Duration::compareTo);
    }

    private static Duration min(Duration pause) {
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }
}
