package dev.reeve.ledger;

/** A verification cannot go on from the place that was given; it can begin anew. Says nothing about the log. */
public final class NotResumableException extends Exception {
    private static final long serialVersionUID = 1;

    /** @param message for a person */
    NotResumableException(String message) {
        super(message, null, false, false);
    }
}
