package dev.reeve.policy;

import dev.reeve.action.Access;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Denial.ReasonClass;
import dev.reeve.gate.RuleRef;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Finds what came nearest to allowing, once nothing did. Off the hot path: it is only asked about denials. */
final class Nearest {
    private final Index index;
    private final Collection<String> roles;

    Nearest(Index index, Collection<String> roles) {
        this.index = index;
        this.roles = List.copyOf(roles);
    }

    static boolean holds(Bound.Check check, Condition.Input input) {
        try {
            return check.holds(input);
        } catch (ConditionException | RuntimeException | StackOverflowError e) {
            return false;
        }
    }

    private record Candidate(int distance, RuleRef rule, String missing) {}

    Denial denial(Condition.Input input, long verb) {
        Optional<Candidate> best = Optional.empty();
        for (String role : input.action().principal().roles()) {
            best = closer(best, candidate(role, input, verb, 0));
        }
        if (best.isEmpty()) {
            for (String role : roles) {
                best = closer(best, candidate(role, input, verb, 10));
            }
        }
        Access access = input.access();
        String what = access.verb() + " on `" + access.narrowest() + "`";
        if (best.isPresent() && best.get().distance() < 2) {
            return Denial.of(
                            "condition_failed",
                            ReasonClass.POLICY,
                            what + ": " + best.get().missing())
                    .withRule(best.get().rule())
                    .withNearest(
                            new Denial.Nearest(best.get().rule(), best.get().missing()));
        }
        Denial denial = Denial.of("no_rule_allows", ReasonClass.POLICY, "no rule allows " + what);
        return best.map(near -> denial.withNearest(new Denial.Nearest(near.rule(), near.missing())))
                .orElse(denial);
    }

    private Optional<Candidate> candidate(String role, Condition.Input input, long verb, int penalty) {
        Candidate[] best = new Candidate[1];
        index.grants(role, input.access().names(), grant -> {
            Candidate candidate = compare(grant, role, input, verb, penalty);
            if (best[0] == null || candidate.distance() < best[0].distance()) {
                best[0] = candidate;
            }
        });
        return Optional.ofNullable(best[0]);
    }

    private static Candidate compare(Grant grant, String role, Condition.Input input, long verb, int penalty) {
        if ((grant.verbs() & verb) == 0) {
            return new Candidate(
                    2 + penalty,
                    grant.rule(),
                    "it does not grant the action `" + input.access().verb() + "`");
        }
        for (Bound bound : grant.conditions()) {
            if (bound instanceof Bound.Check check && !holds(check, input)) {
                return new Candidate(1 + penalty, grant.rule(), "the condition `" + check.name() + "` does not hold");
            }
        }
        return new Candidate(3 + penalty, grant.rule(), "the agent does not have the role `" + role + "`");
    }

    private static Optional<Candidate> closer(Optional<Candidate> one, Optional<Candidate> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.or(() -> other);
        }
        return one.get().distance() <= other.get().distance() ? one : other;
    }
}
