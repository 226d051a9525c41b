package dev.reeve.policy;

import dev.reeve.action.Action;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Denial.ReasonClass;
import dev.reeve.gate.Obligation;
import dev.reeve.gate.ResultFinding;
import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Lets only some fields of each row through. Rows are objects in the result's list, or lists under names ({@link Matrix}); a result without
 * either is one row. What cannot be read so is withheld.
 *
 * @param columns in lower case
 * @param pointer to the rows, where the catalogue says it
 */
record ColumnsObligation(Set<String> columns, Optional<String> pointer) implements Obligation {
    static final String NAME = "columns";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public ResultFinding apply(Action action, Json.Obj result) {
        if (ResultRows.isError(result)) {
            return withheld("the tool failed, and its error text has no columns");
        }
        Optional<Json.Obj> structured = result.object("structuredContent");
        if (structured.isEmpty()) {
            return withheld("the result has no structured content");
        }
        Set<String> dropped = new TreeSet<>();
        Optional<Matrix> matrix = Matrix.in(structured.get());
        if (matrix.isPresent()) {
            Json.Obj left = matrix.get().only(name -> keeps(name, dropped));
            return changed(ResultRows.rewrite(result, left), dropped);
        }
        Optional<ResultRows> rows = ResultRows.of(result, pointer);
        if (rows.isPresent()) {
            return ofRows(rows.get(), dropped);
        }
        if (pointer.isPresent()) {
            return withheld("no list of rows was found at `" + pointer.get() + "`");
        }
        return structured.get().members().values().stream().anyMatch(ColumnsObligation::holdsRows)
                ? withheld("it holds a list of rows beside other members; the catalogue's `rows_at` says where")
                : changed(ResultRows.rewrite(result, only(structured.get(), dropped)), dropped);
    }

    private static boolean holdsRows(Json value) {
        return value instanceof Json.Arr list
                && list.items().stream().anyMatch(item -> item instanceof Json.Obj || item instanceof Json.Arr);
    }

    private ResultFinding ofRows(ResultRows rows, Set<String> dropped) {
        List<Json> kept = new ArrayList<>();
        for (Json row : rows.rows()) {
            if (!(row instanceof Json.Obj object)) {
                return withheld("a row is not an object");
            }
            kept.add(only(object, dropped));
        }
        // What stands beside the rows is no column of theirs.
        return changed(rows.with(kept), dropped);
    }

    private boolean keeps(String name, Set<String> dropped) {
        boolean kept = columns.contains(name.toLowerCase(Locale.ROOT));
        if (!kept) {
            dropped.add(name);
        }
        return kept;
    }

    private Json.Obj only(Json.Obj row, Set<String> dropped) {
        Json.Builder kept = Json.object();
        row.members().forEach((name, value) -> {
            if (keeps(name, dropped)) {
                kept.put(name, value);
            }
        });
        return kept.build();
    }

    private static ResultFinding changed(Json.Obj result, Set<String> dropped) {
        return new ResultFinding.Changed(
                NAME, dropped.size() + (dropped.size() == 1 ? " column" : " columns") + " left out", result);
    }

    private static ResultFinding withheld(String reason) {
        return new ResultFinding.Withheld(NAME, Denial.of("columns_unreadable", ReasonClass.POLICY, reason));
    }
}
