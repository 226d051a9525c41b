package dev.reeve.definitions;

import dev.reeve.definitions.checks.Check;
import java.util.Set;
import java.util.function.Function;

/**
 * What the operator's file says of an upstream, for the checks.
 *
 * @param accepted checks that do not hold this upstream's definitions where first use is trusted
 * @param domains of the upstream itself: links to them are no finding
 */
public record Vetting(Function<String, Set<Check>> accepted, Function<String, Set<String>> domains) {
    public static final Vetting NONE = new Vetting(upstream -> Set.of(), upstream -> Set.of());
}
