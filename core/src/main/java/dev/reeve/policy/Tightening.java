package dev.reeve.policy;

import dev.reeve.budget.Per;
import dev.reeve.policy.PolicySource.ConditionText;
import dev.reeve.policy.PolicySource.Effect;
import dev.reeve.policy.PolicySource.Kept;
import dev.reeve.policy.PolicySource.Permission;
import dev.reeve.policy.PolicySource.Rule;
import dev.reeve.policy.PolicySource.Target;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The roles without which an agent may do more, or have less recorded: what denies, asks people or a client, guards, judges, limits, records
 * in full or narrows results names them. Rather one too many.
 */
final class Tightening {
    /** A condition that looks at roles may be about any of them. */
    private static final String ROLES = "roles";

    private Tightening() {}

    static Set<String> roles(PolicySource source) {
        Set<String> roles = new LinkedHashSet<>();
        if (countsByRole(source) || texts(source).anyMatch(text -> text.contains(ROLES))) {
            source.roles().forEach(role -> roles.add(role.name()));
        }
        source.roles().stream()
                .filter(role -> role.permissions().stream()
                        .anyMatch(one -> one.treatment().narrows()))
                .forEach(role -> roles.add(role.name()));
        targets(source).forEach(target -> target.role().ifPresent(roles::add));
        return roles;
    }

    private static boolean countsByRole(PolicySource source) {
        return source.limited().limits().stream().anyMatch(limit -> limit.per().contains(Per.ROLE));
    }

    private static Stream<Target> targets(PolicySource source) {
        return Stream.of(
                        source.rules().stream().filter(Tightening::tightens).map(Rule::target),
                        source.guardrails().stream()
                                .map(one -> one.common().on())
                                .flatMap(Optional::stream),
                        source.softs().stream().map(PolicySource.Soft::target),
                        source.limited().limits().stream()
                                .map(WrittenLimits.Entry::of)
                                .flatMap(Optional::stream),
                        source.records().stream()
                                .filter(one -> one.kept() == Kept.FULL)
                                .map(PolicySource.Keeping::target))
                .flatMap(targets -> targets);
    }

    private static boolean tightens(Rule rule) {
        return rule.effect() != Effect.ALLOW
                || rule.asksClient()
                || rule.treatment().narrows();
    }

    /** Every condition that is written; of names of conditions, the names. */
    private static Stream<String> texts(PolicySource source) {
        Set<String> texts = new HashSet<>();
        source.rules().forEach(rule -> rule.when().ifPresent(texts::add));
        source.conditions().forEach(condition -> texts.add(text(condition.text())));
        Stream.concat(
                        source.roles().stream().flatMap(role -> role.permissions().stream()),
                        source.grantables().stream().flatMap(one -> one.permissions().stream()))
                .map(Permission::conditions)
                .forEach(texts::addAll);
        source.assignments().forEach(one -> texts.add(one.when()));
        return texts.stream();
    }

    private static String text(ConditionText text) {
        return switch (text) {
            case ConditionText.When(String expression) -> expression;
            case ConditionText.Rows(String expression) -> expression;
        };
    }
}
