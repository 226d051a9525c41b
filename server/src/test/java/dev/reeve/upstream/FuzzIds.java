package dev.reeve.upstream;

import java.util.EnumMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Every id that came by, whoever it belongs to: those who fuzz try them all, in all hands. Bounded; the newest stay. Safe for use by many threads. */
final class FuzzIds {
    private static final int MOST = 64;
    private static final int LONGEST = 4_096;

    enum Kind {
        SESSION("(?!)"),
        STATE("\"requestState\":\"([^\"\\\\]+)\""),
        TASK("\"taskId\":\"([^\"\\\\]+)\""),
        CURSOR("\"nextCursor\":\"([^\"\\\\]+)\""),
        EVENT("(?m)^id: (\\S+)$"),
        QUESTION("\"id\":\"([^\"\\\\]+)\",\"method\""),
        TICKET("(rv_[0-9a-f-]+)"),
        UPSTREAM_REQUEST("(?!)"),
        UPSTREAM_TOKEN("(?!)"),
        UPSTREAM_TASK("(?!)");

        private final Pattern pattern;

        Kind(String pattern) {
            this.pattern = Pattern.compile(pattern);
        }
    }

    private final Map<Kind, String[]> rings = new EnumMap<>(Kind.class);
    private final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);

    synchronized void add(Kind kind, String id) {
        if (!id.isEmpty() && id.length() <= LONGEST && id.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            int count = counts.merge(kind, 1, Integer::sum);
            rings.computeIfAbsent(kind, any -> new String[MOST])[count % MOST] = id;
        }
    }

    /** Takes note of all ids in what somebody received. */
    void read(String text) {
        for (Kind kind : Kind.values()) {
            Matcher found = kind.pattern.matcher(text);
            while (found.find()) {
                add(kind, found.group(1));
            }
        }
    }

    synchronized String any(Kind kind, RandomGenerator random) {
        int count = Math.min(MOST - 1, counts.getOrDefault(kind, 0));
        String[] ring = rings.get(kind);
        String found = count == 0 || ring == null ? null : ring[1 + random.nextInt(count)];
        return found == null ? "made-up" : found;
    }
}
