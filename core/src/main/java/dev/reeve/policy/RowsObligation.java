package dev.reeve.policy;

import dev.reeve.action.Action;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Denial.ReasonClass;
import dev.reeve.gate.Obligation;
import dev.reeve.gate.ResultFinding;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Leaves rows out of a result. Rows are read from {@code structuredContent}, at the catalogue's pointer or in its one list of objects; the
 * text blocks are written anew from what is left, so that no copy of a row slips by. What cannot be read so is withheld.
 */
final class RowsObligation implements Obligation {
    private static final String NAME = "rows";

    private final List<RowFilters.Choice> choices;
    private final Map<String, String> row;
    private final Condition.Input input;
    private final Optional<String> pointer;

    RowsObligation(
            List<RowFilters.Choice> choices, Map<String, String> row, Condition.Input input, Optional<String> pointer) {
        this.choices = List.copyOf(choices);
        this.row = row;
        this.input = input;
        this.pointer = pointer;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public ResultFinding apply(Action action, Json.Obj result) {
        if (result.get("isError").equals(Optional.of(Json.Bool.TRUE))) {
            // An error text may hold rows too, and there is no telling.
            return withheld("the tool failed, and its error text cannot be filtered");
        }
        Optional<Json.Obj> structured = result.object("structuredContent");
        Optional<List<String>> path = structured.flatMap(this::path);
        if (path.isEmpty()) {
            return withheld("no list of rows was found in the structured content");
        }
        Json.Arr rows = (Json.Arr) at(structured.get(), path.get()).orElseThrow();
        List<Json> kept = new ArrayList<>();
        for (Json item : rows.items()) {
            if (!(item instanceof Json.Obj object)) {
                return withheld("a row is not an object");
            }
            if (passes(object)) {
                kept.add(object);
            }
        }
        Json.Obj left = replace(structured.get(), path.get(), new Json.Arr(kept));
        int out = rows.items().size() - kept.size();
        return new ResultFinding.Changed(
                NAME, out + " of " + rows.items().size() + " rows left out", rewrite(result, left));
    }

    private static ResultFinding withheld(String reason) {
        return new ResultFinding.Withheld(NAME, Denial.of("rows_unreadable", ReasonClass.POLICY, reason));
    }

    /** The other members of the answer may repeat rows, so only what we wrote ourselves goes out. */
    private static Json.Obj rewrite(Json.Obj result, Json.Obj structured) {
        Json.Obj block = Json.object()
                .put("type", "text")
                .put("text", JsonWriter.text(structured))
                .build();
        Json.Builder answer = Json.object()
                .put("content", new Json.Arr(List.of(block)))
                .put("structuredContent", structured)
                .put("isError", false);
        result.string("resultType").ifPresent(type -> answer.put("resultType", type));
        return answer.build();
    }

    private boolean passes(Json.Obj item) {
        for (RowFilters.Choice choice : choices) {
            if (passes(item, choice)) {
                return true;
            }
        }
        return false;
    }

    private boolean passes(Json.Obj item, RowFilters.Choice choice) {
        for (Bound bound : choice.conditions()) {
            boolean holds = switch (bound) {
                case Bound.Check ignored -> true;
                case Bound.Rows rows -> holds(rows, item);
                case Bound.SameAttribute same -> holds(same, item);
            };
            if (!holds) {
                return false;
            }
        }
        return true;
    }

    private boolean holds(Bound.Rows rows, Json.Obj item) {
        try {
            return rows.of(input).test(item, input);
        } catch (ConditionException | RuntimeException | StackOverflowError e) {
            return false;
        }
    }

    private boolean holds(Bound.SameAttribute same, Json.Obj item) {
        String wanted = input.action().principal().attributes().get(same.attribute());
        return wanted != null && item.string(field(same, row)).equals(Optional.of(wanted));
    }

    /** The catalogue may say that the attribute stands in another field. */
    static String field(Bound.SameAttribute same, Map<String, String> row) {
        return row.entrySet().stream()
                .filter(entry -> entry.getValue().equals(same.attribute()))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(same.field());
    }

    private Optional<List<String>> path(Json.Obj structured) {
        if (pointer.isPresent()) {
            List<String> steps = steps(pointer.get());
            return at(structured, steps).filter(Json.Arr.class::isInstance).map(ignored -> steps);
        }
        List<String> lists = structured.members().entrySet().stream()
                .filter(member -> member.getValue() instanceof Json.Arr)
                .map(Map.Entry::getKey)
                .toList();
        return lists.size() == 1 && structured.members().size() == 1 ? Optional.of(lists) : Optional.empty();
    }

    /** A JSON pointer (RFC 6901) into the result, or into its structured content. */
    static List<String> steps(String pointer) {
        String text =
                pointer.startsWith("/structuredContent") ? pointer.substring("/structuredContent".length()) : pointer;
        List<String> steps = new ArrayList<>();
        for (String step : text.substring(Math.min(1, text.length())).split("/", -1)) {
            steps.add(step.replace("~1", "/").replace("~0", "~"));
        }
        return steps;
    }

    private static Optional<Json> at(Json.Obj value, List<String> path) {
        Json here = value;
        for (String step : path) {
            Json next = here instanceof Json.Obj object ? object.members().get(step) : null;
            if (next == null) {
                return Optional.empty();
            }
            here = next;
        }
        return Optional.of(here);
    }

    private static Json.Obj replace(Json.Obj value, List<String> path, Json by) {
        String first = path.getFirst();
        if (path.size() == 1) {
            return value.with(first, by);
        }
        Json.Obj below = value.object(first).orElse(Json.Obj.EMPTY);
        return value.with(first, replace(below, path.subList(1, path.size()), by));
    }
}
