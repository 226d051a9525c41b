package dev.reeve.judge;

import dev.reeve.action.Access;
import dev.reeve.action.Action;
import dev.reeve.gate.Facts;
import dev.reeve.json.Json;
import java.util.Locale;

/** What could be done instead, as far as that can be said without understanding the text. */
final class Suggestions {
    private static final long JUST_NOW = 600;
    private static final String SELECT = "select ";

    private Suggestions() {}

    static String of(Action action, Facts facts, Habits.Known known) {
        boolean reads = reads(facts);
        if (reads && known.sameSeconds() >= 0 && known.sameSeconds() <= JUST_NOW) {
            return "the same was asked " + known.sameSeconds() + " s ago: use that answer";
        }
        if (reads && isBroadQuery(action)) {
            return "a narrower query is cheaper: name the columns, and add a condition or a limit";
        }
        if (!reads && known.ofTool() == 0) {
            return "this is unusual for this agent: ask whoever gave the task whether it is meant";
        }
        if (!reads && facts.accesses().stream().map(Access::verb).anyMatch("delete"::equals)) {
            return "mark it instead of deleting it, if it may be needed again";
        }
        return "";
    }

    private static boolean reads(Facts facts) {
        for (Access access : facts.accesses()) {
            if (!EmbeddedJudge.isReading(access)) {
                return false;
            }
        }
        return true;
    }

    /** All columns, or all rows. */
    private static boolean isBroadQuery(Action action) {
        for (Json value : action.operation().arguments().members().values()) {
            if (value instanceof Json.Str(String text) && isBroad(text.strip())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isBroad(String text) {
        if (!text.regionMatches(true, 0, SELECT, 0, SELECT.length())) {
            return false;
        }
        String small = text.toLowerCase(Locale.ROOT);
        return small.startsWith(SELECT)
                && (small.contains(" * ") || (!small.contains(" where ") && !small.contains(" limit ")));
    }
}
