package dev.reeve.workbench;

import dev.reeve.gate.Deliberation;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Finding;
import dev.reeve.gate.Journal.Ruling;
import dev.reeve.gate.RuleRef;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How something is decided.
 *
 * @param treatment what is done to it or its result if it is allowed: {@code rows}, {@code client_asks}, {@code rewritten}
 * @param handling the same to the letter; empty if the record does not say
 * @param code why not
 * @param rule that decided; of a denial by nothing, the one that came nearest
 */
record Judgement(
        Ruling ruling,
        Set<String> treatment,
        Optional<Handling> handling,
        Optional<String> code,
        Optional<RuleRef> rule,
        String reason) {
    static final String REWRITTEN = "rewritten";

    Judgement {
        treatment = Set.copyOf(treatment);
    }

    static Judgement of(Deliberation deliberation) {
        List<Finding> findings = deliberation.findings();
        Optional<Denial> denial = deliberation.denial();
        return new Judgement(
                deliberation.ruling(),
                denial.isPresent() ? Set.of() : treatment(findings),
                Optional.of(denial.isPresent() ? Handling.NONE : Handling.of(findings)),
                denial.map(Denial::code),
                denial.map(Judgement::ruleOf).orElseGet(() -> firstRule(findings)),
                denial.map(Denial::reason).orElseGet(() -> firstReason(findings)));
    }

    private static Optional<RuleRef> ruleOf(Denial denial) {
        return denial.rule().or(() -> denial.nearest().flatMap(Denial.Nearest::rule));
    }

    private static Set<String> treatment(List<Finding> findings) {
        Set<String> treatment = new HashSet<>();
        for (Finding finding : findings) {
            switch (finding) {
                case Finding.Redact ignored -> treatment.add(REWRITTEN);
                case Finding.Oblige oblige -> {
                    if (!oblige.obligation().isAdvice()) {
                        treatment.add(oblige.obligation().name());
                    }
                }
                case Finding.Pass ignored -> {}
                case Finding.Shadow ignored -> {}
                case Finding.Warn ignored -> {}
                case Finding.Ask ignored -> {}
                case Finding.Stop ignored -> {}
            }
        }
        return treatment;
    }

    private static Optional<RuleRef> firstRule(List<Finding> findings) {
        return firstRuled(findings).flatMap(Judgement::ruleOf);
    }

    private static String firstReason(List<Finding> findings) {
        return firstRuled(findings)
                .map(finding -> finding instanceof Finding.Pass pass ? pass.reason() : "")
                .orElse("");
    }

    /** The first that names a rule, of those that counted. */
    private static Optional<Finding> firstRuled(List<Finding> findings) {
        for (Finding finding : findings) {
            boolean counts = !(finding instanceof Finding.Shadow || finding instanceof Finding.Warn);
            if (counts && ruleOf(finding).isPresent()) {
                return Optional.of(finding);
            }
        }
        return Optional.empty();
    }

    /** The rule that a finding names. */
    static Optional<RuleRef> ruleOf(Finding finding) {
        return switch (finding) {
            case Finding.Pass pass -> pass.rule();
            case Finding.Shadow shadow -> Optional.of(shadow.rule());
            case Finding.Warn warn -> warn.rule();
            case Finding.Redact redact -> redact.rule();
            case Finding.Oblige oblige -> oblige.rule();
            case Finding.Stop stop -> stop.denial().rule();
            case Finding.Ask ask -> ask.why().rule();
        };
    }

    /** What the caller notices of it. */
    Verdict verdict() {
        return new Verdict(ruling, treatment);
    }

    /** By whom it may be changed: what it is, without why. */
    record Verdict(Ruling ruling, Set<String> treatment) {
        Verdict {
            treatment = Set.copyOf(treatment);
        }

        /** {@code allow}, {@code deny}, {@code hold}, {@code allow (rows)}. */
        @Override
        public String toString() {
            String word = ruling.name().toLowerCase(Locale.ROOT);
            return treatment.isEmpty()
                    ? word
                    : word + treatment.stream().sorted().collect(Collectors.joining(", ", " (", ")"));
        }

        /** Whether more can happen by the other: less is denied, less is held, or less is done to what comes back. */
        boolean isWidenedBy(Verdict other) {
            return rank(ruling) == rank(other.ruling)
                    ? !other.treatment.containsAll(treatment)
                    : rank(other.ruling) < rank(ruling);
        }

        private static int rank(Ruling ruling) {
            return switch (ruling) {
                case ALLOW -> 0;
                case HOLD -> 1;
                case DENY -> 2;
            };
        }
    }
}
