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
import dev.reeve.gate.TimedGrant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One action on its way through its accesses. One object holds all that is gathered, lists are made once there is something for them, and what a
 * permission found is made once for all decisions: the ordinary decision, one permission and nothing else, allocates this and its input.
 */
final class Decision {
    /** Less close than any rule. */
    private static final int NOTHING = -1;

    private final Authorise.Means means;
    private final Action action;
    private final Facts facts;
    private List<Finding> notes = List.of();
    private List<Finding.Ask> asks = List.of();
    private Map<List<RowFilters.Choice>, Set<Access>> filtered = Map.of();
    private Treated treated = Treated.NOTHING;
    private Optional<Finding.Stop> stop = Optional.empty();

    /** From here on, of the access that is being decided. */
    private Condition.Input input;

    private long verb;
    private List<CompiledRule> rules = List.of();
    /** How close the closest rule is that allows it. */
    private int allowed = NOTHING;

    private Optional<CompiledRule> asking = Optional.empty();
    /** What all that allows it says of results together, and who says so. */
    private Treatment treatment = Treatment.NONE;

    private Optional<RuleRef> treating = Optional.empty();
    /** Whether something allows it as it is. */
    private boolean plain;

    /**
     * Whether a rule by which the client asks lets it be done: not if the agent has its role only perhaps, and not if it names the URL without its
     * query. What it asks, it asks all the same.
     */
    private boolean asksSurely;

    /** Whether what is looked at belongs to a role that the agent has perhaps: then it can only narrow. */
    private boolean perhaps;

    /** Of the roles' permissions, and of what people gave for a time: whether some grants it, and all rows of it; or which rows. */
    private boolean granted;

    private boolean whole;
    private List<RowFilters.Choice> choices = List.of();
    private int closest = NOTHING;
    private Optional<TimedGrant.Permission> timed = Optional.empty();

    Decision(Action action, Facts facts, Authorise.Means means) {
        this.means = means;
        this.action = action;
        this.facts = facts;
        this.input = new Condition.Input(action, facts.accesses().getFirst(), facts);
    }

    /** Access by access, up to one that stops the action. */
    List<Finding> findings() {
        List<Access> accesses = facts.accesses();
        for (int i = 0; i < accesses.size(); i++) {
            if (i > 0) {
                input = new Condition.Input(action, accesses.get(i), facts);
            }
            begin(accesses.get(i));
            if (decide(accesses.get(i))) {
                return stopped();
            }
        }
        return passed();
    }

    private void begin(Access access) {
        verb = means.verbs().bit(access.verb());
        rules = List.of();
        allowed = NOTHING;
        asking = Optional.empty();
        treatment = Treatment.NONE;
        treating = Optional.empty();
        plain = false;
        asksSurely = false;
        perhaps = false;
        granted = false;
        whole = false;
        choices = List.of();
        closest = NOTHING;
        timed = Optional.empty();
    }

    /** True if this access stops the action. */
    private boolean decide(Access access) {
        means.index().near(action.operation().subject(), access.allNames(), this, Decision::about);
        for (int i = 0; i < rules.size(); i++) {
            apply(rules.get(i));
            if (stop.isPresent()) {
                return true;
            }
        }
        if (allowed > NOTHING && plain && asking.isEmpty()) {
            treat();
            return false;
        }
        // What no role need grant: rules may deny or hold it all the same.
        if (action.operation() instanceof Operation.Question) {
            note(new Finding.Pass(Authorise.NAME, Optional.empty(), "the operator's file lets this server ask this"));
            return false;
        }
        grants();
        return conclude();
    }

    private boolean conclude() {
        boolean lets = asksSurely || allowed > NOTHING || granted;
        if (lets && asking.isPresent() && asking.get().closeness() >= Math.max(allowed, closest)) {
            note(asked(asking.get()));
            return false;
        }
        if (allowed == NOTHING) {
            // A person's yes satisfies what a rule asked and grants nothing (R17): so without a grant nobody is asked.
            if (!granted) {
                stop = Optional.of(
                        new Finding.Stop(Authorise.NAME, means.nearest().denial(input, verb)));
                return true;
            }
            if (!whole) {
                filter();
            }
        }
        treat();
        return false;
    }

    /** Keeps a rule that is about the access, once. The index gives the same object again. */
    @SuppressWarnings("ReferenceEquality") // to compare all that two rules say would cost more than the rest
    private void about(CompiledRule rule) {
        if (!rule.isAbout(action, input.access(), verb)) {
            return;
        }
        for (int i = 0; i < rules.size(); i++) {
            if (rules.get(i) == rule) {
                return;
            }
        }
        rules = rules.isEmpty() ? new ArrayList<>(2) : rules;
        rules.add(rule);
    }

    private void apply(CompiledRule rule) {
        if (rule.asksClient()) {
            ask(rule);
            return;
        }
        if (!rule.allows(action)) {
            narrowedBy(rule);
            return;
        }
        if (!holds(rule)) {
            return;
        }
        if (rule.isShadow(facts)) {
            note(new Finding.Shadow(Authorise.NAME, rule.ref(), would(rule.effect()), reason(rule, "in shadow: rule")));
            return;
        }
        switch (rule.effect()) {
            case DENY ->
                stop = Optional.of(
                        new Finding.Stop(Authorise.NAME, means.nearest().beside(denied(rule), input, verb)));
            case REQUIRE_APPROVAL ->
                ask(new Finding.Ask(Authorise.NAME, held(rule), rule.by(), Optional.of(rule.terms())));
            case ALLOW -> {
                note(new Finding.Pass(Authorise.NAME, Optional.of(rule.ref()), reason(rule, "allowed by rule")));
                allowed = Math.max(allowed, rule.closeness());
                allowedBy(rule.treatment(), rule.ref(), true);
            }
        }
    }

    private static Ruling would(PolicySource.Effect effect) {
        return switch (effect) {
            case DENY -> Ruling.DENY;
            case REQUIRE_APPROVAL -> Ruling.HOLD;
            case ALLOW -> Ruling.ALLOW;
        };
    }

    /** Between what allows and what asks, the closer one counts. What Reeve does itself has no client that could ask. */
    private void ask(CompiledRule rule) {
        boolean counts = action.operation() instanceof Operation.HostCall && !rule.isShadow(facts) && holds(rule);
        asksSurely |= counts && rule.hasRole(action) && rule.coversWhole(input.access());
        if (counts && asking.stream().noneMatch(one -> one.closeness() >= rule.closeness())) {
            asking = Optional.of(rule);
        }
    }

    private static Finding asked(CompiledRule rule) {
        return new Finding.Oblige(
                Authorise.NAME,
                Optional.of(rule.ref()),
                "the client must ask the person in front of it; that is no approval (unseparated)",
                new ClientAsks());
    }

    /** A deny whose condition cannot be said denies; anything else whose condition cannot be said is not about the action. */
    private boolean holds(CompiledRule rule) {
        if (rule.when().isEmpty()) {
            return true;
        }
        try {
            return rule.when().get().holds(input);
        } catch (ConditionException | RuntimeException | StackOverflowError e) {
            return rule.effect() != PolicySource.Effect.ALLOW;
        }
    }

    /** What the roles of the principal grant of the access, and, where they do not, what people gave it for a time. */
    private void grants() {
        List<String> names = input.access().names();
        for (String role : action.principal().roles()) {
            means.index().grants(role, names, this, Decision::grant);
        }
        perhaps = true;
        for (String role : action.principal().perhaps()) {
            means.index().grants(role, names, this, Decision::grant);
        }
        perhaps = false;
        for (TimedGrant grant : facts.grants()) {
            if (!plain
                    && grant instanceof TimedGrant.Permission given
                    && means.offers().missing(given, input, means.verbs()).isEmpty()) {
                timed = Optional.of(given);
                means.index().grants(Offers.role(given.grantable()), names, this, Decision::grant);
            }
        }
    }

    private void grant(Grant grant) {
        // The result of what Reeve does not see cannot be changed.
        boolean sees = !action.operation().isDoneElsewhere()
                || (grant.isWhole() && !grant.treatment().narrows());
        if ((grant.verbs() & verb) == 0
                || !sees
                || !grant.treatment().admits(input.access())
                || !conditionsHold(grant)) {
            return;
        }
        if (perhaps) {
            narrowedBy(grant.treatment(), grant.rule());
            return;
        }
        granted = true;
        if (asking.isPresent()) {
            closest = Math.max(closest, grant.resource().prefix().length());
        }
        String what = input.access().verb();
        if (timed.isPresent()) {
            note(grant.note(timed.get(), what));
        } else {
            note(grant.note(what));
        }
        allowedBy(grant.treatment(), grant.rule(), grant.isWhole());
        if (grant.isWhole()) {
            whole = true;
        } else {
            choices = choices.isEmpty() ? new ArrayList<>(1) : choices;
            choices.add(RowFilters.Choice.of(grant));
        }
    }

    private boolean conditionsHold(Grant grant) {
        for (int i = 0; i < grant.conditions().size(); i++) {
            if (grant.conditions().get(i) instanceof Bound.Check check && !Nearest.holds(check, input)) {
                return false;
            }
        }
        return true;
    }

    /**
     * What allows it as it is beats what narrows its result; without such, everything that allows it narrows it. Each of them would let
     * the agent have what is left.
     *
     * @param every whether it lets every row through
     */
    private void allowedBy(Treatment by, RuleRef rule, boolean every) {
        plain |= every && !by.narrows();
        if (!by.isNone()) {
            treatment = treatment.and(by);
            treating = treating.or(() -> Optional.of(rule));
        }
    }

    /** A rule that would allow, had the agent surely its role: what it says of results counts all the same. */
    private void narrowedBy(CompiledRule rule) {
        if (!rule.isShadow(facts) && holds(rule)) {
            narrowedBy(rule.treatment(), rule.ref());
        }
    }

    private void narrowedBy(Treatment by, RuleRef rule) {
        if (by.narrows()) {
            allowedBy(by, rule, false);
        }
    }

    private void treat() {
        Treatment left = plain ? treatment.warningsOnly() : treatment;
        if (!left.isNone()) {
            treated = treated.with(input.access(), left, treating.orElseThrow());
        }
    }

    private void filter() {
        if (filtered.isEmpty()) {
            filtered = new LinkedHashMap<>();
        }
        filtered.computeIfAbsent(List.copyOf(choices), ignored -> new LinkedHashSet<>())
                .add(input.access());
    }

    /** Each rule asks once, whatever it is about. What it lets somebody read of a call that began with a person's yes is not asked again. */
    private void ask(Finding.Ask found) {
        boolean ofBegun =
                action.operation() instanceof Operation.Task task && task.does() != Operation.Task.Does.UPDATE;
        if (!ofBegun && asks.stream().noneMatch(found::asksTheSame)) {
            asks = asks.isEmpty() ? new ArrayList<>(1) : asks;
            asks.add(found);
        }
    }

    /** A list that others share, as it is while it is all that was found. */
    private void note(List<Finding> found) {
        if (notes.isEmpty()) {
            notes = found;
        } else {
            found.forEach(this::note);
        }
    }

    /** Each once: many accesses are granted by one permission. */
    private void note(Finding finding) {
        if (!notes.contains(finding)) {
            notes = notes instanceof ArrayList ? notes : new ArrayList<>(notes);
            notes.add(finding);
        }
    }

    /** What was found up to what stops it. */
    private List<Finding> stopped() {
        if (notes.isEmpty()) {
            return List.of(stop.orElseThrow());
        }
        List<Finding> all = new ArrayList<>(notes);
        stop.ifPresent(all::add);
        return all;
    }

    private List<Finding> passed() {
        if (asks.isEmpty() && filtered.isEmpty() && treated.isNothing()) {
            return notes;
        }
        List<Finding> all = new ArrayList<>(notes);
        all.addAll(asks);
        all.addAll(means.treatments().findings(action, facts, filtered, treated));
        return all;
    }

    private Denial denied(CompiledRule rule) {
        return stopping(rule, "denied_by_rule", ReasonClass.POLICY, "denied by rule");
    }

    private Denial held(CompiledRule rule) {
        return stopping(rule, "approval_required", ReasonClass.APPROVAL, "a person must approve this first")
                .withHelp("`reeve approvals show TICKET` shows it to those who may approve it");
    }

    /**
     * The agent may be told the rule's reason. Only the operator is told that it stands because the condition could not be evaluated: the
     * reason is then not the true one.
     */
    private Denial stopping(CompiledRule rule, String code, ReasonClass reasonClass, String otherwise) {
        String reason = reason(rule, otherwise);
        String error = rule.when()
                .flatMap(when -> Nearest.failure(when, input))
                .map(failure -> "; " + failure)
                .orElse("");
        Denial denial = Denial.of(code, reasonClass, reason + error).withRule(rule.ref());
        return rule.tellAgent() ? denial.withTell(reason) : denial;
    }

    static String reason(CompiledRule rule, String otherwise) {
        return rule.reason().isEmpty() ? otherwise + " `" + rule.ref().name() + "`" : rule.reason();
    }
}
