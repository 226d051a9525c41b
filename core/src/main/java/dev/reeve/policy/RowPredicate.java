package dev.reeve.policy;

import dev.reeve.json.Json;

/** A compiled condition over one row of a result. */
public interface RowPredicate {
    /** @throws ConditionException if it cannot be said: the row is left out */
    boolean test(Json.Obj row, Condition.Input input) throws ConditionException;
}
