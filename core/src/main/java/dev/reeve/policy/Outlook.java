package dev.reeve.policy;

import dev.reeve.action.Access;
import dev.reeve.action.Action;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Denial.Nearest;
import dev.reeve.gate.Facts;
import dev.reeve.gate.Finding;
import dev.reeve.gate.RuleRef;
import dev.reeve.gate.Rulebook.Reading;
import java.util.List;
import java.util.Optional;

/** What the policy would have said, had it been asked. Pure, as deciding is; off the hot path. */
final class Outlook {
    private final Catalogue catalogue;
    private final Authorise authorise;

    Outlook(Catalogue catalogue, Authorise authorise) {
        this.catalogue = catalogue;
        this.authorise = authorise;
    }

    /** @param known its accesses are not looked at */
    Nearest of(Action action, Facts known) {
        return switch (catalogue.read(action.operation())) {
            case Reading.Touches touches -> said(action, with(known, touches.accesses()), "");
            case Reading.Unreadable ignored ->
                within(action, known, "no rule was compared with a statement that cannot be read");
        };
    }

    /** Of what nobody parses for this principal. */
    Nearest unread(Action action, Facts known) {
        return within(action, known, "no rule was compared with what the arguments say, which was not read");
    }

    private Nearest within(Action action, Facts known, String why) {
        return catalogue
                .within(action.operation())
                .map(access -> said(
                        action,
                        with(known, List.of(access)),
                        why + "; of " + access.verb() + " on `" + access.narrowest() + "`: "))
                .orElse(Nearest.none("no rule was compared: what it touches cannot be said from these arguments"));
    }

    private static Facts with(Facts known, List<Access> accesses) {
        return new Facts(accesses, known.resultTags(), known.sessionRead(), known.now(), known.clockDoubtful())
                .granting(known.grants());
    }

    private Nearest said(Action action, Facts facts, String before) {
        List<Finding> findings = authorise.check(action, facts);
        for (Finding finding : findings) {
            if (finding instanceof Finding.Stop(var _, Denial denial)) {
                return denied(denial, before);
            }
        }
        for (Finding finding : findings) {
            if (finding instanceof Finding.Ask(var _, Denial why, var _, var _)) {
                return nearest(why.rule(), before + "the policy would have held it for a person: " + why.reason());
            }
        }
        return nearest(firstRule(findings), before + "the policy would have allowed it by this rule");
    }

    private static Nearest denied(Denial denial, String before) {
        String missing = denial.nearest()
                .map(Nearest::missing)
                .filter(text -> !denial.reason().endsWith(text))
                .map(text -> "; " + text)
                .orElse("");
        return nearest(
                denial.nearest().flatMap(Nearest::rule).or(denial::rule),
                before + "the policy would not have allowed it either: " + denial.reason() + missing);
    }

    private static Nearest nearest(Optional<RuleRef> rule, String words) {
        return rule.map(ref -> new Nearest(ref, words)).orElse(Nearest.none(words));
    }

    private static Optional<RuleRef> firstRule(List<Finding> findings) {
        return findings.stream()
                .flatMap(finding -> finding instanceof Finding.Pass pass
                        ? pass.rule().stream()
                        : java.util.stream.Stream.<RuleRef>empty())
                .findFirst();
    }
}
