package dev.reeve.upstream;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/** Keeps a child that dies again and again soon after its start from being started again and again. Each principal's children count by themselves. */
final class Restarts {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final long FIRST = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long LONGEST = TimeUnit.SECONDS.toNanos(30);
    private static final int MOST_DOUBLINGS = 7;
    private static final int MOST_KEYS = 4_096;

    private record Crashes(int count, long notBefore) {}

    private final Map<Links.Key, Crashes> crashes = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Links.Key, Crashes> eldest) {
            return size() > MOST_KEYS;
        }
    };

    private final DoubleSupplier jitter;
    private long total;

    /** @param jitter from 0 to 1, so that what fell together does not come back together */
    Restarts(DoubleSupplier jitter) {
        this.jitter = jitter;
    }

    /** How often a child ended by itself. */
    synchronized long total() {
        return total;
    }

    /** Why it is not started now. Times are those of {@link System#nanoTime}. */
    synchronized Optional<String> refusal(Links.Key key, long now) {
        Crashes past = crashes.get(key);
        return past == null || now - past.notBefore() >= 0
                ? Optional.empty()
                : Optional.of("its process ended " + past.count() + " times in a row soon after its start");
    }

    /** The first crash is forgiven at once. */
    synchronized void ended(Links.Key key, Duration age, boolean asked, long now) {
        total += asked ? 0 : 1;
        if (asked || age.compareTo(SOON) > 0) {
            crashes.remove(key);
            return;
        }
        Crashes past = crashes.get(key);
        int count = past == null ? 1 : past.count() + 1;
        long pause = count == 1 ? 0 : Math.min(LONGEST, FIRST << Math.min(count - 2, MOST_DOUBLINGS));
        long jittered = pause == 0 ? 0 : pause / 2 + (long) (jitter.getAsDouble() * (pause / 2.0));
        crashes.put(key, new Crashes(count, now + jittered));
    }
}
