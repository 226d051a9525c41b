package dev.reeve.judge;

/** A judge that could not be heard. The message is for operators, and says nothing that the judge itself wrote. */
public final class JudgeException extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean again;

    /** @param again whether asking once more may help */
    JudgeException(String message, boolean again) {
        super(message);
        this.again = again;
    }

    boolean mayHelpToAskAgain() {
        return again;
    }
}
