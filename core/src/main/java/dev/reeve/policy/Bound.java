package dev.reeve.policy;

import dev.reeve.json.Json;
import dev.reeve.policy.Condition.Input;
import java.util.Map;

/** A condition where it is used: compiled for each tool whose schema is known, and without types for the others. */
sealed interface Bound {
    String name();

    /** About the call. {@code usesTime}: cannot be said while the clock is doubtful (R7). */
    record Check(String name, boolean usesTime, Map<String, Condition> byTool, Condition untyped) implements Bound {
        /** Read with and without what was answered to the server, which must come to the same. */
        boolean holds(Input input) throws ConditionException {
            boolean holds = holdsAsRead(input);
            for (Json.Obj fields : Answers.readings(input.action().operation())) {
                if (holdsAsRead(Answers.over(input, fields)) != holds) {
                    throw new ConditionException(Answers.OTHERWISE);
                }
            }
            return holds;
        }

        /** Of these arguments, whatever was answered. */
        boolean holdsAsRead(Input input) throws ConditionException {
            if (usesTime && input.facts().clockDoubtful()) {
                throw new ConditionException("the clock is doubtful");
            }
            Condition condition = byTool.get(input.action().operation().subject());
            return (condition == null ? untyped : condition).test(input);
        }
    }

    /**
     * About each row of the result.
     *
     * @param text as it is written
     */
    record Rows(String name, String text, Map<String, RowPredicate> byTool, RowPredicate untyped) implements Bound {
        RowPredicate of(Input input) {
            RowPredicate predicate = byTool.get(input.action().operation().subject());
            return predicate == null ? untyped : predicate;
        }
    }

    /** The built-in {@code same_department_only}: a field of each row equals an attribute of the principal. */
    record SameAttribute(String name, String field, String attribute) implements Bound {}
}
