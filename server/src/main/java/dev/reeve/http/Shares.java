package dev.reeve.http;

import java.util.concurrent.ConcurrentHashMap;

/**
 * How much of the room for bodies one sender may hold: a quarter, and at least one body. Nobody who is unknown holds more than a small one, nor
 * anything once a quarter of the room is taken: so those who are known always find room.
 */
final class Shares {
    /** Whoever sends no more at a time is not looked at. */
    static final int SMALL = 64 << 10;

    private final Budget all;
    private final long most;
    private final long calm;
    private final ConcurrentHashMap<String, Long> each = new ConcurrentHashMap<>();

    /** @param all what everybody holds together */
    Shares(Budget all, HttpLimits limits) {
        this.all = all;
        this.calm = limits.bodies() / 4;
        this.most = Math.max(limits.body(), calm);
    }

    boolean isCalm() {
        return all.taken() <= calm;
    }

    boolean take(String who, long bytes) {
        boolean[] taken = new boolean[1];
        each.compute(who, (ignored, now) -> {
            long held = now == null ? 0 : now;
            taken[0] = held + bytes <= most;
            return taken[0] ? Long.valueOf(held + bytes) : now;
        });
        return taken[0];
    }

    void giveBack(String who, long bytes) {
        each.computeIfPresent(who, (ignored, now) -> now <= bytes ? null : Long.valueOf(now - bytes));
    }
}
