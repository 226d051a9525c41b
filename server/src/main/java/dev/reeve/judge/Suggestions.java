package dev.reeve.judge;

import dev.reeve.action.Access;
import dev.reeve.action.Action;
import dev.reeve.gate.Facts;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** What could be done instead, as far as that can be said without understanding the text. */
final class Suggestions {
    private static final long JUST_NOW = 600;
    /** Characters of a question that no large model is needed for, as JSON. */
    private static final int SHORT = 600;

    private static final String SELECT = "select ";
    private static final Pattern WHERE = Pattern.compile("\\bwhere\\b");
    private static final Pattern ALL_ROWS = Pattern.compile("delete\\s+from\\s+\\S+|update\\s+\\S+\\s+set\\s");

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
        Optional<String> unfinished =
                reads ? Optional.empty() : Unfinished.in(action.operation().arguments());
        if (unfinished.isPresent()) {
            return "`arguments/" + unfinished.get() + "` still has a placeholder: fill it in first";
        }
        if (!reads && changesAllRows(action)) {
            return "it changes every row: add a condition, unless that is meant";
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
        return anyText(action, Suggestions::isBroad);
    }

    private static boolean changesAllRows(Action action) {
        return anyText(action, text -> {
            String small = text.toLowerCase(Locale.ROOT);
            return ALL_ROWS.matcher(small).lookingAt() && !WHERE.matcher(small).find();
        });
    }

    private static boolean anyText(Action action, Predicate<String> test) {
        for (Json value : action.operation().arguments().members().values()) {
            if (value instanceof Json.Str(String text) && test.test(text.strip())) {
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
