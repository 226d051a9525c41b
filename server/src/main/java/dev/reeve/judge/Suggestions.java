package dev.reeve.judge;

import dev.reeve.action.Access;
import dev.reeve.action.Action;
import dev.reeve.gate.Facts;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.util.Locale;

/** What could be done instead, as far as that can be said without understanding the text. */
final class Suggestions {
    private static final long JUST_NOW = 600;
    /** Characters of a question that no large model is needed for, as JSON. */
    private static final int SHORT = 600;

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
        if (asksModel(facts) && isShort(action)) {
            return "the question is short: a smaller model may answer it as well, for less";
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

    private static boolean asksModel(Facts facts) {
        return facts.accesses().stream()
                .flatMap(access -> access.names().stream())
                .anyMatch(name -> name.startsWith("model:"));
    }

    private static boolean isShort(Action action) {
        return JsonWriter.text(action.operation().arguments()).length() <= SHORT;
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
