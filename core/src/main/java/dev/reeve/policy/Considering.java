package dev.reeve.policy;

import dev.reeve.action.Access;
import dev.reeve.action.Action;
import dev.reeve.gate.Facts;
import dev.reeve.gate.RuleRef;
import dev.reeve.gate.TimedGrant;
import dev.reeve.policy.Condition.Input;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Says of each rule why it counts or does not, by the same index, targets and conditions as deciding. Off the hot path: for people. It
 * decides nothing; what is decided says {@link Authorise}.
 */
final class Considering {
    /** Rules and permissions that are told of one access; an author with more finds them by the nearest. */
    private static final int MOST = 100;

    private final Index index;
    private final Verbs verbs;
    private final Offers offers;

    Considering(Index index, Verbs verbs, Offers offers) {
        this.offers = offers;
        this.index = index;
        this.verbs = verbs;
    }

    List<Consideration> of(Action action, Facts facts) {
        List<Consideration> all = new ArrayList<>();
        for (Access access : facts.accesses()) {
            all.add(new Consideration(access, rules(new Input(action, access, facts))));
        }
        return all;
    }

    private List<Considered> rules(Input input) {
        long verb = verbs.bit(input.access().verb());
        List<Considered> all = new ArrayList<>();
        for (CompiledRule rule : named(input)) {
            all.add(considered(rule, input, verb));
        }
        List<String> roles = new ArrayList<>(input.action().principal().roles());
        roles.sort(null);
        for (String role : roles) {
            index.grants(role, input.access().names(), grant -> all.add(considered(grant, input, verb)));
        }
        for (TimedGrant grant : input.facts().grants()) {
            if (grant instanceof TimedGrant.Permission given) {
                timed(given, input, verb, all);
            }
        }
        return all.size() > MOST ? all.subList(0, MOST) : all;
    }

    /** Each once, in the order in which they win. The index gives the same object again: to hash all that a rule says would cost more than the rest. */
    private List<CompiledRule> named(Input input) {
        Set<CompiledRule> once = Collections.newSetFromMap(new IdentityHashMap<>());
        List<CompiledRule> named = new ArrayList<>();
        index.naming(input.action().operation().subject(), input.access().allNames(), rule -> {
            if (once.add(rule)) {
                named.add(rule);
            }
        });
        named.sort(Comparator.comparingInt(rule -> weight(rule.effect())));
        return named;
    }

    /** What was given for a time. */
    private void timed(TimedGrant.Permission given, Input input, long verb, List<Considered> all) {
        Optional<String> missing = offers.missing(given, input, verbs);
        index.grants(Offers.role(given.grantable()), input.access().names(), grant -> {
            Considered one = considered(grant, input, verb);
            all.add(new Considered(
                    new RuleRef(given.id(), grant.rule().file(), grant.rule().line()),
                    "granted",
                    one.conditions(),
                    missing.or(one::missing)));
        });
    }

    /** In the order in which they win. */
    private static int weight(PolicySource.Effect effect) {
        return switch (effect) {
            case DENY -> 0;
            case REQUIRE_APPROVAL -> 1;
            case ALLOW -> 2;
        };
    }

    private static String name(PolicySource.Effect effect) {
        return switch (effect) {
            case DENY -> "deny";
            case REQUIRE_APPROVAL -> "require_approval";
            case ALLOW -> "allow";
        };
    }

    private static Considered considered(CompiledRule rule, Input input, long verb) {
        String effect = name(rule.effect());
        Optional<String> missing = rule.missing(input.action(), input.access(), verb);
        if (missing.isPresent()) {
            return new Considered(rule.ref(), effect, List.of(), missing);
        }
        List<String> asked = rule.when().map(when -> List.of(when.name())).orElse(List.of());
        Optional<String> failure = rule.when().flatMap(when -> Nearest.failure(when, input));
        // A deny whose condition cannot be evaluated counts, and so does a rule that asks.
        boolean counts = failure.isEmpty()
                || (rule.effect() != PolicySource.Effect.ALLOW && failure.get().contains(Nearest.NOT_EVALUATED));
        if (!counts) {
            return new Considered(rule.ref(), effect, asked, failure);
        }
        Optional<String> shadow = rule.isShadow(input.facts())
                ? Optional.of("it is in shadow: it is recorded, and changes nothing")
                : Optional.empty();
        return new Considered(rule.ref(), effect, asked, shadow);
    }

    private static Considered considered(Grant grant, Input input, long verb) {
        if ((grant.verbs() & verb) == 0) {
            return new Considered(
                    grant.rule(),
                    "grants",
                    List.of(),
                    Optional.of(
                            "it does not grant the action `" + input.access().verb() + "`"));
        }
        List<String> asked = new ArrayList<>();
        for (Bound bound : grant.conditions()) {
            asked.add(bound.name());
            if (bound instanceof Bound.Check check) {
                Optional<String> failure = Nearest.failure(check, input);
                if (failure.isPresent()) {
                    return new Considered(grant.rule(), "grants", asked, failure);
                }
            }
        }
        return new Considered(grant.rule(), "grants", asked, grant.leavesOut(input.access()));
    }
}
