package dev.reeve.connect;

/** Nothing was changed, and why; the text is for the person at the terminal and quotes no value of a file. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;

    public RefusedException(String message) {
        super(message, null, false, false);
    }
}
