package dev.reeve.policy;

import dev.reeve.policy.Catalogue.ToolEntry;
import dev.reeve.policy.PolicySource.Effect;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What can never match is an error: its author believes in something that is not so. What matches nothing yet is a warning. */
final class PolicyLint {
    private final PolicySource source;
    private final ToolSchemas schemas;
    private final List<ToolEntry> entries;
    private final Map<String, List<Grant>> grants;
    private final List<CompiledRule> rules;
    private final List<Problem> problems;

    PolicyLint(
            PolicySource source,
            ToolSchemas schemas,
            List<ToolEntry> entries,
            Map<String, List<Grant>> grants,
            List<CompiledRule> rules,
            List<Problem> problems) {
        this.source = source;
        this.schemas = schemas;
        this.entries = entries;
        this.grants = grants;
        this.rules = rules;
        this.problems = problems;
    }

    void run() {
        agentsHaveKnownRoles();
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

    private Problem unknownRole(String role, Place place, String field) {
        return Problem.error(place, field, "unknown role `" + role + "`")
                .withFix(grants.isEmpty() ? "no role is defined" : "known are " + String.join(", ", grants.keySet()));
    }

    /** The source's own file names resources that a catalogue may learn of later: a warning, and it matches no tool. */
    private void rolesNameKnownResources() {
        Set<String> names = new HashSet<>();
        source.resources().forEach(resource -> names.add(resource.name()));
        for (PolicySource.Role role : source.roles()) {
            for (PolicySource.Permission permission : role.permissions()) {
                String resource = permission.resource();
                boolean known = names.contains(resource)
                        || hasForm(resource)
                        || resource.contains("*")
                        || entries.stream()
                                .anyMatch(entry -> entry.source().actsOn().equals(resource));
                if (!known) {
                    problems.add(Problem.warning(
                                    permission.place(),
                                    "agent_roles." + role.name(),
                                    "resource `" + resource
                                            + "` is in no catalogue, so this permission matches nothing")
                            .withFix("describe it under `resources:` and let a tool act on it"));
                }
            }
        }
    }

    private static boolean hasForm(String resource) {
        return ResourceNames.FORMS.stream().anyMatch(resource::startsWith);
    }

    private void catalogueNamesKnownUpstreams() {
        for (ToolEntry entry : entries) {
            if (!mayExist(entry.pattern())) {
                problems.add(Problem.error(
                                entry.source().place(),
                                "tools." + entry.pattern(),
                                "no upstream of reeve.yaml offers such a tool")
                        .withFix(upstreamsFix()));
            }
        }
    }

    private String upstreamsFix() {
        return schemas.upstreams().isEmpty()
                ? "reeve.yaml names no upstreams"
                : "upstreams are "
                        + String.join(
                                ", ", schemas.upstreams().stream().sorted().toList());
    }

    /** A server that was never seen may offer anything. */
    private boolean mayExist(Glob pattern) {
        for (String upstream : schemas.upstreams()) {
            List<String> tools = schemas.tools(upstream);
            if (tools.isEmpty()
                    ? pattern.mayMatchBelow(upstream + ".")
                    : tools.stream().anyMatch(tool -> pattern.matches(upstream + "." + tool))) {
                return true;
            }
        }
        return false;
    }

    private void ruleCanMatch(PolicySource.Rule rule) {
        String field = rule.field();
        rule.target()
                .tool()
                .filter(tool -> tool.length() <= Glob.LONGEST && !tool.isEmpty())
                .ifPresent(tool -> {
                    if (!mayExist(Glob.of(tool))) {
                        problems.add(Problem.error(
                                        rule.place(),
                                        field,
                                        "can never match: no upstream offers a tool `" + tool + "`")
                                .withFix(upstreamsFix()));
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
        boolean known = hasForm(resource)
                || resource.contains("*")
                || source.resources().stream().anyMatch(one -> one.name().equals(resource))
                || entries.stream().anyMatch(entry -> entry.source().actsOn().equals(resource));
        if (!known) {
            problems.add(Problem.error(
                            rule.place(), field, "can never match: resource `" + resource + "` is in no catalogue")
                    .withFix("describe it under `resources:`"));
        }
    }

    private void allowsAreNotShadowed() {
        for (CompiledRule allow : rules) {
            if (allow.effect() != Effect.DENY) {
                Optional<CompiledRule> over =
                        rules.stream().filter(deny -> shadows(deny, allow)).findFirst();
                over.ifPresent(deny -> problems.add(Problem.error(
                        new Place(allow.ref().file(), allow.ref().line(), 0),
                        "rules." + allow.ref().name(),
                        "can never take effect: the deny at " + deny.ref().file() + ":"
                                + deny.ref().line() + " covers it whole")));
            }
        }
    }

    private static boolean shadows(CompiledRule deny, CompiledRule allow) {
        return deny.effect() == Effect.DENY
                && deny.when().isEmpty()
                && deny.except().isEmpty()
                && deny.shadowUntil().isEmpty()
                && (deny.verbs() & allow.verbs()) == allow.verbs()
                && covers(deny.tool(), allow.tool())
                && covers(deny.resource(), allow.resource())
                && covers(deny.agent(), allow.agent())
                && (deny.role().isEmpty() || deny.role().equals(allow.role()));
    }

    private static boolean covers(Optional<Glob> wide, Optional<Glob> narrow) {
        return wide.isEmpty() || (narrow.isPresent() && wide.get().covers(narrow.get()));
    }
}
