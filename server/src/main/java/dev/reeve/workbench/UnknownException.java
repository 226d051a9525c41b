package dev.reeve.workbench;

/** It cannot be said how a recorded action would be decided: the message says what would have to be known. */
public final class UnknownException extends Exception {
    private static final long serialVersionUID = 1;

    UnknownException(String message) {
        super(message, null, false, false);
    }
}
