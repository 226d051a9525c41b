package dev.reeve.adapter.mcp;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers which states were taken, by a short mark of each, until they would have run out. Bounded for each agent, so that none can use up the
 * rounds of all others, and in all; who has too many takes none until the oldest have run out. Safe for use by many threads.
 */
final class TakenStates {
    static final int MOST = 100_000;
    static final int MOST_EACH = 10_000;

    /** For each agent its marks with the time until which they count, the first taken first. */
    private final Map<String, LinkedHashMap<String, Long>> taken = new HashMap<>();

    private int all;

    /** True only the first time. */
    synchronized boolean take(String whose, String mark, long until, long now) {
        forgetOld(whose, now);
        if (all >= MOST) {
            taken.keySet().stream().toList().forEach(each -> forgetOld(each, now));
        }
        LinkedHashMap<String, Long> mine = taken.getOrDefault(whose, new LinkedHashMap<>());
        if (all >= MOST || mine.size() >= MOST_EACH || mine.putIfAbsent(mark, until) != null) {
            return false;
        }
        taken.put(whose, mine);
        all++;
        return true;
    }

    private void forgetOld(String whose, long now) {
        LinkedHashMap<String, Long> mine = taken.get(whose);
        if (mine == null) {
            return;
        }
        Iterator<Long> oldestFirst = mine.values().iterator();
        while (oldestFirst.hasNext() && oldestFirst.next() - now <= 0) {
            oldestFirst.remove();
            all--;
        }
        if (mine.isEmpty()) {
            taken.remove(whose);
        }
    }
}
