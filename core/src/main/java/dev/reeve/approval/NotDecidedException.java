package dev.reeve.approval;

import dev.reeve.gate.UnrecordableException;

/** What a person wanted is not done. The message is for that person; user input in it stands in backticks. */
public final class NotDecidedException extends Exception {
    private static final long serialVersionUID = 1;

    private final Kind kind;
    private final String code;
    private final String fix;

    /** What kind of failure; an interface translates it into its own. */
    public enum Kind {
        UNKNOWN,
        INVALID,
        FORBIDDEN,
        CONFLICT,
        UNAVAILABLE
    }

    public NotDecidedException(Kind kind, String code, String message, String fix) {
        super(message, null, false, false);
        this.kind = kind;
        this.code = code;
        this.fix = fix;
    }

    /** It could not be written down, so it is not done. */
    public static NotDecidedException unrecordable(UnrecordableException e) {
        return new NotDecidedException(
                Kind.UNAVAILABLE,
                "unrecordable",
                "it cannot be recorded, so it is not done: " + e.getMessage(),
                "look at `reeve status` and the disk, then try again");
    }

    public Kind kind() {
        return kind;
    }

    /** Stable, snake case. */
    public String code() {
        return code;
    }

    /** What to do; may be empty. */
    public String fix() {
        return fix;
    }
}
