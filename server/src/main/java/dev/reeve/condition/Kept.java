package dev.reeve.condition;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * What was made once for a key. When there are too many all are forgotten: to make one again costs time, and nothing else. Safe for use by many
 * threads.
 */
final class Kept<K, V> {
    private final ConcurrentHashMap<K, V> all = new ConcurrentHashMap<>();
    private final int most;

    Kept(int most) {
        this.most = most;
    }

    Optional<V> find(K key) {
        return Optional.ofNullable(all.get(key));
    }

    /** The one that stays, where two make it at once. */
    V put(K key, V made) {
        if (all.size() >= most) {
            all.clear();
        }
        V before = all.putIfAbsent(key, made);
        return before == null ? made : before;
    }

    V of(K key, Function<K, V> making) {
        V known = all.get(key);
        return known == null ? put(key, making.apply(key)) : known;
    }
}
