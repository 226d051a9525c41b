package dev.reeve.approval;

import dev.reeve.gate.AskTerms;
import dev.reeve.gate.Finding;
import dev.reeve.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What one rule demands.
 *
 * @param rule its name
 * @param place file and line, for people
 * @param by who may answer, as it is written; nobody in particular: any approver
 */
public record Demand(String rule, String place, String reason, List<String> by, AskTerms terms) {
    public Demand {
        by = List.copyOf(by);
    }

    /** @param mask takes known secrets out: a reason may quote the action */
    static Demand of(Finding.Ask ask, UnaryOperator<Json> mask) {
        return new Demand(
                ask.why().rule().map(ref -> ref.name()).orElse("?"),
                ask.why().rule().map(ref -> ref.file() + ":" + ref.line()).orElse("?"),
                Asked.text(ask.why().reason(), mask),
                ask.by(),
                ask.terms().orElseThrow());
    }

    /** As {@link Finding.Ask#key} of the same rule. */
    public String key() {
        return terms.key(rule, by);
    }

    /** What of it is bound: not the line, nor the words. */
    Json.Obj bound() {
        return terms.bound(rule, by);
    }

    /** Who is asked by now. */
    public List<String> asked(boolean escalated) {
        Optional<List<String>> more =
                terms.escalation().filter(ignored -> escalated).map(AskTerms.Escalation::to);
        if (more.isEmpty()) {
            return by;
        }
        List<String> all = new java.util.ArrayList<>(by);
        all.addAll(more.get());
        return all;
    }
}
