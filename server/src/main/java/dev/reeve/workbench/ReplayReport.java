package dev.reeve.workbench;

import dev.reeve.gate.RuleRef;
import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a replay found, counted and with examples.
 *
 * @param groups of what changes and of what is unknown, by agent, tool, verdicts and rule; the largest first
 * @param ungrouped further actions, of more kinds than {@value #MOST_GROUPS}
 */
public record ReplayReport(Map<What, Long> counts, List<Group> groups, long ungrouped) {
    /** What becomes of an action. */
    public enum What {
        SAME,
        TIGHTER,
        WIDER,
        /** It depends on what the record does not say. */
        UNKNOWN,
        /** Stopped before the policy was asked, and would be again. */
        DECIDED_BEFORE
    }

    /** A report is to be read. */
    static final int MOST_GROUPS = 2_000;

    static final int EXAMPLES = 3;

    public ReplayReport {
        counts = Map.copyOf(counts);
        groups = List.copyOf(groups);
    }

    /** @param reason that the candidate gives, of the first example */
    public record Group(Key key, long actions, List<String> examples, String reason) {
        public Group {
            examples = List.copyOf(examples);
        }
    }

    /** What belongs together. */
    public record Key(
            What what, String agent, String tool, String then, String now, Optional<RuleRef> rule, String missing) {
        static Key of(Replayed one) {
            boolean unknown = one.what() == What.UNKNOWN;
            return new Key(
                    one.what(),
                    one.agent(),
                    one.tool(),
                    one.then(),
                    unknown ? "unknown" : one.now(),
                    one.rule(),
                    unknown ? one.reason() : "");
        }
    }

    private long count(What what) {
        return counts.getOrDefault(what, 0L);
    }

    public long actions() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    public long wider() {
        return count(What.WIDER);
    }

    public long tighter() {
        return count(What.TIGHTER);
    }

    public long unknown() {
        return count(What.UNKNOWN);
    }

    public Json.Obj json() {
        Json.Builder all = Json.object().put("actions", actions());
        for (What what : What.values()) {
            all.put(word(what), count(what));
        }
        List<Json> items = new ArrayList<>();
        groups.forEach(group -> items.add(json(group)));
        return all.put("groups", new Json.Arr(items))
                .put("ungrouped", ungrouped)
                .build();
    }

    private static String word(What what) {
        return what.name().toLowerCase(Locale.ROOT);
    }

    private static Json.Obj json(Group group) {
        Key key = group.key();
        Json.Builder one = Json.object()
                .put("change", word(key.what()))
                .put("agent", key.agent())
                .put("tool", key.tool())
                .put("then", key.then())
                .put("now", key.now());
        key.rule().ifPresent(rule -> one.put("rule", Explanation.json(rule)));
        if (!key.missing().isEmpty()) {
            one.put("missing", key.missing());
        }
        return one.put("reason", group.reason())
                .put("actions", group.actions())
                .put("examples", Json.Arr.ofStrings(group.examples()))
                .build();
    }

    /** A table of groups, its heading first; empty if there is nothing to show. */
    public List<List<String>> table() {
        List<List<String>> rows = new ArrayList<>();
        if (!groups.isEmpty()) {
            rows.add(List.of("CHANGE", "VERDICT", "AGENT", "TOOL", "ACTIONS", "RULE", "EXAMPLES"));
        }
        for (Group group : groups) {
            Key key = group.key();
            rows.add(List.of(
                    word(key.what()),
                    key.then() + " -> " + key.now(),
                    key.agent(),
                    key.tool(),
                    Long.toString(group.actions()),
                    key.missing().isEmpty()
                            ? key.rule().map(ReplayReport::place).orElse("-")
                            : "needs " + key.missing(),
                    String.join(" ", group.examples())));
        }
        return rows;
    }

    static String place(RuleRef rule) {
        String where = rule.file() + ":" + rule.line();
        return rule.name().startsWith(where) ? rule.name() : rule.name() + " (" + where + ")";
    }

    /** One line that says it all. */
    public String summary() {
        return String.format(
                Locale.ROOT,
                "%,d actions: %,d as they were, %,d wider, %,d tighter, %,d unknown, %,d stopped before any policy",
                actions(),
                count(What.SAME),
                count(What.WIDER),
                count(What.TIGHTER),
                count(What.UNKNOWN),
                count(What.DECIDED_BEFORE));
    }

    /** Counts as they come. Bounded. */
    static final class Tally {
        private final Map<What, Long> counts = new EnumMap<>(What.class);
        private final Map<Key, Count> groups = new LinkedHashMap<>();
        private long ungrouped;

        private static final class Count {
            private final List<String> examples = new ArrayList<>();
            private final String reason;
            private long actions;

            Count(String reason) {
                this.reason = reason;
            }
        }

        void add(Replayed one) {
            counts.merge(one.what(), 1L, Long::sum);
            switch (one.what()) {
                case SAME, DECIDED_BEFORE -> {}
                case WIDER, TIGHTER, UNKNOWN -> group(one);
            }
        }

        private void group(Replayed one) {
            Key key = Key.of(one);
            Count count = groups.get(key);
            if (count == null) {
                if (groups.size() >= MOST_GROUPS) {
                    ungrouped++;
                    return;
                }
                count = new Count(one.reason());
                groups.put(key, count);
            }
            count.actions++;
            if (count.examples.size() < EXAMPLES) {
                count.examples.add(one.ticket());
            }
        }

        ReplayReport report() {
            List<Group> all = new ArrayList<>();
            groups.forEach((key, count) -> all.add(new Group(key, count.actions, count.examples, count.reason)));
            all.sort(Comparator.comparing((Group group) -> group.key().what())
                    .reversed()
                    .thenComparing(Comparator.comparingLong(Group::actions).reversed()));
            return new ReplayReport(counts, all, ungrouped);
        }
    }
}
