package dev.reeve.hook;

import dev.reeve.gate.Effect;
import dev.reeve.gate.Effect.Told;
import dev.reeve.gate.Gate;
import dev.reeve.gate.Permit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Actions that agents were allowed and have not told the end of. Bounded: the oldest is recorded as not observed when there are too many, or
 * when it is too old.
 */
final class HandedOver implements AutoCloseable {
    private static final int MOST = 2_000;
    private static final Duration LONGEST = Duration.ofHours(2);

    private final Gate gate;
    private final Map<Key, Waiting> waiting = new LinkedHashMap<>();

    /** @param instance an agent ends its own calls only */
    record Key(String instance, String client, String session, String call) {}

    private record Waiting(Permit permit, long begun) {}

    HandedOver(Gate gate) {
        this.gate = gate;
    }

    void add(Key key, Permit permit) {
        List<Waiting> over = new ArrayList<>();
        synchronized (waiting) {
            Optional.ofNullable(waiting.remove(key)).ifPresent(over::add);
            waiting.put(key, new Waiting(permit, System.nanoTime()));
            var oldest = waiting.values().iterator();
            while (oldest.hasNext()) {
                Waiting one = oldest.next();
                if (waiting.size() <= MOST && age(one).compareTo(LONGEST) < 0) {
                    break;
                }
                over.add(one);
                oldest.remove();
            }
        }
        over.forEach(one -> end(one, Told.NOTHING));
    }

    /** False if there is none of that name, which may have been asked of an earlier process. */
    boolean ended(Key key, Told told) {
        Waiting one;
        synchronized (waiting) {
            one = waiting.remove(key);
        }
        if (one == null) {
            return false;
        }
        end(one, told);
        return true;
    }

    /** For a caller that never tells. */
    void unobserved(Permit permit) {
        end(new Waiting(permit, System.nanoTime()), Told.NOTHING);
    }

    private void end(Waiting one, Told told) {
        gate.release(one.permit(), new Effect.Elsewhere(told), age(one));
    }

    private static Duration age(Waiting one) {
        return Duration.ofNanos(System.nanoTime() - one.begun());
    }

    @Override
    public void close() {
        List<Waiting> all;
        synchronized (waiting) {
            all = List.copyOf(waiting.values());
            waiting.clear();
        }
        all.forEach(one -> end(one, Told.NOTHING));
    }
}
