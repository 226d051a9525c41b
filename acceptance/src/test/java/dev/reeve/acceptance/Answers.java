package dev.reeve.acceptance;

import dev.reeve.json.Json;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a client printed of a server's answers, without what a gateway must say differently, so that the rest can be compared byte for byte:
 * lists and members come in the order of their names, times are left out, and {@code reeve_status} is Reeve's own tool.
 */
final class Answers {
    /**
     * How long to keep an answer and for whom (Reeve's lists are private and short-lived); what kind of result it is, which the old revisions
     * do not say; who answered; and whether a tool can be a task, which Reeve does not pass on before it passes tasks on.
     */
    private static final Set<String> DROPPED =
            Set.of("ttlMs", "cacheScope", "resultType", "io.modelcontextprotocol/serverInfo", "execution");

    private static final Pattern TIME =
            Pattern.compile("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?(Z|[+-]\\d{2}:?\\d{2})?"
                    + "|\\d{1,2}:\\d{2}:\\d{2} [AP]M");

    /** Counts calls of a session, which at Reeve is one for all clients with one key. */
    private static final Pattern COUNT = Pattern.compile("(thoughtHistoryLength[\\\\]*\":\\s*)\\d+");

    /** Reeve's own, and one that its server offers only to clients that declare roots, as Reeve itself does not when it reads what to pin. */
    private static final Set<String> NOT_COMPARED = Set.of("reeve_status", "get-roots-list");

    private Answers() {}

    static String plain(String printed) {
        try {
            Json read = StrictJson.read(printed.strip().getBytes(StandardCharsets.UTF_8), JsonLimits.ANSWER);
            String timeless = TIME.matcher(String.valueOf(plain(read))).replaceAll("TIME");
            return COUNT.matcher(timeless).replaceAll("$1N");
        } catch (JsonRefusedException e) {
            throw new AssertionError(e.getMessage() + ": " + printed, e);
        }
    }

    private static Json plain(Json value) {
        return switch (value) {
            case Json.Obj object -> object(object);
            case Json.Arr array -> array(array);
            default -> value;
        };
    }

    private static Json object(Json.Obj object) {
        Json.Obj copy = Json.Obj.EMPTY;
        for (Map.Entry<String, Json> member : new TreeMap<>(object.members()).entrySet()) {
            Json kept = plain(member.getValue());
            if (!DROPPED.contains(member.getKey()) && !saysNothing(member.getKey(), kept)) {
                copy = copy.with(member.getKey(), kept);
            }
        }
        return copy;
    }

    /** Nothing left of `_meta`, or an empty list: Reeve says of each server that it may have resources and prompts, and then lists none. */
    private static boolean saysNothing(String name, Json value) {
        return value instanceof Json.Obj object
                && ((name.equals("_meta") && object.members().isEmpty())
                        || (object.members().size() == 1 && object.members().containsValue(Json.Arr.EMPTY)));
    }

    private static Json array(Json.Arr array) {
        List<Json> items = array.items().stream()
                .filter(item -> !NOT_COMPARED.contains(name(item)))
                .map(Answers::plain)
                .toList();
        boolean named = items.stream().noneMatch(item -> name(item).isEmpty());
        return new Json.Arr(
                named
                        ? items.stream()
                                .sorted(Comparator.comparing(Answers::name))
                                .toList()
                        : items);
    }

    private static String name(Json item) {
        return item instanceof Json.Obj object ? object.string("name").orElse("") : "";
    }
}
