package dev.reeve.budget;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Everything that is counted, by limit and by subject, in bounded memory. Its owner locks. */
final class Counts {
    /** So many subjects of one limit at the same time. */
    static final int MOST_SUBJECTS = 100_000;
    /** So many different calls of one subject are looked at; older ones are forgotten first. */
    static final int MOST_CALLS = 1_024;

    private final Map<String, Map<String, Counted>> byLimit = new HashMap<>();

    /** What is counted of one subject. */
    sealed interface Counted {
        boolean isIdle(long now);

        long used(long now);
    }

    /** Gets what is counted of one subject. */
    interface Reader {
        /** @param openUntil {@link Window#FOREVER} while the one that may try is at it, or 0 if nothing rests */
        void use(String subject, long used, long openUntil);
    }

    record Amount(Window window) implements Counted {
        @Override
        public long used(long now) {
            return window.used(now);
        }

        @Override
        public boolean isIdle(long now) {
            return window.isEmpty(now);
        }
    }

    record Resting(Breaker breaker) implements Counted {
        @Override
        public long used(long now) {
            return breaker.failures(now);
        }

        @Override
        public boolean isIdle(long now) {
            return breaker.isIdle(now);
        }
    }

    /** Windows by call; the one that was used longest ago is the first to go. */
    record Calls(SequencedMap<String, Window> windows) implements Counted {
        @Override
        public long used(long now) {
            return windows.values().stream()
                    .mapToLong(window -> window.used(now))
                    .max()
                    .orElse(0);
        }

        @Override
        public boolean isIdle(long now) {
            windows.values().removeIf(window -> window.isEmpty(now));
            return windows.isEmpty();
        }
    }

    /** Empty if there are too many subjects. */
    Optional<Window> amount(Limit limit, String subject, long now) {
        Counted known = of(limit).get(subject);
        if (known == null) {
            known = add(limit, subject, now, new Amount(new Window(limit.width())));
        }
        return known instanceof Amount(Window window) ? Optional.of(window) : Optional.empty();
    }

    Optional<Breaker> breaker(Limit limit, String subject, long now) {
        Counted known = of(limit).get(subject);
        if (known == null) {
            known = add(limit, subject, now, new Resting(new Breaker(limit.width())));
        }
        return known instanceof Resting(Breaker breaker) ? Optional.of(breaker) : Optional.empty();
    }

    Optional<Window> call(Limit limit, String subject, String call, long now) {
        Counted known = of(limit).get(subject);
        if (known == null) {
            known = add(limit, subject, now, new Calls(calls()));
        }
        return known instanceof Calls(SequencedMap<String, Window> windows)
                ? Optional.of(window(windows, call, limit.width()))
                : Optional.empty();
    }

    /** Windows by call; the one that was used longest ago is the first. */
    static SequencedMap<String, Window> calls() {
        return new LinkedHashMap<>(16, 0.75f, true);
    }

    private static Window window(SequencedMap<String, Window> windows, String call, long width) {
        Window window = windows.computeIfAbsent(call, ignored -> new Window(width));
        if (windows.size() > MOST_CALLS) {
            windows.pollFirstEntry();
        }
        return window;
    }

    private @Nullable Counted add(Limit limit, String subject, long now, Counted fresh) {
        Map<String, Counted> subjects = byLimit.computeIfAbsent(limit.id(), ignored -> new HashMap<>());
        if (subjects.size() >= MOST_SUBJECTS) {
            forgetIdle(subjects, now);
        }
        if (subjects.size() >= MOST_SUBJECTS) {
            return null;
        }
        subjects.put(subject, fresh);
        return fresh;
    }

    /** What is counted of one limit, by subject. */
    Map<String, Counted> of(Limit limit) {
        return byLimit.getOrDefault(limit.id(), Map.of());
    }

    void put(Limit limit, String subject, Counted counted) {
        byLimit.computeIfAbsent(limit.id(), ignored -> new HashMap<>()).put(subject, counted);
    }

    /** Where that is counted now, if it is. Nothing is made. */
    Optional<Window> window(Limit limit, String subject, String call) {
        return switch (of(limit).get(subject)) {
            case null -> Optional.empty();
            case Amount(Window window) -> Optional.of(window);
            case Calls(SequencedMap<String, Window> windows) -> Optional.ofNullable(windows.get(call));
            case Resting ignored -> Optional.empty();
        };
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

    /** Of whom something of this limit is counted now. */
    void each(Limit limit, long now, Reader reader) {
        byLimit.getOrDefault(limit.id(), Map.of()).forEach((subject, counted) -> {
            long used = counted.used(now);
            long open = counted instanceof Resting(Breaker breaker) && breaker.refuses(now) ? breaker.freeAt(now) : 0;
            if (used > 0 || open > 0) {
                reader.use(subject, used, open);
            }
        });
    }

    int size() {
        return byLimit.values().stream().mapToInt(Map::size).sum();
    }
}
