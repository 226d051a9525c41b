package dev.reeve.budget;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/** Everything that is counted, by limit and by subject, in bounded memory. Its owner locks. */
final class Counts {
    /** So many subjects of one limit at the same time. */
    static final int MOST_SUBJECTS = 100_000;
    /** So many different calls of one subject are looked at; older ones are forgotten first. */
    static final int MOST_CALLS = 1_024;

    private final Map<String, Map<String, Counted>> byLimit = new HashMap<>();

    /** What is counted of one subject. */
    private sealed interface Counted {
        boolean isIdle(long now);
    }

    private record Amount(Window window) implements Counted {
        @Override
        public boolean isIdle(long now) {
            return window.isEmpty(now);
        }
    }

    private record Resting(Breaker breaker) implements Counted {
        @Override
        public boolean isIdle(long now) {
            return breaker.isIdle(now);
        }
    }

    /** Windows by call; the one that was used longest ago is the first to go. */
    private record Calls(SequencedMap<String, Window> windows) implements Counted {
        @Override
        public boolean isIdle(long now) {
            windows.values().removeIf(window -> window.isEmpty(now));
            return windows.isEmpty();
        }
    }

    /** Empty if there are too many subjects. */
    Optional<Window> amount(Limit limit, String subject, long now) {
        return of(limit, subject, now, new Amount(new Window(limit.width())))
                .filter(Amount.class::isInstance)
                .map(found -> ((Amount) found).window());
    }

    Optional<Breaker> breaker(Limit limit, String subject, long now) {
        return of(limit, subject, now, new Resting(new Breaker(limit.width())))
                .filter(Resting.class::isInstance)
                .map(found -> ((Resting) found).breaker());
    }

    Optional<Window> call(Limit limit, String subject, String call, long now) {
        return of(limit, subject, now, new Calls(new LinkedHashMap<>(16, 0.75f, true)))
                .filter(Calls.class::isInstance)
                .map(found -> window(((Calls) found).windows(), call, limit.width()));
    }

    private static Window window(SequencedMap<String, Window> windows, String call, long width) {
        Window window = windows.computeIfAbsent(call, ignored -> new Window(width));
        if (windows.size() > MOST_CALLS) {
            windows.pollFirstEntry();
        }
        return window;
    }

    private Optional<Counted> of(Limit limit, String subject, long now, Counted fresh) {
        Map<String, Counted> subjects = byLimit.computeIfAbsent(limit.id(), ignored -> new HashMap<>());
        Counted known = subjects.get(subject);
        if (known != null) {
            return Optional.of(known);
        }
        if (subjects.size() >= MOST_SUBJECTS) {
            forgetIdle(subjects, now);
        }
        if (subjects.size() >= MOST_SUBJECTS) {
            return Optional.empty();
        }
        subjects.put(subject, fresh);
        return Optional.of(fresh);
    }

    /** Forgets limits that are not there any more, and subjects of whom nothing counts. */
    void sweep(Set<String> limits, long now) {
        byLimit.keySet().retainAll(limits);
        byLimit.values().forEach(subjects -> forgetIdle(subjects, now));
    }

    private static void forgetIdle(Map<String, Counted> subjects, long now) {
        Iterator<Counted> all = subjects.values().iterator();
        while (all.hasNext()) {
            if (all.next().isIdle(now)) {
                all.remove();
            }
        }
    }

    int size() {
        return byLimit.values().stream().mapToInt(Map::size).sum();
    }
}
