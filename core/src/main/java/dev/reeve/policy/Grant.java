package dev.reeve.policy;

import dev.reeve.gate.RuleRef;
import java.util.List;

/** One permission of a role, or one rule that allows, compiled. */
record Grant(RuleRef rule, Glob resource, long verbs, List<Bound> conditions) {
    Grant {
        conditions = List.copyOf(conditions);
    }
}
