package dev.reeve.analysis;

import dev.reeve.policy.Place;
import dev.reeve.policy.PolicySource;
import dev.reeve.policy.PolicySource.ConditionText;
import dev.reeve.policy.PolicySource.Effect;
import dev.reeve.policy.PolicySource.Mode;
import dev.reeve.policy.PolicySource.Target;
import dev.reeve.policy.Problem;
import dev.reeve.policy.Treatment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A policy being written in a test; each statement stands on a line of its own. */
final class Policies {
    private final List<PolicySource.Role> roles = new ArrayList<>();
    private final List<PolicySource.NamedCondition> conditions = new ArrayList<>();
    private final List<PolicySource.Rule> rules = new ArrayList<>();
    private final List<PolicySource.Resource> resources = new ArrayList<>();
    private final List<PolicySource.Tool> tools = new ArrayList<>();
    private final List<PolicySource.FileAgent> agents = new ArrayList<>();
    private final List<PolicySource.Grantable> grantables = new ArrayList<>();
    private final List<PolicySource.Assignment> assignments = new ArrayList<>();
    private Map<String, String> ignored = Map.of();
    private int line;

    private Place here() {
        return new Place("policies/p.yaml", ++line, 3);
    }

    /** What the next statement says is known of it. */
    Policies ignore(String id, String reason) {
        ignored = Map.of(id, reason);
        return this;
    }

    private Map<String, String> ignored() {
        Map<String, String> taken = ignored;
        ignored = Map.of();
        return taken;
    }

    Policies role(String name, PolicySource.Permission... permissions) {
        roles.add(new PolicySource.Role(name, List.of(permissions), here()));
        return this;
    }

    PolicySource.Permission may(String resource, String actions, String... conditionNames) {
        return new PolicySource.Permission(
                resource, List.of(actions.split(",", -1)), List.of(conditionNames), Treatment.NONE, here(), ignored());
    }

    Policies condition(String name, String text) {
        conditions.add(new PolicySource.NamedCondition(name, new ConditionText.When(text), here()));
        return this;
    }

    static Target tool(String tool) {
        return target(tool, "", "", "");
    }

    static Target resource(String resource) {
        return target("", resource, "", "");
    }

    static Target target(String tool, String resource, String action, String role) {
        return new Target(some(tool), some(resource), some(action), Optional.empty(), some(role), Optional.empty());
    }

    static Target except(Target target, String except) {
        return new Target(
                target.tool(), target.resource(), target.action(), target.agent(), target.role(), some(except));
    }

    static Target of(Target target, String agent) {
        return new Target(
                target.tool(), target.resource(), target.action(), some(agent), target.role(), target.except());
    }

    private static Optional<String> some(String text) {
        return Optional.of(text).filter(it -> !it.isEmpty());
    }

    Policies rule(Effect effect, Target target, String when) {
        return rule(effect, target, when, List.of(), new Mode.Enforce());
    }

    Policies rule(Effect effect, Target target, String when, List<String> by, Mode mode) {
        rules.add(new PolicySource.Rule(
                "r" + rules.size(),
                effect,
                target,
                some(when),
                "",
                false,
                by,
                dev.reeve.gate.AskTerms.USUAL,
                Treatment.NONE,
                mode,
                here(),
                ignored()));
        return this;
    }

    /** One about which points ask for actions of its own. */
    Policies resource(String name, Set<String> tags, Map<String, Set<String>> columns, String... actions) {
        resources.add(new PolicySource.Resource(
                name, Optional.empty(), Optional.empty(), tags, columns, Map.of(), List.of(actions), here()));
        return this;
    }

    Policies api(String name, String at) {
        resources.add(new PolicySource.Resource(
                name,
                Optional.empty(),
                Optional.of(new dev.reeve.policy.Holding.Api(new dev.reeve.openapi.OpenApi(List.of()), List.of(at))),
                Set.of(),
                Map.of(),
                Map.of(),
                List.of(),
                here()));
        return this;
    }

    Policies database(String name, Map<String, List<String>> tables, Map<String, Set<String>> columnTags) {
        resources.add(new PolicySource.Resource(
                name,
                Optional.of(new PolicySource.Database(
                        dev.reeve.sql.SqlDialect.SQLITE, new dev.reeve.sql.SqlSchema(tables))),
                Set.of(),
                columnTags,
                Map.of(),
                here()));
        return this;
    }

    Policies maps(String pattern, String actsOn, String action) {
        return maps(pattern, actsOn, action, PolicySource.Trust.UNSAID);
    }

    Policies untrusted(String pattern, String actsOn, String action) {
        return maps(pattern, actsOn, action, new PolicySource.Trust(Set.of(), Set.of(), true));
    }

    private Policies maps(String pattern, String actsOn, String action, PolicySource.Trust trust) {
        boolean sql = action.equals("sql");
        tools.add(new PolicySource.Tool(
                pattern,
                actsOn,
                sql ? Optional.empty() : Optional.of(action),
                sql ? Optional.of("arguments.sql") : Optional.empty(),
                Optional.empty(),
                false,
                trust,
                here()));
        return this;
    }

    Policies agent(String name, String... roleNames) {
        agents.add(new PolicySource.FileAgent(name, List.of(roleNames), Optional.empty(), Map.of(), here()));
        return this;
    }

    /** To every agent, for an hour. */
    Policies grantable(String name, PolicySource.Permission... permissions) {
        grantables.add(new PolicySource.Grantable(
                name, Optional.empty(), List.of(permissions), List.of("*"), List.of(), Duration.ofHours(1), 1, here()));
        return this;
    }

    Policies assign(String role, String to, String when) {
        assignments.add(new PolicySource.Assignment(role, List.of(to), when, here()));
        return this;
    }

    PolicySource source() {
        return PolicySource.builder()
                .roles(roles)
                .conditions(conditions)
                .rules(rules)
                .resources(resources)
                .tools(tools)
                .agents(agents)
                .grantables(grantables)
                .assignments(assignments)
                .build();
    }

    /** {@code 3 shadowed}: line and id of each finding. */
    List<String> lint() {
        return told(Lint.of(source(), Optional.of(Set.of()), Set.of()));
    }

    static List<String> told(List<Problem> problems) {
        return problems.stream()
                .map(problem -> problem.place().line() + " " + problem.rule().id())
                .sorted()
                .toList();
    }
}
