package dev.reeve.workbench;

import dev.reeve.audit.EventFilter;
import dev.reeve.gate.Journal.Ruling;
import dev.reeve.json.Json;
import dev.reeve.ledger.Progress;
import dev.reeve.record.Event.Stored;
import dev.reeve.workbench.Judgement.Verdict;
import dev.reeve.workbench.ReplayReport.What;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What rules in shadow said of live traffic, as it was recorded: the report of a replay, with an entry for each such rule of each action. */
public final class Shadows {
    /** What the lack of an allow denies, an allow would have changed; what a rule denied, it would not. */
    private static final Set<String> FOR_WANT_OF_A_RULE = Set.of("no_rule_allows", "condition_failed");

    private Shadows() {}

    /** @throws IOException if the ledger cannot be read */
    public static ReplayReport run(Path ledger, EventFilter filter, int threads, Progress progress) throws IOException {
        ReplayReport.Tally tally = new ReplayReport.Tally();
        new DecisionLog(ledger, filter, threads).each(Shadows::of, all -> all.forEach(tally::add), progress);
        return tally.report();
    }

    private static List<Replayed> of(Stored stored) {
        List<Replayed> all = new ArrayList<>();
        for (Json item : stored.leaf().array("findings").orElse(Json.Arr.EMPTY).items()) {
            Json.Obj found = (Json.Obj) item;
            Rebuilding.would(found).ifPresent(would -> all.add(one(stored, found, would)));
        }
        return all;
    }

    private static Replayed one(Stored stored, Json.Obj found, Ruling would) {
        Replayed known = Replayed.unknown(stored, "");
        boolean changes = changes(Rebuilding.ruling(stored), would, stored);
        // The record has what was said up to the first thing that was denied: of the others, it is not known whether
        // anything allows them.
        if (changes && would == Ruling.ALLOW && accesses(stored) != 1) {
            return Replayed.unknown(stored, "whether the other things that it touches would be allowed");
        }
        String now = changes ? new Verdict(would, Set.of()).toString() : known.then();
        What what = !changes ? What.SAME : would == Ruling.ALLOW ? What.WIDER : What.TIGHTER;
        return new Replayed(
                known.ticket(),
                known.agent(),
                known.tool(),
                what,
                known.then(),
                now,
                found.object("rule").map(Rebuilding::rule),
                "");
    }

    private static int accesses(Stored stored) {
        return stored.leaf()
                .object("facts")
                .flatMap(facts -> facts.array("accesses"))
                .map(all -> all.items().size())
                .orElse(0);
    }

    private static boolean changes(Ruling then, Ruling would, Stored stored) {
        Optional<String> code = stored.leaf().object("denial").flatMap(denial -> denial.string("code"));
        return switch (would) {
            case DENY -> then != Ruling.DENY;
            case HOLD -> then == Ruling.ALLOW;
            case ALLOW ->
                then == Ruling.DENY && code.filter(FOR_WANT_OF_A_RULE::contains).isPresent();
        };
    }
}
