package dev.reeve.guard;

import dev.reeve.json.Json;
import java.util.List;
import java.util.Set;

/** What values are called: the name of the member, and where that says nothing, what holds it or stands beside it. */
final class Names {
    /** Names that say nothing: what holds them says it. */
    private static final Set<String> EMPTY = Set.of("value", "number", "text", "data", "content", "raw");
    /** Of {@code {"name": "DB_PASSWORD", "value": "..."}}. */
    private static final List<String> LABELS = List.of("type", "label", "field", "kind", "key", "name");

    private static final int LONGEST_LABEL = 48;

    private Names() {}

    static String inner(String outer, String name) {
        return !outer.isEmpty() && EMPTY.contains(name) ? outer + "_" + name : name;
    }

    /** @param label of the same object; empty if there is none */
    static String inner(String outer, String label, String name) {
        return !label.isEmpty() && isLabelled(name) ? inner(label, name) : inner(outer, name);
    }

    static String inner(String outer, Json.Obj object, String name) {
        return inner(outer, isLabelled(name) ? label(object) : "", name);
    }

    private static boolean isLabelled(String name) {
        return name.equals("value") || name.equals("number");
    }

    private static String label(Json.Obj object) {
        return LABELS.stream()
                .flatMap(name -> object.string(name).stream())
                .filter(Names::isShort)
                .findFirst()
                .orElse("");
    }

    static boolean isLabel(String name) {
        return LABELS.contains(name);
    }

    /** What is longer is no name. */
    static boolean isShort(String label) {
        return label.length() <= LONGEST_LABEL;
    }
}
