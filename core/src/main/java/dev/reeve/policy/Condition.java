package dev.reeve.policy;

import dev.reeve.action.Access;
import dev.reeve.action.Action;
import dev.reeve.gate.Facts;

/** A compiled condition. Pure, fast, safe for use by many threads. */
public interface Condition {
    /** @throws ConditionException if it cannot be said: an allow then does not allow, and a deny denies */
    boolean test(Input input) throws ConditionException;

    /** What a condition may look at. */
    record Input(Action action, Access access, Facts facts) {}
}
