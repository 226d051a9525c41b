package dev.reeve.gate;

import dev.reeve.gate.Denial.Nearest;
import dev.reeve.gate.Denial.ReasonClass;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Adds to a denial, once all is decided, what came nearest to allowing: also to what stopped before the policy was asked, or after it had
 * allowed. For the record and its readers; decides nothing, and the agent is told none of it (R10).
 */
final class Hindsight {
    private final Rulebook rulebook;
    private final List<Finding> findings;
    private final Supplier<Nearest> outlook;

    /** @param outlook what the policy would say; asked only if it was not */
    Hindsight(Rulebook rulebook, List<Finding> findings, Supplier<Nearest> outlook) {
        this.rulebook = rulebook;
        this.findings = findings;
        this.outlook = outlook;
    }

    /** A denial that knows more keeps it. What fails here is told in words and changes nothing. */
    Denial on(Denial denial) {
        if (denial.nearest().isPresent()) {
            return denial;
        }
        try {
            return denial.withNearest(nearest(denial));
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            return denial.withNearest(Nearest.none("what the policy would have said is not known: asking it failed"));
        }
    }

    private Nearest nearest(Denial denial) {
        if (denial.reasonClass() == ReasonClass.IDENTITY) {
            return Nearest.none("the policy was not asked: it asks of nobody whose identity is not good");
        }
        Set<String> stages =
                Set.copyOf(rulebook.stages().stream().map(Stage::name).toList());
        List<Finding> found =
                findings.stream().filter(one -> stages.contains(one.stage())).toList();
        if (found.isEmpty()) {
            return outlook.get();
        }
        if (denial.rule().isPresent()) {
            return new Nearest(denial.rule().get(), "a person's approval is what is missing");
        }
        if (found.getLast() instanceof Finding.Stop stop) {
            return Nearest.none("the stage `" + stop.stage() + "` stopped it and compared no rule");
        }
        String words = "the policy allows it; only this stands against it";
        return found.stream()
                .flatMap(one -> rule(one).stream())
                .findFirst()
                .map(rule -> new Nearest(rule, words))
                .orElse(Nearest.none(words));
    }

    private static Optional<RuleRef> rule(Finding finding) {
        return switch (finding) {
            case Finding.Pass pass -> pass.rule();
            case Finding.Shadow ignored -> Optional.empty();
            case Finding.Warn warn -> warn.rule();
            case Finding.Redact redact -> redact.rule();
            case Finding.Oblige oblige -> oblige.rule();
            case Finding.Stop stop -> stop.denial().rule();
            case Finding.Ask ask -> ask.why().rule();
        };
    }
}
