package dev.reeve.analysis;

import dev.reeve.policy.Glob;
import dev.reeve.policy.LintRule;
import dev.reeve.policy.NameSearch;
import dev.reeve.policy.Place;
import dev.reeve.policy.PolicySource.Effect;
import dev.reeve.policy.Problem;
import dev.reeve.policy.Scope;
import dev.reeve.policy.Scopes;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What two statements say together: one makes the other needless, or takes its effect, or neither is the narrower of two that differ. */
final class Comparisons {
    /** Comparisons of one kind. What comes then is told of as not compared. */
    private static final long MOST = 200_000;

    private final List<Statement> statements;
    private final Map<Effect, Scopes<Statement>> byEffect = new EnumMap<>(Effect.class);
    private final Map<Place, Integer> order = new HashMap<>();
    private final Scopes<Statement> asking = new Scopes<>(MOST);
    private final List<Problem> problems = new ArrayList<>();

    private Comparisons(List<Statement> statements) {
        this.statements = statements;
        for (Effect effect : Effect.values()) {
            byEffect.put(effect, new Scopes<>(MOST));
        }
        for (Statement one : statements) {
            order.put(one.place(), order.size());
            if (one.asksClient()) {
                asking.add(one.scope(), one);
            } else if (one.isEnforced()) {
                with(one.effect()).add(one.scope(), one);
            }
        }
    }

    static List<Problem> of(List<Statement> statements) {
        Comparisons comparisons = new Comparisons(statements);
        for (Statement one : statements) {
            if (one.isEnforced()) {
                comparisons.look(one);
            }
        }
        comparisons.exhausted();
        return comparisons.problems;
    }

    private Scopes<Statement> with(Effect effect) {
        return java.util.Objects.requireNonNull(byEffect.get(effect));
    }

    private void look(Statement one) {
        Optional<Statement> deny = shadowedBy(one);
        if (deny.isPresent()) {
            problems.add(Lint.warning(
                    LintRule.SHADOWED,
                    one,
                    "this " + one.kind() + " never takes effect: the deny at "
                            + deny.get().place() + " covers it whole"));
            return;
        }
        redundantBeside(one)
                .ifPresent(wider -> problems.add(Lint.warning(
                        LintRule.REDUNDANT,
                        one,
                        "this " + one.kind() + " changes nothing: the " + wider.kind() + " at " + wider.place()
                                + " says the same and more")));
        if (one.effect() == Effect.ALLOW && one.rule().isPresent() && !one.asksClient()) {
            conflict(one);
        }
    }

    /** Of rules that an unconditional deny covers, compiling tells. */
    private Optional<Statement> shadowedBy(Statement one) {
        return one.effect() == Effect.DENY
                ? Optional.empty()
                : with(Effect.DENY)
                        .wider(
                                one.scope(),
                                deny -> one.conditions().containsAll(deny.conditions())
                                        && (one.rule().isEmpty()
                                                || !deny.conditions().isEmpty()));
    }

    /**
     * Of two that say exactly the same, the second is told of. Where a client may have to ask, the closer one of what allows counts, so that
     * none is needless; and a deny that gives another reason is not.
     */
    private Optional<Statement> redundantBeside(Statement one) {
        boolean alone = one.asksClient()
                || (one.allows() && asking.meeting(one.scope(), ignored -> true).isPresent());
        if (alone) {
            return Optional.empty();
        }
        return with(one.effect())
                .wider(
                        one.scope(),
                        wider -> !wider.equals(one)
                                && one.conditions().containsAll(wider.conditions())
                                && saysNoLess(wider, one)
                                && (order(wider) < order(one) || !one.implies(wider)));
    }

    private int order(Statement one) {
        return order.getOrDefault(one.place(), 0);
    }

    private static boolean saysNoLess(Statement wider, Statement one) {
        return switch (one.effect()) {
            // What narrows results narrows them beside another, too; as it is beats narrowed, but for what it tells.
            case ALLOW ->
                wider.treatment().equals(one.treatment())
                        || (wider.treatment().isNone()
                                && one.treatment().warnings().isEmpty());
            case DENY ->
                one.rule()
                        .filter(rule -> rule.reason().isEmpty() || same(wider, one, it -> it.reason() + it.tellAgent()))
                        .isPresent();
            case REQUIRE_APPROVAL ->
                same(wider, one, it -> it.by() + it.terms().asJson().toString() + it.reason() + it.tellAgent());
        };
    }

    private static boolean same(
            Statement one, Statement other, Function<dev.reeve.policy.PolicySource.Rule, Object> part) {
        return one.rule().map(part).equals(other.rule().map(part));
    }

    /** Told once for each that allows. */
    private void conflict(Statement allow) {
        with(Effect.DENY)
                .meeting(allow.scope(), deny -> isConflict(allow, deny))
                .ifPresent(deny -> problems.add(Lint.warning(
                        LintRule.CONFLICTING,
                        allow,
                        "the deny at " + deny.place() + " is about some of the same"
                                + (isSame(allow, deny) ? "" : example(allow.scope(), deny.scope()))
                                + ", and neither is the narrower one; the deny wins")));
    }

    private static boolean isConflict(Statement allow, Statement deny) {
        if (!alike(allow.scope(), deny.scope())) {
            return false;
        }
        if (isSame(allow, deny)) {
            return !allow.conditions().isEmpty() && !deny.conditions().isEmpty();
        }
        return !deny.scope().covers(allow.scope())
                && !allow.scope().covers(deny.scope())
                && !isTakenOut(allow.scope(), deny.scope());
    }

    /** Both by tool, by resource, or by both: a rule about tools beside one about resources is how people write. */
    private static boolean alike(Scope one, Scope other) {
        return one.tool().isPresent() == other.tool().isPresent()
                && one.resource().isPresent() == other.resource().isPresent();
    }

    private static boolean isSame(Statement one, Statement other) {
        return one.scope().covers(other.scope()) && other.scope().covers(one.scope());
    }

    /** Whether one's {@code except} leaves out what both are about. */
    private static boolean isTakenOut(Scope one, Scope other) {
        Optional<Glob> mine = one.resource().or(one::tool);
        Optional<Glob> others = other.resource().or(other::tool);
        List<Glob> excepts = new ArrayList<>();
        one.except().ifPresent(excepts::add);
        other.except().ifPresent(excepts::add);
        return mine.isPresent()
                && others.isPresent()
                && !excepts.isEmpty()
                && NameSearch.find(List.of(mine.get(), others.get()), excepts) instanceof NameSearch.Found.Nothing;
    }

    private static String example(Scope one, Scope other) {
        Optional<Glob> mine = one.resource().or(one::tool);
        Optional<Glob> others = other.resource().or(other::tool);
        return mine.isPresent()
                        && others.isPresent()
                        && NameSearch.find(List.of(mine.get(), others.get()), List.of())
                                instanceof NameSearch.Found.Name(String name)
                ? " (as `" + name + "`)"
                : "";
    }

    private void exhausted() {
        if (asking.isExhausted() || byEffect.values().stream().anyMatch(Scopes::isExhausted)) {
            Statement first = statements.getFirst();
            problems.add(Lint.warning(
                    LintRule.TOO_MANY_TO_COMPARE,
                    first,
                    "so many statements begin alike that not all of them were compared"));
        }
    }
}
