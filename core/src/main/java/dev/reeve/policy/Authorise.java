package dev.reeve.policy;

import dev.reeve.action.Action;
import dev.reeve.action.Operation;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Denial.ReasonClass;
import dev.reeve.gate.Facts;
import dev.reeve.gate.Finding;
import dev.reeve.gate.Stage;
import java.util.List;
import java.util.Optional;

/**
 * Deny wins, then approval, then allow; what nothing allows is denied. Each access of an action is decided by itself, and all must be
 * allowed.
 */
final class Authorise implements Stage {
    static final String NAME = "authorise";

    private final Means means;

    /** What deciding takes. */
    record Means(Index index, Verbs verbs, Nearest nearest, Treatments treatments, Offers offers) {}

    Authorise(Means means) {
        this.means = means;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Finding> check(Action action, Facts facts) {
        if (action.operation() instanceof Operation.Listing || action.operation() instanceof Operation.AccessSearch) {
            return List.of(new Finding.Pass(NAME, Optional.empty(), "a list is filtered for its caller"));
        }
        // Whatever the policy says by now: refused, the server's work would run on.
        if (action.operation() instanceof Operation.Task task && task.ends()) {
            return List.of(new Finding.Pass(NAME, Optional.empty(), "who began a task may end it"));
        }
        if (facts.accesses().isEmpty()) {
            return List.of(new Finding.Stop(
                    NAME,
                    Denial.of("touches_nothing", ReasonClass.POLICY, "it cannot be said what the action touches")));
        }
        return new Decision(action, facts, means).findings();
    }

    /** By a rule without a condition. */
    static Denial denied(CompiledRule rule) {
        Denial denial = Denial.of("denied_by_rule", ReasonClass.POLICY, Decision.reason(rule, "denied by rule"))
                .withRule(rule.ref());
        return rule.tellAgent() ? denial.withTell(denial.reason()) : denial;
    }
}
