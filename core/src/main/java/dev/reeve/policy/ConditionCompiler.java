package dev.reeve.policy;

import dev.reeve.json.Json;
import java.util.List;
import java.util.Optional;

/** Compiles expressions. The server brings CEL; compiled conditions are shared by source and types. */
public interface ConditionCompiler {
    /**
     * @param arguments the tool's {@code inputSchema}, which gives {@code arguments} its types; empty if it is not known yet, and then
     *     any member is taken for possible
     * @throws InvalidExpressionException with what is wrong, where in the text, and the likely fix
     */
    Condition compile(String expression, Optional<Json.Obj> arguments) throws InvalidExpressionException;

    /** As {@link #compile}, with {@code row} beside. */
    RowPredicate compileRows(String expression, Optional<Json.Obj> arguments) throws InvalidExpressionException;

    /**
     * Looks at expressions of which all must be true.
     *
     * @throws InvalidExpressionException if they never are at once; never of what can be
     */
    default void compileTogether(List<String> expressions) throws InvalidExpressionException {}

    /** What stands for one of the built-in conditions, which need no compiling; itself, unless somebody wants to see what it says. */
    default Condition builtIn(String name, Condition condition) {
        return condition;
    }

    /** An expression that does not compile. */
    final class InvalidExpressionException extends Exception {
        private static final long serialVersionUID = 1;

        private final transient Optional<String> fix;

        public InvalidExpressionException(String message) {
            this(message, Optional.empty());
        }

        public InvalidExpressionException(String message, Optional<String> fix) {
            super(message, null, false, false);
            this.fix = fix;
        }

        /** True if it is well written and can never hold. */
        public boolean isContradiction() {
            return fix.isPresent();
        }

        /** How to mend it, where that can be said apart: of what contradicts itself. */
        public Optional<String> fix() {
            return fix;
        }
    }
}
