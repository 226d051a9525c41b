package dev.reeve.review;

import java.util.LinkedHashMap;
import java.util.Map;

/** A map that forgets what was not used for the longest time, so that a ledger with many names costs no more memory than one with few. */
final class Recent<V> extends LinkedHashMap<String, V> {
    private static final long serialVersionUID = 1L;

    private final int most;

    Recent(int most) {
        super(16, 0.75f, true);
        this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
        return size() > most;
    }
}
