package dev.reeve.judge;

/** A judge that could not be heard. The message is for operators, and says nothing that the judge itself wrote. */
public final class JudgeException extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean again;
    private final boolean unasked;

    /** @param again whether asking once more may help */
    JudgeException(String message, boolean again) {
        this(message, again, false);
    }

    private JudgeException(String message, boolean again, boolean unasked) {
        super(message);
        this.again = again;
        this.unasked = unasked;
    }

    /** It was not asked: for the length of the action, or for how many questions there are. */
    static JudgeException unasked(String message) {
        return new JudgeException(message, false, true);
    }

    boolean isUnasked() {
        return unasked;
    }

    boolean mayHelpToAskAgain() {
        return again;
    }
}
