package dev.reeve.notice;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * What is tried now, of what one receiver is to have: several at once, and what failed after a pause of its own that doubles. Something new does not
 * wait behind all that fails or hangs, since that has half of the places at most. Used by one thread.
 */
final class Attempts {
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    private final int places;
    private final Duration firstPause;
    private final LongSupplier nanos;
    private final Map<String, Failed> failed = new HashMap<>();
    private final Set<String> underWay = new HashSet<>();

    private record Failed(Duration pause, long due) {}

    /**
     * @param places for what is tried at once, at least two
     * @param nanos as {@link System#nanoTime}
     */
    Attempts(int places, Duration firstPause, LongSupplier nanos) {
        this.places = places;
        this.firstPause = firstPause;
        this.nanos = nanos;
    }

    /** Forgets all others, but for what is under way. */
    void keepOnly(Set<String> ids) {
        failed.keySet().removeIf(id -> !ids.contains(id) && !underWay.contains(id));
    }

    /**
     * Those to try now, which count as under way from here on: what was never tried, in this order, then that whose pause is over.
     *
     * @param ids what is to be delivered
     */
    List<String> begin(List<String> ids) {
        long now = nanos.getAsLong();
        List<String> idle = ids.stream().filter(id -> !underWay.contains(id)).toList();
        List<String> first = idle.stream()
                .filter(id -> !failed.containsKey(id))
                .limit(free())
                .toList();
        List<String> again = idle.stream()
                .filter(id -> failed.containsKey(id) && failed.get(id).due() - now <= 0)
                .limit(Math.min(free() - first.size(), freeForMore()))
                .toList();
        List<String> begun = Stream.concat(first.stream(), again.stream()).toList();
        underWay.addAll(begun);
        return begun;
    }

    private int free() {
        return places - underWay.size();
    }

    /** For what failed before. */
    private int freeForMore() {
        long tried = underWay.stream().filter(failed::containsKey).count();
        return Math.clamp(places / 2 - tried, 0, places);
    }

    void failed(String id) {
        underWay.remove(id);
        Failed before = failed.get(id);
        Duration pause = before == null ? firstPause : min(before.pause().multipliedBy(2));
        failed.put(id, new Failed(pause, nanos.getAsLong() + pause.toNanos()));
    }

    /** It got through, so that the others may, too: they are due now. */
    void done(String id) {
        long now = nanos.getAsLong();
        underWay.remove(id);
        failed.remove(id);
        failed.replaceAll((other, one) -> new Failed(one.pause(), now));
    }

    /** Whether nothing fails. */
    boolean areWell() {
        return failed.isEmpty();
    }

    /** Until the next is due; empty if none fails, or if there is a place for it only once something under way has ended. */
    Optional<Duration> untilNext() {
        if (free() == 0 || freeForMore() == 0) {
            return Optional.empty();
        }
        long now = nanos.getAsLong();
        return failed.entrySet().stream()
                .filter(one -> !underWay.contains(one.getKey()))
                .map(one -> Duration.ofNanos(Math.max(0, one.getValue().due() - now)))
                .min(Duration::compareTo);
    }

    private static Duration min(Duration pause) {
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }
}
