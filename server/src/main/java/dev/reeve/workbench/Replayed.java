package dev.reeve.workbench;

import dev.reeve.action.Action;
import dev.reeve.gate.RuleRef;
import dev.reeve.record.Event.Stored;
import dev.reeve.workbench.Judgement.Verdict;
import dev.reeve.workbench.ReplayReport.What;
import java.util.Optional;
import java.util.Set;

/**
 * One recorded action, and what a candidate would have made of it.
 *
 * @param ticket of the record
 * @param rule of the candidate that decides; what decided then if it decides no more
 * @param reason of the candidate; of what is unknown, what would have to be known
 */
record Replayed(
        String ticket,
        String agent,
        String tool,
        What what,
        String then,
        String now,
        Optional<RuleRef> rule,
        String reason) {

    Replayed(String ticket, Action action, What what, Judgement then, Judgement now) {
        this(
                ticket,
                action.principal().agent(),
                action.operation().subject(),
                what,
                said(then, now),
                said(now, then),
                now.rule().or(then::rule),
                now.reason());
    }

    /** It depends on this, which the record does not say. */
    Replayed asUnknown(String missing) {
        return new Replayed(ticket, agent, tool, What.UNKNOWN, then, then, Optional.empty(), missing);
    }

    /** To the letter, where the difference is only in what exactly is done. */
    private static String said(Judgement one, Judgement other) {
        boolean exactly = one.verdict().equals(other.verdict())
                && one.handling().isPresent()
                && !one.handling().equals(other.handling());
        return exactly ? one.handling().get().with(one.ruling()) : one.verdict().toString();
    }

    static Replayed unknown(Stored stored, String missing) {
        Verdict then = new Verdict(Rebuilding.ruling(stored), Set.of());
        return new Replayed(
                stored.id(),
                stored.leaf().string("agent").orElse("?"),
                stored.subject().isEmpty() ? "?" : stored.subject(),
                What.UNKNOWN,
                then.toString(),
                then.toString(),
                Optional.empty(),
                missing);
    }
}
