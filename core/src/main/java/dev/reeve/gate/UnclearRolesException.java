package dev.reeve.gate;

/** A role that depends on context would be had by one reading of an action and not by another. The message quotes no values. */
public final class UnclearRolesException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public UnclearRolesException(String message) {
        super(message, null, false, false);
    }
}
