package dev.reeve.cli;

import dev.reeve.analysis.Combination;
import dev.reeve.analysis.Edge;
import dev.reeve.analysis.ReachRow;
import dev.reeve.analysis.Statement;
import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What can be done, for people and for programs. */
final class ReachText {
    private ReachText() {}

    static Json.Obj json(List<ReachRow> rows, List<Combination> combinations) {
        return Json.object()
                .put(
                        "reach",
                        new Json.Arr(rows.stream().<Json>map(ReachRow::json).toList()))
                .put(
                        "combinations",
                        new Json.Arr(
                                combinations.stream().<Json>map(ReachText::json).toList()))
                .build();
    }

    private static Json.Obj json(Combination combination) {
        return Json.object()
                .put("agent", combination.actor().name())
                .put("labels", Json.Arr.ofStrings(combination.labels()))
                .put("private_data", Json.Arr.ofStrings(named(combination.privateData())))
                .put("untrusted", Json.Arr.ofStrings(named(combination.untrusted())))
                .put("ways_out", Json.Arr.ofStrings(named(combination.waysOut())))
                .put("answered_by", Json.Arr.ofStrings(places(combination)))
                .put("cuts", cuts(combination))
                .build();
    }

    private static Json.Obj cuts(Combination combination) {
        Json.Builder cuts = Json.object();
        combination.cuts().forEach((leg, rules) -> cuts.put(leg.replace(' ', '_'), Json.Arr.ofStrings(rules)));
        return cuts.build();
    }

    private static Set<String> named(List<Edge> edges) {
        Set<String> names = new LinkedHashSet<>();
        edges.forEach(edge -> names.add(
                edge.resource() + edge.tool().map(it -> " through " + it).orElse("")));
        return names;
    }

    private static List<String> places(Combination combination) {
        return combination.answered().stream()
                .map(Statement::place)
                .map(Object::toString)
                .toList();
    }

    static void print(Screen screen, List<ReachRow> rows, List<Combination> combinations, boolean asked) {
        if (rows.isEmpty()) {
            screen.line("nobody can do that");
        } else {
            List<List<String>> table = new ArrayList<>();
            table.add(List.of("AGENT", "CAN", "TO", "THROUGH", "BY", "HOW"));
            rows.forEach(row -> table.add(List.of(
                    row.actor().name().isEmpty() ? "(any)" : row.actor().name(),
                    String.join(", ", row.actions()),
                    row.resource() + (row.labels().isEmpty() ? "" : " (" + String.join(", ", row.labels()) + ")"),
                    String.join(", ", row.through()),
                    row.rule(),
                    row.how())));
            screen.table(table);
        }
        combinations.forEach(combination -> print(screen, combination));
        if (!asked) {
            screen.line("Only agents of the files are known, as `reeve serve` does not run.");
        }
    }

    private static void print(Screen screen, Combination combination) {
        String who = combination.actor().name().isEmpty()
                ? "an agent of this role"
                : combination.actor().name();
        screen.line("");
        String what = who + " reads " + String.join(", ", combination.labels())
                + ", reads what strangers may have written, and can send something out";
        if (combination.answered().isEmpty()) {
            screen.bad("dangerous: " + what);
        } else {
            screen.warning("answered by " + String.join(", ", places(combination)) + " (under its condition): " + what);
        }
        screen.line("  private:   " + String.join("; ", named(combination.privateData())));
        screen.line("  untrusted: " + String.join("; ", named(combination.untrusted())));
        screen.line("  way out:   " + String.join("; ", named(combination.waysOut())));
        combination.cuts().forEach((leg, rules) -> {
            screen.line("  to cut the " + leg + ":");
            rules.forEach(rule -> screen.line("    " + rule));
        });
    }
}
