package dev.reeve.policy;

import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The compiled rules: role and resource to verbs and conditions, and rules by tool or resource. What costs is what matches, not what is
 * written. A context is handed on to whoever is called back, so that asking allocates nothing.
 */
final class Index {
    private final GrantIndex grants;
    private final Rules rules;
    /** Those that allow: what came nearest to allowing is not looked for among the others. */
    private final Rules allowing;

    Index(Map<String, List<Grant>> byRole, List<CompiledRule> rules) {
        this.grants = new GrantIndex(byRole);
        this.rules = Rules.of(rules);
        this.allowing = Rules.of(rules.stream()
                .filter(rule -> rule.effect() == PolicySource.Effect.ALLOW)
                .toList());
    }

    /** A rule that names a resource is found by it, whatever tool it names. */
    private record Rules(NameIndex<CompiledRule> byTool, NameIndex<CompiledRule> byResource) {
        static Rules of(List<CompiledRule> rules) {
            return new Rules(
                    NameIndex.of(rules.stream()
                            .filter(rule -> rule.resource().isEmpty())
                            .toList()),
                    NameIndex.of(rules.stream()
                            .filter(rule -> rule.resource().isPresent())
                            .toList()));
        }

        void find(String subject, List<String> names, Consumer<? super CompiledRule> found) {
            byTool.find(subject, found);
            names.forEach(name -> byResource.find(name, found));
        }
    }

    /** What a role may do to a thing, whatever the verb and the conditions. */
    void grants(String role, List<String> names, Consumer<? super Grant> found) {
        grants.find(role, names, found, Consumer::accept);
    }

    /** The same for who decides. */
    <C> void grants(String role, List<String> names, C context, BiConsumer<? super C, ? super Grant> found) {
        grants.find(role, names, context, found);
    }

    /** Every rule that is about one of these and perhaps others, perhaps more than once: {@link CompiledRule#isAbout} says which are. */
    <C> void near(String subject, List<String> names, C context, BiConsumer<? super C, ? super CompiledRule> found) {
        rules.byTool().near(subject, context, found);
        if (!rules.byResource().isEmpty()) {
            for (int i = 0; i < names.size(); i++) {
                rules.byResource().near(names.get(i), context, found);
            }
        }
    }

    /** Rules that allow something with this tool or resource, whatever else they ask. */
    void allowing(String subject, List<String> names, Consumer<? super CompiledRule> found) {
        allowing.find(subject, names, found);
    }

    /** Rules that name this tool or one of these resources, whatever else they ask; perhaps more than once. */
    void naming(String subject, List<String> names, Consumer<? super CompiledRule> found) {
        rules.find(subject, names, found);
    }

    /** Rules that name this tool, whatever else they ask. */
    void rulesOfTool(String subject, Consumer<? super CompiledRule> found) {
        rules.byTool().find(subject, found);
    }
}
