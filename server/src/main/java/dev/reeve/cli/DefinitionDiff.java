package dev.reeve.cli;

import dev.reeve.definitions.checks.Excerpt;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Two definitions, told apart place by place (JSON pointers), texts line by line. What is not ASCII is marked by a line that writes it out
 * (R9), so that a letter that only looks like another is seen.
 */
final class DefinitionDiff {
    private DefinitionDiff() {}

    static List<String> lines(Json.Obj before, Json.Obj after) {
        Map<String, Json> old = new LinkedHashMap<>();
        Map<String, Json> now = new LinkedHashMap<>();
        if (!before.members().isEmpty()) {
            flatten("", before, old);
        }
        flatten("", after, now);
        TreeSet<String> places = new TreeSet<>(old.keySet());
        places.addAll(now.keySet());
        List<String> lines = new ArrayList<>();
        for (String place : places) {
            Json was = old.get(place);
            Json is = now.get(place);
            if (was == null || !was.equals(is)) {
                place(place, was == null ? List.of() : text(was), is == null ? List.of() : text(is), lines);
            }
        }
        return lines;
    }

    private static void flatten(String pointer, Json value, Map<String, Json> into) {
        if (value instanceof Json.Obj object && !object.members().isEmpty()) {
            object.members()
                    .forEach((name, member) ->
                            flatten(pointer + "/" + name.replace("~", "~0").replace("/", "~1"), member, into));
        } else {
            into.put(pointer, value);
        }
    }

    private static List<String> text(Json value) {
        return value instanceof Json.Str text
                ? Arrays.asList(text.value().split("\n", -1))
                : List.of(JsonWriter.text(value));
    }

    /** Lines that are the same at both ends are left out. */
    private static void place(String pointer, List<String> was, List<String> is, List<String> lines) {
        int same = 0;
        int shorter = Math.min(was.size(), is.size());
        while (same < shorter && was.get(same).equals(is.get(same))) {
            same++;
        }
        int end = 0;
        while (end < shorter - same && was.get(was.size() - 1 - end).equals(is.get(is.size() - 1 - end))) {
            end++;
        }
        lines.add("  " + pointer + (same > 0 ? ", from line " + (same + 1) : ""));
        was.subList(same, was.size() - end).forEach(line -> add("    - ", line, lines));
        is.subList(same, is.size() - end).forEach(line -> add("    + ", line, lines));
    }

    private static void add(String sign, String line, List<String> lines) {
        lines.add(sign + line);
        if (line.chars().anyMatch(c -> c > 0x7e)) {
            lines.add("      written out: " + Excerpt.ascii(line));
        }
    }
}
