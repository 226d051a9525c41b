package dev.reeve.analysis;

import dev.reeve.policy.LintRule;
import dev.reeve.policy.Place;
import dev.reeve.policy.PolicySource;
import dev.reeve.policy.Problem;
import dev.reeve.policy.Problem.Severity;
import dev.reeve.policy.Verbs;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is odd about a policy that compiles. What makes it refuse to load is found when it is compiled; this here only warns, and takes longer.
 */
public final class Lint {
    private final PolicySource source;
    private final Optional<Set<String>> held;
    private final Set<String> servers;
    private final List<Problem> problems = new ArrayList<>();

    private Lint(PolicySource source, Optional<Set<String>> held, Set<String> servers) {
        this.source = source;
        this.held = held;
        this.servers = servers;
    }

    /**
     * @param held roles of agents that are in no file; empty if nobody could be asked
     * @param servers names of the operator's file
     */
    public static List<Problem> of(PolicySource source, Optional<Set<String>> held, Set<String> servers) {
        Optional<Verbs> verbs = Verbs.of(source.actions());
        return verbs.isEmpty() ? List.of() : new Lint(source, held, servers).run(verbs.get());
    }

    private List<Problem> run(Verbs verbs) {
        List<Statement> statements = Statement.all(source, verbs);
        problems.addAll(Comparisons.of(statements));
        problems.addAll(Width.of(statements, source, verbs));
        problems.addAll(SharedFiles.of(statements, servers, verbs));
        unusedRoles();
        unusedConditions();
        return problems;
    }

    private void unusedRoles() {
        Set<String> had = new HashSet<>(held.orElse(Set.of()));
        source.agents().forEach(agent -> had.addAll(agent.roles()));
        source.assignments().forEach(one -> had.add(one.role()));
        source.grantables().forEach(one -> one.role().ifPresent(had::add));
        for (PolicySource.Role role : source.roles()) {
            if (!had.contains(role.name())) {
                String field = "agent_roles." + role.name();
                problems.add(
                        held.isPresent()
                                ? warning(LintRule.UNUSED_ROLE, role.place(), field, "no agent has this role")
                                : note(
                                        LintRule.UNUSED_ROLE,
                                        role.place(),
                                        field,
                                        "no agent of the files has this role; others could not be asked for, as `reeve serve` does not run"));
            }
        }
    }

    private void unusedConditions() {
        Set<String> named = new HashSet<>();
        source.roles().forEach(role -> role.permissions().forEach(permission -> named.addAll(permission.conditions())));
        source.rules().forEach(rule -> rule.when().ifPresent(named::add));
        source.assignments().forEach(one -> named.add(one.when()));
        source.grantables()
                .forEach(one -> one.permissions(source).forEach(permission -> named.addAll(permission.conditions())));
        for (PolicySource.NamedCondition condition : source.conditions()) {
            if (!named.contains(condition.name())) {
                problems.add(warning(
                        LintRule.UNUSED_CONDITION,
                        condition.place(),
                        "conditions." + condition.name(),
                        "no permission and no rule names it"));
            }
        }
    }

    static Problem warning(LintRule rule, Place place, String field, String message) {
        return Problem.warning(place, field, message).withFix(rule.help()).by(rule);
    }

    static Problem note(LintRule rule, Place place, String field, String message) {
        return new Problem(Severity.NOTE, place, field, message, Optional.of(rule.help()), rule);
    }

    static Problem warning(LintRule rule, Statement about, String message) {
        return warning(rule, about.place(), about.field(), message);
    }
}
