package dev.reeve.policy;

import dev.reeve.policy.PolicySource.Permission;
import dev.reeve.policy.PolicySource.Target;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a policy calls by its whole name: tools, and what is done without one. A pattern says of nothing that it is called so, and is left out.
 */
public final class NamedTools {
    private static final String TOOL = "tool:";

    private NamedTools() {}

    /** A tool as {@code mail.send}; of anything else the form of a resource. */
    public static Set<String> of(PolicySource source) {
        Stream<Permission> permissions = Stream.concat(
                source.roles().stream().flatMap(role -> role.permissions().stream()),
                source.grantables().stream().flatMap(one -> one.permissions().stream()));
        Stream<Target> targets = Stream.of(
                        source.rules().stream().map(PolicySource.Rule::target),
                        source.softs().stream().map(PolicySource.Soft::target),
                        source.records().stream().map(PolicySource.Keeping::target))
                .flatMap(all -> all);
        return Stream.of(
                        source.tools().stream().map(PolicySource.Tool::pattern),
                        permissions.map(Permission::resource),
                        targets.flatMap(one -> Stream.of(one.tool(), one.resource()))
                                .flatMap(Optional::stream))
                .flatMap(all -> all)
                .filter(Predicate.not(name -> name.contains("*")))
                .map(name -> name.startsWith(TOOL) ? name.substring(TOOL.length()) : name)
                .collect(TreeSet::new, Set::add, Set::addAll);
    }
}
