package dev.reeve.policy;

import dev.reeve.action.Action;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Denial.ReasonClass;
import dev.reeve.gate.Obligation;
import dev.reeve.gate.ResultFinding;
import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Leaves rows out of a result, by what stands in them. The text blocks are written anew from what is left, so that no copy of a row slips by.
 * What cannot be read so is withheld.
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
        if (ResultRows.isError(result)) {
            return withheld("the tool failed, and its error text cannot be filtered");
        }
        Optional<ResultRows> found = ResultRows.of(result, pointer);
        if (found.isEmpty()) {
            return withheld("no list of rows was found in the structured content");
        }
        List<Json> kept = new ArrayList<>();
        for (Json item : found.get().rows()) {
            if (!(item instanceof Json.Obj object)) {
                return withheld("a row is not an object");
            }
            if (passes(object)) {
                kept.add(object);
            }
        }
        int all = found.get().rows().size();
        return new ResultFinding.Changed(
                NAME,
                (all - kept.size()) + " of " + all + " rows left out",
                found.get().with(kept));
    }

    private static ResultFinding withheld(String reason) {
        return new ResultFinding.Withheld(NAME, Denial.of("rows_unreadable", ReasonClass.POLICY, reason));
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
}
