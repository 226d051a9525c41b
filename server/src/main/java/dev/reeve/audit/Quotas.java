package dev.reeve.audit;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many records each owner may have written in full: so many at once, and then one more each so often (R15). A clock that stands
 * still, or is behind, refills nothing. There are never more buckets than owners: only who was identified may be one.
 */
public final class Quotas<K> {
    private final int burst;
    private final long refillMillis;
    private final InstantSource clock;
    private final Map<K, Bucket> buckets = new ConcurrentHashMap<>();

    public Quotas(int burst, Duration refill, InstantSource clock) {
        this.burst = burst;
        this.refillMillis = refill.toMillis();
        this.clock = clock;
    }

    /** Takes one; false if there is none left. */
    public boolean take(K owner) {
        return take(owner, 1);
    }

    /** Takes so many, or none and is false if there are not as many left. */
    public boolean take(K owner, long many) {
        long now = clock.millis();
        return buckets.computeIfAbsent(owner, ignored -> new Bucket(now)).take(now, many);
    }

    private final class Bucket {
        private long left = burst;
        private long since;

        Bucket(long now) {
            since = now;
        }

        synchronized boolean take(long now, long many) {
            long fresh = Math.max(0, now - since) / refillMillis;
            left = Math.min(burst, left + fresh);
            since += fresh * refillMillis;
            if (left < many) {
                return false;
            }
            left -= many;
            return true;
        }
    }
}
