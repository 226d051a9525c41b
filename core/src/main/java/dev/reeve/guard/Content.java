package dev.reeve.guard;

import dev.reeve.json.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What is found in a JSON value: texts, names of members, and numbers long enough; names say what their values are. */
public final class Content {
    /** A shorter number is nobody's. */
    private static final int SHORTEST_NUMBER = 9;
    /** Names that say nothing: what holds them says it. */
    private static final Set<String> EMPTY_NAMES = Set.of("value", "number", "text", "data", "content", "raw");

    private final Scan scan;
    private final Replacement replacement;

    private Content(Scan scan, Replacement replacement) {
        this.scan = scan;
        this.replacement = replacement;
    }

    /** How often each kind was found, by its id. */
    public static Map<Kind, Integer> count(Detectors detectors, Json value) {
        Scan scan = detectors.borrow();
        Counting counting = new Counting(new Content(scan, Replacement.PLACEHOLDERS));
        counting.walk("", value);
        detectors.giveBack(scan);
        return counting.counts;
    }

    /** A copy with a placeholder for each find; the same value if there is none. Objects keep their members, lists their items. */
    public static Json redact(Detectors detectors, Json value) {
        return redact(detectors, value, Replacement.PLACEHOLDERS);
    }

    /** The same with something else than placeholders. */
    public static Json redact(Detectors detectors, Json value, Replacement replacement) {
        Scan scan = detectors.borrow();
        Json redacted = new Content(scan, replacement).walk("", value);
        detectors.giveBack(scan);
        return redacted;
    }

    private List<Found> found(String name, String text) {
        if (!name.isEmpty()) {
            scan.named(name);
        }
        scan.feed(text);
        return scan.finish();
    }

    /** What the value of a member is called. */
    private static String inner(String outer, String name) {
        return !outer.isEmpty() && EMPTY_NAMES.contains(name) ? outer + "_" + name : name;
    }

    private static boolean isLong(Json.Num number) {
        return number.text().length() >= SHORTEST_NUMBER;
    }

    /** Copies nothing: most results hold nothing that anybody looks for. */
    private static final class Counting {
        private final Content content;
        private Map<Kind, Integer> counts = Map.of();

        Counting(Content content) {
            this.content = content;
        }

        void walk(String name, Json value) {
            switch (value) {
                case Json.Str text -> count(name, text.value());
                case Json.Num number -> {
                    if (isLong(number)) {
                        count(name, number.text());
                    }
                }
                case Json.Arr array -> {
                    for (Json item : array.items()) {
                        walk(name, item);
                    }
                }
                case Json.Obj object -> {
                    for (Map.Entry<String, Json> member : object.members().entrySet()) {
                        count("", member.getKey());
                        walk(inner(name, member.getKey()), member.getValue());
                    }
                }
                case Json.Bool ignored -> {}
                case Json.Null ignored -> {}
            }
        }

        private void count(String name, String text) {
            List<Found> found = content.found(name, text);
            if (found.isEmpty()) {
                return;
            }
            if (counts.isEmpty()) {
                counts = new TreeMap<>();
            }
            found.forEach(one -> counts.merge(one.kind(), 1, Integer::sum));
        }
    }

    private Json walk(String name, Json value) {
        return switch (value) {
            case Json.Str text -> text(name, text);
            case Json.Num number -> number(name, number);
            case Json.Arr array -> items(name, array);
            case Json.Obj object -> members(name, object);
            case Json.Bool ignored -> value;
            case Json.Null ignored -> value;
        };
    }

    private String visited(String name, String text) {
        List<Found> found = found(name, text);
        return found.isEmpty() ? text : Redaction.of(text, found, one -> replacement.of(one, name, text));
    }

    private Json text(String name, Json.Str text) {
        String visited = visited(name, text.value());
        return visited.equals(text.value()) ? text : new Json.Str(visited);
    }

    /** A placeholder is a text: where a schema wants a number, it does not fit, and whoever checks must withhold. */
    private Json number(String name, Json.Num number) {
        if (!isLong(number)) {
            return number;
        }
        String visited = visited(name, number.text());
        return visited.equals(number.text()) ? number : new Json.Str(visited);
    }

    @SuppressWarnings("ReferenceEquality") // the same object means that nothing was found
    private Json items(String name, Json.Arr array) {
        boolean changed = false;
        java.util.ArrayList<Json> items =
                new java.util.ArrayList<>(array.items().size());
        for (Json item : array.items()) {
            Json walked = walk(name, item);
            changed |= walked != item;
            items.add(walked);
        }
        return changed ? new Json.Arr(items) : array;
    }

    @SuppressWarnings("ReferenceEquality") // the same object means that nothing was found
    private Json members(String outer, Json.Obj object) {
        boolean changed = false;
        Json.Builder copy = Json.object();
        Map<String, Integer> taken = new HashMap<>();
        for (Map.Entry<String, Json> member : object.members().entrySet()) {
            String name = member.getKey();
            String shown = visited("", name);
            Json walked = walk(inner(outer, name), member.getValue());
            changed |= walked != member.getValue() || !shown.equals(name);
            put(copy, taken, shown, walked);
        }
        return changed ? copy.build() : object;
    }

    /** Two names may become the same placeholder: the second gets a number, so that no member is lost. */
    static void put(Json.Builder copy, Map<String, Integer> taken, String name, Json value) {
        String free = name;
        while (taken.containsKey(free)) {
            free = name + " " + taken.merge(name, 1, Integer::sum);
        }
        taken.put(free, 1);
        copy.put(free, value);
    }

    /** In words, without any of what was found: {@code card 2, email 1}. */
    public static String told(Map<Kind, Integer> counts) {
        StringBuilder told = new StringBuilder();
        counts.forEach((kind, count) -> told.append(told.isEmpty() ? "" : ", ")
                .append(kind.id())
                .append(' ')
                .append(count));
        return told.toString();
    }
}
