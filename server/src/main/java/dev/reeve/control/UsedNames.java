package dev.reeve.control;

import java.util.Set;

/** What was done of late, as stops name it: also what no server of ours offers, and only a hook or an enforcement point asks about. */
@FunctionalInterface
public interface UsedNames {
    UsedNames NONE = patterns -> Set.of();

    /** Those of these patterns by which something was called that was let through. Without those that cannot be looked up now; never throws. */
    Set<String> of(Set<String> patterns);
}
