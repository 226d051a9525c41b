package dev.reeve.policy;

/** A condition could not be evaluated: a missing value, a wrong type, too much work. The message quotes no values. */
public final class ConditionException extends Exception {
    private static final long serialVersionUID = 1;

    public ConditionException(String message) {
        super(message, null, false, false);
    }
}
