package dev.reeve.approval;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** So many an hour and no more, for each. Not safe for several threads: its owner has a lock. */
final class HourlyCeiling {
    static final Duration HOUR = Duration.ofHours(1);

    private final int most;
    private final Map<String, Deque<Instant>> seen = new HashMap<>();

    HourlyCeiling(int most) {
        this.most = most;
    }

    boolean isReached(String who, Instant now) {
        return seen(who, now) >= most;
    }

    /** How many within the last hour. */
    int seen(String who, Instant now) {
        Deque<Instant> times = seen.get(who);
        if (times == null) {
            return 0;
        }
        while (!times.isEmpty() && !times.getFirst().plus(HOUR).isAfter(now)) {
            times.removeFirst();
        }
        if (times.isEmpty()) {
            seen.remove(who);
        }
        return times.size();
    }

    void count(String who, Instant now) {
        if (!isReached(who, now)) {
            seen.computeIfAbsent(who, ignored -> new ArrayDeque<>()).add(now);
        }
    }
}
