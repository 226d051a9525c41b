package dev.reeve.workbench;

import dev.reeve.action.Action;
import dev.reeve.gate.Finding;
import dev.reeve.gate.Opinion;
import dev.reeve.gate.TimedGrant;
import dev.reeve.policy.ServerFiles;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A recorded decision, turned back into what was decided on.
 *
 * @param action its principal has the roles of the record, and neither owner nor attributes: those are not recorded
 * @param policy the version that decided
 * @param rolesKnown false in records from before roles were recorded
 * @param assigned the roles that it had in that context only
 * @param before what was found before the policy was asked: a held definition, arguments that do not fit, a revoked identity
 * @param after what stopped it once the policy had allowed it
 * @param takenOut guardrails found something in the arguments, and placeholders stand for it: they would find nothing now
 * @param touched what it touched, by names and verb; empty if that is not known
 * @param opinions what judges said of it, without words
 * @param grants what people had given for a time; empty: something, and it is not known what
 * @param approved the rules that asked, if people said yes to them
 * @param judged how it was decided
 */
record RecordedAction(
        long index,
        Action action,
        String policy,
        boolean rolesKnown,
        Set<String> assigned,
        List<Finding> before,
        Optional<Finding.Stop> after,
        Set<String> sessionRead,
        boolean clockDoubtful,
        boolean takenOut,
        Optional<Set<Touched>> touched,
        Hidden hidden,
        List<Opinion> opinions,
        Optional<List<TimedGrant>> grants,
        Set<String> approved,
        Judgement judged) {
    RecordedAction {
        opinions = List.copyOf(opinions);
        assigned = Set.copyOf(assigned);
        before = List.copyOf(before);
        sessionRead = Set.copyOf(sessionRead);
        approved = Set.copyOf(approved);
    }

    /**
     * One access without its tags, which are the catalogue's.
     *
     * @param method of a request that the agent's own program would send
     */
    record Touched(List<String> names, String verb, Optional<String> method) {
        Touched {
            names = List.copyOf(names);
        }

        /** By which a rule is about this and nothing else. */
        String exactly() {
            return ServerFiles.exact(names);
        }
    }

    /** What this judge said of it, if it was asked. */
    Optional<Opinion> opinion(String judge) {
        return opinions.stream().filter(one -> one.judge().equals(judge)).findFirst();
    }

    /** The same, had nothing stopped it once the policy had allowed it. */
    RecordedAction unlimited() {
        return new RecordedAction(
                index,
                action,
                policy,
                rolesKnown,
                assigned,
                before,
                Optional.empty(),
                sessionRead,
                clockDoubtful,
                takenOut,
                touched,
                hidden,
                opinions,
                grants,
                approved,
                judged);
    }

    /** A rule of the policy's own naming: its file and line, where another version may have another rule. */
    static boolean isPlace(String rule) {
        return rule.indexOf(':') >= 0;
    }

    /** Stopped before the policy was asked: no policy would have changed it. */
    boolean isDecidedBefore() {
        return before.stream().anyMatch(Finding.Stop.class::isInstance);
    }

    /** The statement in the record has our filters in it, and reads more columns than the agent's did. */
    boolean isRewritten() {
        return judged.treatment().contains(Judgement.REWRITTEN);
    }
}
