package dev.reeve.workbench;

import dev.reeve.config.PolicyCase;
import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.List;

/** What came of the cases. */
public record CaseReport(List<Ran> ran, Coverage coverage) {
    public CaseReport {
        ran = List.copyOf(ran);
    }

    /**
     * @param verdict what it is; empty if it could not be asked
     * @param wrong what is not as expected; empty if all is
     */
    public record Ran(PolicyCase of, String verdict, List<String> wrong, long nanos) {
        public Ran {
            wrong = List.copyOf(wrong);
        }

        public boolean holds() {
            return wrong.isEmpty();
        }
    }

    public long failures() {
        return ran.stream().filter(one -> !one.holds()).count();
    }

    public Json.Obj json() {
        List<Json> items = new ArrayList<>();
        for (Ran one : ran) {
            items.add(Json.object()
                    .put("name", one.of().name())
                    .put("file", one.of().place().file())
                    .put("line", one.of().place().line())
                    .put("holds", one.holds())
                    .put("verdict", one.verdict())
                    .put("wrong", Json.Arr.ofStrings(one.wrong()))
                    .build());
        }
        return Json.object()
                .put("cases", ran.size())
                .put("failures", failures())
                .put("coverage", coverage.json())
                .put("results", new Json.Arr(items))
                .build();
    }

    /** The failed ones with why, a row each, behind a heading; empty if all hold. */
    public List<List<String>> table() {
        List<List<String>> rows = new ArrayList<>();
        if (failures() > 0) {
            rows.add(List.of("CASE", "WHERE", "WHAT IS WRONG"));
        }
        for (Ran one : ran) {
            if (!one.holds()) {
                String where = one.of().place().toString();
                rows.add(List.of(
                        one.of().name().equals(where) ? "-" : one.of().name(), where, String.join("; ", one.wrong())));
            }
        }
        return rows;
    }

    public String summary() {
        return ran.size() + " cases, " + failures() + " failed; coverage " + coverage.percent() + " % ("
                + coverage.covered() + " of " + coverage.branches() + ")";
    }
}
