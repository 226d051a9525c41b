package dev.reeve.judge;

import dev.reeve.action.Access;
import dev.reeve.action.Action;
import dev.reeve.gate.Facts;
import dev.reeve.json.Json;
import java.util.Locale;

/** What could be done instead, as far as that can be said without understanding the text. */
final class Suggestions {
    private static final long JUST_NOW = 600;

    private Suggestions() {}

    static String of(Action action, Facts facts, Habits.Known known) {
        boolean reads = facts.accesses().stream().allMatch(EmbeddedJudge::isReading);
        if (reads && known.sameSeconds() >= 0 && known.sameSeconds() <= JUST_NOW) {
            return "the same was asked " + known.sameSeconds() + " s ago: use that answer";
        }
        if (reads && isBroadQuery(action)) {
            return "a narrower query is cheaper: name the columns, and add a condition or a limit";
        }
        if (!reads && known.ofTool() == 0) {
            return "this is unusual for this agent: ask whoever gave the task whether it is meant";
        }
        if (facts.accesses().stream().map(Access::verb).anyMatch("delete"::equals)) {
            return "mark it instead of deleting it, if it may be needed again";
        }
        return "";
    }

    /** All columns, or all rows. */
    private static boolean isBroadQuery(Action action) {
        return action.operation().arguments().members().values().stream()
                .filter(Json.Str.class::isInstance)
                .map(value ->
                        ((Json.Str) value).value().toLowerCase(Locale.ROOT).strip())
                .filter(text -> text.startsWith("select "))
                .anyMatch(text -> text.contains(" * ") || (!text.contains(" where ") && !text.contains(" limit ")));
    }
}
