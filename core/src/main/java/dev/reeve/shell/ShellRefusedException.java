package dev.reeve.shell;

/** The text cannot be read with certainty, so nothing is known of what it does. The message says why and quotes nothing of it. */
public final class ShellRefusedException extends Exception {
    private static final long serialVersionUID = 1;

    ShellRefusedException(String message) {
        super(message, null, false, false);
    }
}
