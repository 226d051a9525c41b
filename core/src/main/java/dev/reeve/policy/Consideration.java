package dev.reeve.policy;

import dev.reeve.action.Access;
import java.util.List;

/** What a policy looked at to decide one access: denies first, then what asks, then what allows. */
public record Consideration(Access access, List<Considered> rules) {
    public Consideration {
        rules = List.copyOf(rules);
    }
}
