package dev.reeve.policy;

import dev.reeve.action.Access;
import dev.reeve.action.Action;
import dev.reeve.action.Operation;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Denial.ReasonClass;
import dev.reeve.gate.Facts;
import dev.reeve.gate.Finding;
import dev.reeve.gate.Journal.Ruling;
import dev.reeve.gate.RuleRef;
import dev.reeve.gate.Stage;
import dev.reeve.gate.TimedGrant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Deny wins, then approval, then allow; what nothing allows is denied. Each access of an action is decided by itself, and all must be
 * allowed.
 */
final class Authorise implements Stage {
    static final String NAME = "authorise";
    /** Less close than any rule. */
    private static final int NOTHING = -1;

    private final Index index;
    private final Verbs verbs;
    private final Nearest nearest;
    private final Treatments treatments;
    private final Offers offers;

    Authorise(Index index, Verbs verbs, Nearest nearest, Treatments treatments, Offers offers) {
        this.offers = offers;
        this.index = index;
        this.verbs = verbs;
        this.nearest = nearest;
        this.treatments = treatments;
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
        Decision decision = new Decision(action, facts);
        for (Access access : facts.accesses()) {
            if (decision.decide(access)) {
                return decision.stopped();
            }
        }
        return decision.findings();
    }

    /** What no role need grant: rules may deny or hold it all the same. */
    private static Optional<Finding.Pass> grantedElsewhere(Operation operation) {
        return operation instanceof Operation.Question
                ? Optional.of(new Finding.Pass(NAME, Optional.empty(), "the operator's file lets this server ask this"))
                : Optional.empty();
    }

    /** One action on its way through its accesses. */
    private final class Decision {
        private final Action action;
        private final Facts facts;
        private final List<Finding> notes = new ArrayList<>(2);
        private Map<List<RowFilters.Choice>, Set<Access>> filtered = Map.of();
        private Treated treated = Treated.NOTHING;
        /** Of the access that is being decided: what all that allows it says of results together, and who says so. */
        private Treatment treatment = Treatment.NONE;

        private Optional<RuleRef> treating = Optional.empty();
        /** Whether something allows it as it is. */
        private boolean plain;

        private Optional<Finding.Stop> stop = Optional.empty();
        private final List<Finding.Ask> asks = new ArrayList<>(1);

        Decision(Action action, Facts facts) {
            this.action = action;
            this.facts = facts;
        }

        /** True if this access stops the action. */
        boolean decide(Access access) {
            Condition.Input input = new Condition.Input(action, access, facts);
            long verb = verbs.bit(access.verb());
            int allowed = NOTHING;
            Optional<CompiledRule> asking = Optional.empty();
            treatment = Treatment.NONE;
            treating = Optional.empty();
            plain = false;
            for (CompiledRule rule : index.rules(action, access, verb)) {
                if (rule.asksClient()) {
                    asking = closer(asking, rule, input);
                } else if (apply(rule, input, verb)) {
                    allowed = Math.max(allowed, rule.closeness());
                    allowedBy(rule.treatment(), rule.ref(), true);
                }
                if (stop.isPresent()) {
                    return true;
                }
            }
            boolean ruled = allowed > NOTHING;
            if (ruled && plain && asking.isEmpty()) {
                treat(access);
                return false;
            }
            Optional<Finding.Pass> elsewhere = grantedElsewhere(action.operation());
            if (elsewhere.isPresent()) {
                note(elsewhere.get());
                return false;
            }
            Granted granted = new Granted(input, verb);
            if (asking.isPresent() && asking.get().closeness() >= Math.max(allowed, granted.closest)) {
                note(asked(asking.get()));
                return false;
            }
            if (ruled) {
                treat(access);
                return false;
            }
            // A person's yes satisfies what a rule asked and grants nothing (R17): so without a grant nobody is asked.
            if (!granted.any) {
                stop = Optional.of(new Finding.Stop(NAME, nearest.denial(input, verb)));
                return true;
            }
            if (granted.any && !granted.whole) {
                filter(access, granted.choices);
            }
            treat(access);
            return false;
        }

        /**
         * What allows it as it is beats what narrows its result; without such, everything that allows it narrows it. Each of them would let
         * the agent have what is left.
         *
         * @param whole whether it lets every row through
         */
        private void allowedBy(Treatment by, RuleRef rule, boolean whole) {
            plain |= whole && !by.narrows();
            if (!by.isNone()) {
                treatment = treatment.and(by);
                treating = treating.or(() -> Optional.of(rule));
            }
        }

        private void treat(Access access) {
            Treatment left = plain ? treatment.warningsOnly() : treatment;
            if (!left.isNone()) {
                treated = treated.with(access, left, treating.orElseThrow());
            }
        }

        /** Each rule asks once, whatever it is about. What it lets somebody read of a call that began with a person's yes is not asked again. */
        private void ask(Finding.Ask found) {
            boolean ofBegun =
                    action.operation() instanceof Operation.Task task && task.does() != Operation.Task.Does.UPDATE;
            if (!ofBegun && asks.stream().noneMatch(found::asksTheSame)) {
                asks.add(found);
            }
        }

        /** Each once: many accesses are granted by one permission. */
        private void note(Finding finding) {
            if (!notes.contains(finding)) {
                notes.add(finding);
            }
        }

        private void filter(Access access, List<RowFilters.Choice> choices) {
            if (filtered.isEmpty()) {
                filtered = new LinkedHashMap<>();
            }
            filtered.computeIfAbsent(List.copyOf(choices), ignored -> new LinkedHashSet<>())
                    .add(access);
        }

        /** True if the rule allows. */
        private boolean apply(CompiledRule rule, Condition.Input input, long verb) {
            boolean holds = holds(rule, input);
            if (!holds) {
                return false;
            }
            if (rule.isShadow(facts)) {
                note(new Finding.Shadow(NAME, rule.ref(), would(rule.effect()), reason(rule, "in shadow: rule")));
                return false;
            }
            switch (rule.effect()) {
                case DENY ->
                    stop = Optional.of(new Finding.Stop(NAME, nearest.beside(denied(rule, input), input, verb)));
                case REQUIRE_APPROVAL ->
                    ask(new Finding.Ask(NAME, held(rule, input), rule.by(), Optional.of(rule.terms())));
                case ALLOW -> {
                    note(new Finding.Pass(NAME, Optional.of(rule.ref()), reason(rule, "allowed by rule")));
                    return true;
                }
            }
            return false;
        }

        private static Ruling would(PolicySource.Effect effect) {
            return switch (effect) {
                case DENY -> Ruling.DENY;
                case REQUIRE_APPROVAL -> Ruling.HOLD;
                case ALLOW -> Ruling.ALLOW;
            };
        }

        /** Between what allows and what asks, the closer one counts. What Reeve does itself has no client that could ask. */
        private Optional<CompiledRule> closer(Optional<CompiledRule> before, CompiledRule rule, Condition.Input input) {
            boolean counts =
                    action.operation() instanceof Operation.HostCall && !rule.isShadow(facts) && holds(rule, input);
            return counts && before.stream().noneMatch(one -> one.closeness() >= rule.closeness())
                    ? Optional.of(rule)
                    : before;
        }

        private static Finding asked(CompiledRule rule) {
            return new Finding.Oblige(
                    NAME,
                    Optional.of(rule.ref()),
                    "the client must ask the person in front of it; that is no approval (unseparated)",
                    new ClientAsks());
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

        /** What the roles of the principal grant of one access, and, where they do not, what people gave it for a time. */
        private final class Granted implements Consumer<Grant> {
            private final Condition.Input input;
            private final long verb;
            private boolean any;
            private boolean whole;
            private List<RowFilters.Choice> choices = List.of();
            private int closest = NOTHING;
            private Optional<TimedGrant.Permission> timed = Optional.empty();

            Granted(Condition.Input input, long verb) {
                this.input = input;
                this.verb = verb;
                for (String role : action.principal().roles()) {
                    index.grants(role, input.access().names(), this);
                }
                for (TimedGrant grant : facts.grants()) {
                    if (!plain
                            && grant instanceof TimedGrant.Permission given
                            && offers.missing(given, input, verbs).isEmpty()) {
                        timed = Optional.of(given);
                        index.grants(
                                Offers.role(given.grantable()), input.access().names(), this);
                    }
                }
            }

            @Override
            public void accept(Grant grant) {
                // The result of what Reeve does not see cannot be changed.
                boolean sees = !action.operation().isDoneElsewhere()
                        || (grant.isWhole() && !grant.treatment().narrows());
                if ((grant.verbs() & verb) == 0
                        || !sees
                        || !grant.treatment().admits(input.access().narrowest())
                        || !conditionsHold(grant, input)) {
                    return;
                }
                any = true;
                closest = Math.max(closest, grant.resource().prefix().length());
                note(timed.map(given -> grant.note(given, input.access().verb()))
                        .orElseGet(() -> grant.note(input.access().verb())));
                allowedBy(grant.treatment(), grant.rule(), grant.isWhole());
                if (grant.isWhole()) {
                    whole = true;
                } else {
                    choices = choices.isEmpty() ? new ArrayList<>(1) : choices;
                    choices.add(RowFilters.Choice.of(grant));
                }
            }
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
            if (asks.isEmpty() && filtered.isEmpty() && treated.isNothing()) {
                return notes;
            }
            List<Finding> all = new ArrayList<>(notes);
            all.addAll(asks);
            all.addAll(treatments.findings(action, facts, filtered, treated));
            return all;
        }
    }

    private static Denial denied(CompiledRule rule, Condition.Input input) {
        return stopping(rule, input, "denied_by_rule", ReasonClass.POLICY, "denied by rule");
    }

    private static Denial held(CompiledRule rule, Condition.Input input) {
        return stopping(rule, input, "approval_required", ReasonClass.APPROVAL, "a person must approve this first")
                .withHelp("`reeve approvals show TICKET` shows it to those who may approve it");
    }

    /**
     * The agent may be told the rule's reason. Only the operator is told that it stands because the condition could not be evaluated: the
     * reason is then not the true one.
     */
    private static Denial stopping(
            CompiledRule rule, Condition.Input input, String code, ReasonClass reasonClass, String otherwise) {
        String reason = reason(rule, otherwise);
        String error = rule.when()
                .flatMap(when -> Nearest.failure(when, input))
                .map(failure -> "; " + failure)
                .orElse("");
        Denial denial = Denial.of(code, reasonClass, reason + error).withRule(rule.ref());
        return rule.tellAgent() ? denial.withTell(reason) : denial;
    }

    private static String reason(CompiledRule rule, String otherwise) {
        return rule.reason().isEmpty() ? otherwise + " `" + rule.ref().name() + "`" : rule.reason();
    }
}
