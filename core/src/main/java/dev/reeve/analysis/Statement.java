package dev.reeve.analysis;

import dev.reeve.policy.Glob;
import dev.reeve.policy.Place;
import dev.reeve.policy.PolicySource;
import dev.reeve.policy.PolicySource.Effect;
import dev.reeve.policy.Scope;
import dev.reeve.policy.Treatment;
import dev.reeve.policy.Verbs;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A rule, or a permission of a role, seen alike: what it says of which scope, and when.
 *
 * @param rule empty for a permission
 * @param conditions all must hold
 * @param words the actions that it names, as they are written; none if it is about every action
 * @param treatment what becomes of results
 */
public record Statement(
        Effect effect,
        Scope scope,
        Set<String> conditions,
        List<String> words,
        Treatment treatment,
        Place place,
        String field,
        Optional<PolicySource.Rule> rule) {
    public Statement {
        conditions = Set.copyOf(conditions);
        words = List.copyOf(words);
    }

    /** All rules, then all permissions; those whose patterns are none are left out, since they are told of elsewhere. */
    static List<Statement> all(PolicySource source, Verbs verbs) {
        List<Statement> all = new ArrayList<>();
        for (PolicySource.Rule rule : source.rules()) {
            of(rule, verbs).ifPresent(all::add);
        }
        for (PolicySource.Role role : source.roles()) {
            for (PolicySource.Permission permission : role.permissions()) {
                of(role.name(), permission, verbs).ifPresent(all::add);
            }
        }
        return all;
    }

    /** What people may give for a time; once for each pattern of agents. */
    static List<Statement> grantable(PolicySource source, Verbs verbs) {
        List<Statement> all = new ArrayList<>();
        for (PolicySource.Grantable one : source.grantables()) {
            for (String agents : one.to()) {
                for (PolicySource.Permission permission : one.permissions(source)) {
                    to(agents, permission, Set.copyOf(permission.conditions()), one.place(), one.field(), verbs)
                            .ifPresent(all::add);
                }
            }
        }
        return all;
    }

    /** What agents may do as long as something is so; once for each pattern of agents. */
    static List<Statement> assigned(PolicySource source, Verbs verbs) {
        List<Statement> all = new ArrayList<>();
        for (PolicySource.Assignment one : source.assignments()) {
            List<PolicySource.Permission> permissions = source.roles().stream()
                    .filter(role -> role.name().equals(one.role()))
                    .flatMap(role -> role.permissions().stream())
                    .toList();
            for (String agents : one.to()) {
                all.addAll(rules(source, one, agents, verbs));
                for (PolicySource.Permission permission : permissions) {
                    Set<String> conditions = new HashSet<>(permission.conditions());
                    conditions.add(one.when());
                    to(agents, permission, conditions, one.place(), PolicySource.Assignment.FIELD, verbs)
                            .ifPresent(all::add);
                }
            }
        }
        return all;
    }

    /** What rules allow those who have the role; by its conditions, and as long as they have it. */
    private static List<Statement> rules(PolicySource source, PolicySource.Assignment one, String agents, Verbs verbs) {
        List<Statement> all = new ArrayList<>();
        for (PolicySource.Rule rule : source.rules()) {
            if (rule.effect() == Effect.ALLOW && rule.target().role().equals(Optional.of(one.role()))) {
                of(rule, verbs).map(it -> it.assigned(agents, one.when())).ifPresent(all::add);
            }
        }
        return all;
    }

    private Statement assigned(String agents, String when) {
        Set<String> all = new HashSet<>(conditions);
        all.add(when);
        Scope wider = new Scope(
                scope.tool(),
                scope.resource(),
                scope.except(),
                scope.verbs(),
                scope.agent().or(() -> Optional.of(Glob.of(agents))),
                Optional.empty());
        return new Statement(effect, wider, all, words, treatment, place, field, rule);
    }

    private static Optional<Statement> to(
            String agents,
            PolicySource.Permission permission,
            Set<String> conditions,
            Place place,
            String field,
            Verbs verbs) {
        try {
            Scope scope = new Scope(
                    Optional.empty(),
                    Optional.of(Glob.allowing(permission.resource())),
                    Optional.empty(),
                    verbs.mask(permission.actions()),
                    Optional.of(Glob.of(agents)),
                    Optional.empty());
            return Optional.of(new Statement(
                    Effect.ALLOW,
                    scope,
                    conditions,
                    permission.actions(),
                    permission.treatment(),
                    place,
                    field,
                    Optional.empty()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Whether it only says what people may give for a time. */
    boolean isGrantable() {
        return field.startsWith("grantable.");
    }

    private static Optional<Statement> of(PolicySource.Rule rule, Verbs verbs) {
        try {
            return Optional.of(new Statement(
                    rule.effect(),
                    Scope.of(rule.effect(), rule.target(), verbs),
                    rule.when().map(Set::of).orElse(Set.of()),
                    rule.target().action().map(List::of).orElse(List.of()),
                    rule.treatment(),
                    rule.place(),
                    rule.field(),
                    Optional.of(rule)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<Statement> of(String role, PolicySource.Permission permission, Verbs verbs) {
        try {
            return Optional.of(new Statement(
                    Effect.ALLOW,
                    Scope.of(role, permission, verbs),
                    Set.copyOf(permission.conditions()),
                    permission.actions(),
                    permission.treatment(),
                    permission.place(),
                    "agent_roles." + role,
                    Optional.empty()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    boolean isEnforced() {
        return rule.map(PolicySource.Rule::mode)
                .filter(PolicySource.Mode.Shadow.class::isInstance)
                .isEmpty();
    }

    boolean asksClient() {
        return rule.filter(PolicySource.Rule::asksClient).isPresent();
    }

    /** A permission, or a rule that lets something happen by itself. */
    boolean allows() {
        return effect == Effect.ALLOW;
    }

    /** Whether this says of everything that {@code narrow} is about what it says, whenever {@code narrow} says it. */
    boolean implies(Statement narrow) {
        return narrow.conditions.containsAll(conditions) && scope.covers(narrow.scope);
    }

    /** {@code a rule} or {@code a permission}. */
    String kind() {
        return rule.isPresent() ? "rule" : "permission";
    }
}
