package dev.reeve.policy;

import dev.reeve.action.Access;
import dev.reeve.action.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The compiled rules: role to resource to verbs to conditions, and rules by tool or resource. What costs is what matches, not what is
 * written.
 */
final class Index {
    private final Map<String, NameIndex<Grant>> grants;
    private final NameIndex<CompiledRule> byTool;
    private final NameIndex<CompiledRule> byResource;

    Index(Map<String, List<Grant>> byRole, List<CompiledRule> rules) {
        Map<String, NameIndex<Grant>> compiled = new java.util.HashMap<>();
        byRole.forEach((role, list) -> {
            NameIndex.Builder<Grant> index = NameIndex.builder();
            list.forEach(grant -> index.add(grant.resource(), grant));
            compiled.put(role, index.build());
        });
        this.grants = Map.copyOf(compiled);
        NameIndex.Builder<CompiledRule> tools = NameIndex.builder();
        NameIndex.Builder<CompiledRule> resources = NameIndex.builder();
        for (CompiledRule rule : rules) {
            if (rule.resource().isPresent()) {
                resources.add(rule.resource().get(), rule);
            } else {
                tools.add(rule.tool().orElseThrow(), rule);
            }
        }
        this.byTool = tools.build();
        this.byResource = resources.build();
    }

    boolean knowsRole(String role) {
        return grants.containsKey(role);
    }

    /** What a role may do to a thing, whatever the verb and the conditions. */
    void grants(String role, List<String> names, Consumer<? super Grant> found) {
        NameIndex<Grant> index = grants.get(role);
        if (index != null) {
            for (int i = 0; i < names.size(); i++) {
                index.find(names.get(i), found);
            }
        }
    }

    /** Rules about this access, whatever their {@code when}; each once. */
    List<CompiledRule> rules(Action action, Access access, long verb) {
        if (byTool.isEmpty() && byResource.isEmpty()) {
            return List.of();
        }
        About about = new About(action, access, verb);
        byTool.find(action.operation().subject(), about);
        for (int i = 0; i < access.names().size(); i++) {
            byResource.find(access.names().get(i), about);
        }
        return about.rules;
    }

    /** Keeps the rules that are about an access; makes no list where there are none. */
    private static final class About implements Consumer<CompiledRule> {
        private final Action action;
        private final Access access;
        private final long verb;
        private List<CompiledRule> rules = List.of();

        About(Action action, Access access, long verb) {
            this.action = action;
            this.access = access;
            this.verb = verb;
        }

        @Override
        public void accept(CompiledRule rule) {
            if (rule.isAbout(action, access, verb) && !rules.contains(rule)) {
                rules = rules.isEmpty() ? new ArrayList<>(2) : rules;
                rules.add(rule);
            }
        }
    }

    /** Rules that allow something with this tool or resource, whatever else they ask. */
    void allowing(String subject, List<String> names, Consumer<? super CompiledRule> found) {
        Consumer<CompiledRule> allows = rule -> {
            if (rule.effect() == PolicySource.Effect.ALLOW) {
                found.accept(rule);
            }
        };
        byTool.find(subject, allows);
        names.forEach(name -> byResource.find(name, allows));
    }

    /** Rules that name this tool or one of these resources, whatever else they ask; perhaps more than once. */
    void naming(String subject, List<String> names, Consumer<? super CompiledRule> found) {
        byTool.find(subject, found);
        names.forEach(name -> byResource.find(name, found));
    }

    /** Rules that name this tool, whatever else they ask. */
    void rulesOfTool(String subject, Consumer<? super CompiledRule> found) {
        byTool.find(subject, found);
    }
}
