package dev.reeve.policy;

import dev.reeve.gate.RuleRef;
import java.util.List;
import java.util.Optional;

/**
 * One rule or permission that names what an access is about, and whether it counted.
 *
 * @param effect {@code deny}, {@code require_approval}, {@code allow}, or {@code grants} of a permission
 * @param conditions those that were asked, by the names under which they are written; none where something else was missing before
 * @param missing why it did not count; empty if it did
 */
public record Considered(RuleRef rule, String effect, List<String> conditions, Optional<String> missing) {
    public Considered {
        conditions = List.copyOf(conditions);
    }

    public boolean counts() {
        return missing.isEmpty();
    }
}
