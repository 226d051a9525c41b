package dev.reeve.policy;

import dev.reeve.action.Action;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Denial.ReasonClass;
import dev.reeve.gate.Obligation;
import dev.reeve.gate.ResultFinding;
import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Cuts a result off behind so many rows, and says so in it. A result without any list is one row; one with a list that nobody says to be the
 * rows is withheld.
 *
 * @param most at least 1
 * @param pointer to the rows, where the catalogue says it
 */
record LimitObligation(int most, Optional<String> pointer) implements Obligation {
    static final String NAME = "limit";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public ResultFinding apply(Action action, Json.Obj result) {
        if (ResultRows.isError(result)) {
            return withheld("the tool failed, and the rows of its error text cannot be counted");
        }
        Optional<Json.Obj> structured = result.object("structuredContent");
        if (structured.isEmpty()) {
            return withheld("the result has no structured content");
        }
        Optional<ResultRows> rows = ResultRows.of(result, pointer);
        if (rows.isPresent()) {
            List<Json> all = rows.get().rows();
            return cut(rows.get().with(first(all)), all.size());
        }
        Optional<Matrix> matrix = pointer.isPresent() ? Optional.empty() : Matrix.in(structured.get());
        if (matrix.isPresent()) {
            List<Json> all = matrix.get().rows();
            return cut(ResultRows.rewrite(result, matrix.get().with(first(all))), all.size());
        }
        return pointer.isEmpty() && !holdsList(structured.get())
                ? cut(ResultRows.rewrite(result, structured.get()), 1)
                : withheld("no list of rows was found in the structured content");
    }

    private List<Json> first(List<Json> all) {
        return all.subList(0, Math.min(most, all.size()));
    }

    private static boolean holdsList(Json value) {
        return switch (value) {
            case Json.Arr ignored -> true;
            case Json.Obj object -> object.members().values().stream().anyMatch(LimitObligation::holdsList);
            case Json.Str text -> ResultRows.isLikelyJson(text.value());
            case Json.Num ignored -> false;
            case Json.Bool ignored -> false;
            case Json.Null ignored -> false;
        };
    }

    /** Told also where nothing was cut: the texts beside could have held more rows, and were written anew. */
    private ResultFinding cut(Json.Obj left, int all) {
        if (all <= most) {
            return new ResultFinding.Changed(NAME, "0 of " + all + " rows cut", left);
        }
        List<Json> blocks =
                new ArrayList<>(left.array("content").orElse(Json.Arr.EMPTY).items());
        blocks.add(Json.object()
                .put("type", "text")
                .put("text", "[reeve] the first " + most + " of " + all + " rows; the policy lets no more through")
                .build());
        return new ResultFinding.Changed(
                NAME, (all - most) + " of " + all + " rows cut", left.with("content", new Json.Arr(blocks)));
    }

    private static ResultFinding withheld(String reason) {
        return new ResultFinding.Withheld(NAME, Denial.of("rows_unreadable", ReasonClass.POLICY, reason));
    }
}
