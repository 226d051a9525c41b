package dev.reeve.approval;

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
