package dev.reeve.policy;

import dev.reeve.action.Access;
import dev.reeve.action.Action;
import dev.reeve.action.Operation;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Denial.ReasonClass;
import dev.reeve.gate.Facts;
import dev.reeve.gate.Finding;
import dev.reeve.gate.Stage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Deny wins, then approval, then allow; what nothing allows is denied. Each access of an action is decided by itself, and all must be
 * allowed.
 */
final class Authorise implements Stage {
    static final String NAME = "authorise";

    private final Index index;
    private final Verbs verbs;
    private final Nearest nearest;
    private final RowFilters rows;

    Authorise(Index index, Verbs verbs, Nearest nearest, RowFilters rows) {
        this.index = index;
        this.verbs = verbs;
        this.nearest = nearest;
        this.rows = rows;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Finding> check(Action action, Facts facts) {
        if (action.operation() instanceof Operation.Listing) {
            return List.of(new Finding.Pass(NAME, Optional.empty(), "a list is filtered for its caller"));
        }
        if (facts.accesses().isEmpty()) {
            return List.of(new Finding.Stop(
                    NAME,
                    Denial.of("touches_nothing", ReasonClass.POLICY, "it cannot be said what the action touches")));
        }
        Decision decision = new Decision(action, facts);
        for (Access access : facts.accesses()) {
            if (decision.decide(access)) {
                return decision.stopped();
            }
        }
        return decision.findings();
    }

    /** One action on its way through its accesses. */
    private final class Decision {
        private final Action action;
        private final Facts facts;
        private final Set<Finding> notes = new LinkedHashSet<>();
        private final Map<List<RowFilters.Choice>, Set<Access>> filtered = new LinkedHashMap<>();
        private Optional<Finding.Stop> stop = Optional.empty();
        private Optional<Finding.Ask> ask = Optional.empty();

        Decision(Action action, Facts facts) {
            this.action = action;
            this.facts = facts;
        }

        /** True if this access stops the action. */
        boolean decide(Access access) {
            Condition.Input input = new Condition.Input(action, access, facts);
            long verb = verbs.bit(access.verb());
            boolean ruled = false;
            for (CompiledRule rule : index.rules(action, access, verb)) {
                ruled |= apply(rule, input);
                if (stop.isPresent()) {
                    return true;
                }
            }
            List<RowFilters.Choice> choices = new ArrayList<>(1);
            boolean granted = ruled || granted(input, verb, choices);
            if (!granted && ask.isEmpty()) {
                stop = Optional.of(new Finding.Stop(NAME, nearest.denial(input, verb)));
                return true;
            }
            if (!ruled && !choices.isEmpty() && choices.stream().noneMatch(RowFilters.Choice::isWhole)) {
                filtered.computeIfAbsent(List.copyOf(choices), ignored -> new LinkedHashSet<>())
                        .add(access);
            }
            return false;
        }

        /** True if the rule allows. */
        private boolean apply(CompiledRule rule, Condition.Input input) {
            boolean holds = holds(rule, input);
            if (!holds) {
                return false;
            }
            if (rule.isShadow(facts)) {
                notes.add(new Finding.Pass(
                        NAME,
                        Optional.of(rule.ref()),
                        "shadow: would " + rule.effect().name().toLowerCase(java.util.Locale.ROOT)));
                return false;
            }
            switch (rule.effect()) {
                case DENY -> stop = Optional.of(new Finding.Stop(NAME, denied(rule)));
                case REQUIRE_APPROVAL -> ask = ask.or(() -> Optional.of(new Finding.Ask(NAME, held(rule), rule.by())));
                case ALLOW -> {
                    notes.add(new Finding.Pass(NAME, Optional.of(rule.ref()), reason(rule, "allowed by rule")));
                    return true;
                }
            }
            return false;
        }

        /** A deny whose condition cannot be said denies; anything else whose condition cannot be said is not about the action. */
        private boolean holds(CompiledRule rule, Condition.Input input) {
            if (rule.when().isEmpty()) {
                return true;
            }
            try {
                return rule.when().get().holds(input);
            } catch (ConditionException | RuntimeException | StackOverflowError e) {
                return rule.effect() != PolicySource.Effect.ALLOW;
            }
        }

        private boolean granted(Condition.Input input, long verb, List<RowFilters.Choice> choices) {
            boolean[] granted = new boolean[1];
            for (String role : action.principal().roles()) {
                index.grants(role, input.access().names(), grant -> {
                    if ((grant.verbs() & verb) != 0 && conditionsHold(grant, input)) {
                        granted[0] = true;
                        choices.add(RowFilters.Choice.of(grant));
                        notes.add(new Finding.Pass(
                                NAME,
                                Optional.of(grant.rule()),
                                "role grants " + input.access().verb() + " on " + grant.resource()));
                    }
                });
            }
            return granted[0];
        }

        private boolean conditionsHold(Grant grant, Condition.Input input) {
            for (Bound bound : grant.conditions()) {
                if (bound instanceof Bound.Check check && !Nearest.holds(check, input)) {
                    return false;
                }
            }
            return true;
        }

        List<Finding> stopped() {
            List<Finding> all = new ArrayList<>(notes);
            stop.ifPresent(all::add);
            return all;
        }

        List<Finding> findings() {
            List<Finding> all = new ArrayList<>(notes);
            ask.ifPresent(all::add);
            if (!filtered.isEmpty()) {
                all.addAll(rows.findings(action, facts, filtered));
            }
            return all;
        }
    }

    private static Denial denied(CompiledRule rule) {
        return told(
                rule,
                Denial.of("denied_by_rule", ReasonClass.POLICY, reason(rule, "denied by rule"))
                        .withRule(rule.ref()));
    }

    private static Denial held(CompiledRule rule) {
        return told(
                        rule,
                        Denial.of(
                                        "approval_required",
                                        ReasonClass.APPROVAL,
                                        reason(rule, "a person must approve this first"))
                                .withRule(rule.ref()))
                .withHelp(
                        "people cannot approve single calls in this version yet; change the rule if it should be allowed");
    }

    private static Denial told(CompiledRule rule, Denial denial) {
        return rule.tellAgent() ? denial.withTell(denial.reason()) : denial;
    }

    private static String reason(CompiledRule rule, String otherwise) {
        return rule.reason().isEmpty() ? otherwise + " `" + rule.ref().name() + "`" : rule.reason();
    }
}
