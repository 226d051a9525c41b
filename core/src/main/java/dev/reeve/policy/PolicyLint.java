package dev.reeve.policy;

import dev.reeve.policy.Catalogue.ToolEntry;
import dev.reeve.policy.PolicySource.Effect;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What can never match is an error: its author believes in something that is not so. What matches nothing yet is a warning. */
final class PolicyLint {
    /** Beyond it, a rule that is covered whole loads: it allows nothing. */
    private static final long MOST_COMPARED = 1_000_000;

    private final PolicySource source;
    private final PinnedTools tools;
    private final List<ToolEntry> entries;
    private final Map<String, List<Grant>> grants;
    private final List<CompiledRule> rules;
    private final List<Problem> problems;
    /** Resources that a catalogue describes, or that a tool acts on. */
    private final Set<String> known = new HashSet<>();

    PolicyLint(
            PolicySource source,
            PinnedTools tools,
            List<ToolEntry> entries,
            Map<String, List<Grant>> grants,
            List<CompiledRule> rules,
            List<Problem> problems) {
        this.source = source;
        this.tools = tools;
        source.resources().forEach(resource -> known.add(resource.name()));
        entries.forEach(entry -> known.add(entry.source().actsOn()));
        this.entries = entries;
        this.grants = grants;
        this.rules = rules;
        this.problems = problems;
    }

    void run() {
        agentsHaveKnownRoles();
        grantablesHaveKnownRoles();
        assignmentsHaveKnownRoles();
        rolesNameKnownResources();
        catalogueNamesKnownUpstreams();
        source.rules().forEach(this::ruleCanMatch);
        allowsAreNotShadowed();
    }

    private void agentsHaveKnownRoles() {
        for (PolicySource.FileAgent agent : source.agents()) {
            for (String role : agent.roles()) {
                if (!grants.containsKey(role)) {
                    problems.add(unknownRole(role, agent.place(), "agents." + agent.name()));
                }
            }
        }
    }

    private void grantablesHaveKnownRoles() {
        for (PolicySource.Grantable one : source.grantables()) {
            one.role()
                    .filter(role -> !grants.containsKey(role))
                    .ifPresent(role -> problems.add(unknownRole(role, one.place(), one.field())));
        }
    }

    private void assignmentsHaveKnownRoles() {
        for (PolicySource.Assignment one : source.assignments()) {
            if (!grants.containsKey(one.role())) {
                problems.add(unknownRole(one.role(), one.place(), PolicySource.Assignment.FIELD));
            }
        }
    }

    private Problem unknownRole(String role, Place place, String field) {
        return Problem.error(place, field, "unknown role `" + role + "`")
                .by(LintRule.UNKNOWN_ROLE)
                .withFix(grants.isEmpty() ? "no role is defined" : "known are " + String.join(", ", grants.keySet()));
    }

    /** The source's own file names resources that a catalogue may learn of later: a warning, and it matches no tool. */
    private void rolesNameKnownResources() {
        for (PolicySource.Role role : source.roles()) {
            role.permissions().forEach(permission -> resourceIsKnown(permission, "agent_roles." + role.name()));
        }
        for (PolicySource.Grantable one : source.grantables()) {
            one.permissions().forEach(permission -> resourceIsKnown(permission, one.field()));
        }
    }

    private void resourceIsKnown(PolicySource.Permission permission, String field) {
        String resource = permission.resource();
        if (!isKnown(resource)) {
            problems.add(Problem.warning(
                            permission.place(),
                            field,
                            "resource `" + resource + "` is in no catalogue, so this permission matches nothing")
                    .withFix("describe it under `resources:` and let a tool act on it")
                    .by(LintRule.UNKNOWN_RESOURCE));
        }
    }

    private boolean isKnown(String resource) {
        return known.contains(resource) || hasForm(resource) || resource.contains("*");
    }

    private static boolean hasForm(String resource) {
        return ResourceNames.FORMS.stream().anyMatch(resource::startsWith);
    }

    private void catalogueNamesKnownUpstreams() {
        for (ToolEntry entry : entries) {
            if (!tools.mayExist(entry.pattern())) {
                problems.add(Problem.error(
                                entry.source().place(),
                                "tools." + entry.pattern(),
                                "no upstream of reeve.yaml offers such a tool")
                        .withFix(upstreamsFix())
                        .by(LintRule.NEVER_MATCHES));
            }
        }
    }

    private String upstreamsFix() {
        return tools.upstreams().isEmpty()
                ? "reeve.yaml names no upstreams"
                : "upstreams are "
                        + String.join(", ", tools.upstreams().stream().sorted().toList());
    }

    private void ruleCanMatch(PolicySource.Rule rule) {
        String field = rule.field();
        rule.target()
                .tool()
                .filter(tool -> tool.length() <= Glob.LONGEST && !tool.isEmpty())
                .ifPresent(tool -> {
                    if (!tools.mayExist(Glob.of(tool))) {
                        problems.add(Problem.error(
                                        rule.place(),
                                        field,
                                        "can never match: no upstream offers a tool `" + tool + "`")
                                .withFix(upstreamsFix())
                                .by(LintRule.NEVER_MATCHES));
                    }
                });
        rule.target().role().ifPresent(role -> {
            if (!grants.containsKey(role)) {
                problems.add(unknownRole(role, rule.place(), field));
            }
        });
        rule.target().resource().ifPresent(resource -> resourceIsKnown(rule, resource, field));
    }

    private void resourceIsKnown(PolicySource.Rule rule, String resource, String field) {
        if (!isKnown(resource)) {
            problems.add(Problem.error(
                            rule.place(), field, "can never match: resource `" + resource + "` is in no catalogue")
                    .withFix("describe it under `resources:`")
                    .by(LintRule.NEVER_MATCHES));
        }
    }

    private void allowsAreNotShadowed() {
        Scopes<CompiledRule> denies = new Scopes<>(MOST_COMPARED);
        for (CompiledRule rule : rules) {
            if (rule.effect() == Effect.DENY
                    && rule.when().isEmpty()
                    && rule.shadowUntil().isEmpty()) {
                denies.add(rule.scope(), rule);
            }
        }
        for (CompiledRule allow : rules) {
            if (allow.effect() != Effect.DENY) {
                denies.wider(allow.scope(), ignored -> true)
                        .ifPresent(deny -> problems.add(Problem.error(
                                        new Place(
                                                allow.ref().file(), allow.ref().line(), 0),
                                        "rules." + allow.ref().name(),
                                        "can never take effect: the deny at "
                                                + deny.ref().file() + ":"
                                                + deny.ref().line() + " covers it whole")
                                .by(LintRule.SHADOWED)));
            }
        }
    }
}
