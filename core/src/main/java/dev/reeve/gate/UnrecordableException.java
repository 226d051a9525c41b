package dev.reeve.gate;

/** It cannot be recorded, so it does not run, or its result is not released (R2). */
public final class UnrecordableException extends Exception {
    private static final long serialVersionUID = 1;

    public UnrecordableException(String message, Throwable cause) {
        super(message, cause);
    }

    public UnrecordableException(String message) {
        super(message);
    }
}
