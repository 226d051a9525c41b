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
    /** Added for a role that the agent does not have. */
    private static final int OF_ANOTHER = 10;
    /** Told of a condition with a mistake in it, or without what it looks at. */
    static final String NOT_EVALUATED = "could not be evaluated";

    private final Index index;
    private final Collection<String> roles;
    private final Offers offers;

    Nearest(Index index, Collection<String> roles, Offers offers) {
        this.index = index;
        this.offers = offers;
        this.roles = List.copyOf(roles);
    }

    static boolean holds(Bound.Check check, Condition.Input input) {
        try {
            return check.holds(input);
        } catch (ConditionException | RuntimeException | StackOverflowError e) {
            return false;
        }
    }

    /** Why it does not hold, if it does not: false, or an error, which is a mistake of its author's and to be told as one. */
    static Optional<String> failure(Bound.Check check, Condition.Input input) {
        try {
            return check.holds(input) ? Optional.empty() : Optional.of(named(check, "does not hold"));
        } catch (ConditionException e) {
            return Optional.of(named(check, NOT_EVALUATED + ": " + e.getMessage()));
        } catch (RuntimeException | StackOverflowError e) {
            return Optional.of(named(check, NOT_EVALUATED));
        }
    }

    private static String named(Bound.Check check, String how) {
        return "the condition `" + check.name() + "` " + how;
    }

    private record Candidate(int distance, RuleRef rule, String missing) {}

    /** What a rule denied, and what else would have to change: perhaps nothing but the rule. */
    Denial beside(Denial denied, Condition.Input input, long verb) {
        return best(input, verb)
                .map(near -> denied.withNearest(new Denial.Nearest(
                        near.rule(),
                        near.missing().isEmpty() ? "it would have allowed this, but a deny wins" : near.missing())))
                .orElseGet(() -> denied.withNearest(Denial.Nearest.none("nothing else would have allowed it")));
    }

    private Optional<Candidate> best(Condition.Input input, long verb) {
        Optional<Candidate> best = Optional.empty();
        for (String role : input.action().principal().roles()) {
            best = closer(best, candidate(role, input, verb, 0));
        }
        best = closer(best, rule(input, verb));
        if (best.isEmpty()) {
            for (String role : roles) {
                best = closer(best, candidate(role, input, verb, OF_ANOTHER));
            }
        }
        return best;
    }

    /** With what people could do about it for a time, if the policy lets them. */
    Denial denial(Condition.Input input, long verb) {
        Denial denial = plain(input, verb);
        String agent = input.action().principal().agent();
        for (Offer offer : offers.all()) {
            boolean[] about = new boolean[1];
            index.grants(
                    Offers.role(offer.name()),
                    input.access().names(),
                    grant -> about[0] |= (grant.verbs() & verb) != 0);
            if (about[0] && offer.isFor(agent)) {
                return denial.withHelp("a person may grant it for a time: `reeve grants give " + offer.name() + " --to "
                        + agent + " --for " + "TIME --reason TEXT`");
            }
        }
        return denial;
    }

    private Denial plain(Condition.Input input, long verb) {
        Optional<Candidate> best = best(input, verb);
        Access access = input.access();
        String name = ServerFiles.exact(access.names());
        String what = access.verb() + " on `" + name + "`";
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
                .orElseGet(
                        () -> denial.withNearest(Denial.Nearest.none("no role and no rule is about `" + name + "`")));
    }

    private Optional<Candidate> candidate(String role, Condition.Input input, long verb, int penalty) {
        Candidate[] best = new Candidate[1];
        index.grants(role, input.access().names(), grant -> {
            Candidate candidate =
                    penalty == 0 ? compare(grant, input, verb) : lacking(role, compare(grant, input, verb));
            if (best[0] == null || candidate.distance() < best[0].distance()) {
                best[0] = candidate;
            }
        });
        return Optional.ofNullable(best[0]);
    }

    /** With distance 0 it would have allowed. */
    private static Candidate compare(Grant grant, Condition.Input input, long verb) {
        if ((grant.verbs() & verb) == 0) {
            return new Candidate(2, grant.rule(), noAction(input));
        }
        for (Bound bound : grant.conditions()) {
            if (bound instanceof Bound.Check check) {
                Optional<String> failure = failure(check, input);
                if (failure.isPresent()) {
                    return new Candidate(1, grant.rule(), failure.get());
                }
            }
        }
        Optional<String> leftOut = grant.leavesOut(input.access());
        if (leftOut.isPresent()) {
            return new Candidate(1, grant.rule(), leftOut.get());
        }
        if (grant.treatment().narrows() && input.action().operation().isDoneElsewhere()) {
            return new Candidate(
                    1, grant.rule(), "its result does not come through here, and would have to be changed");
        }
        return new Candidate(0, grant.rule(), "");
    }

    /** The role comes first: whatever else is missing would be missing still. */
    private static Candidate lacking(String role, Candidate candidate) {
        String also = candidate.missing().isEmpty() ? "" : "; with it, " + candidate.missing();
        return new Candidate(
                candidate.distance() + OF_ANOTHER,
                candidate.rule(),
                "the agent does not have the role `" + role + "`" + also);
    }

    private static String noAction(Condition.Input input) {
        return "it does not grant the action `" + input.access().verb() + "`";
    }

    /** The nearest rule beside the roles that allows something with this tool or resource. */
    private Optional<Candidate> rule(Condition.Input input, long verb) {
        Candidate[] best = new Candidate[1];
        index.allowing(input.action().operation().subject(), input.access().names(), rule -> {
            Candidate candidate = compare(rule, input, verb);
            if (best[0] == null || candidate.distance() < best[0].distance()) {
                best[0] = candidate;
            }
        });
        return Optional.ofNullable(best[0]);
    }

    private static Candidate compare(CompiledRule rule, Condition.Input input, long verb) {
        Optional<String> missing = rule.missing(input.action(), input.access(), verb);
        if (missing.isPresent()) {
            return new Candidate(3, rule.ref(), missing.get());
        }
        Optional<String> failure = rule.when().flatMap(when -> failure(when, input));
        if (failure.isPresent()) {
            return new Candidate(1, rule.ref(), failure.get());
        }
        return rule.isShadow(input.facts())
                ? new Candidate(1, rule.ref(), "it is in shadow: it records, and allows nothing")
                : new Candidate(0, rule.ref(), "");
    }

    private static Optional<Candidate> closer(Optional<Candidate> one, Optional<Candidate> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.or(() -> other);
        }
        return one.get().distance() <= other.get().distance() ? one : other;
    }
}
