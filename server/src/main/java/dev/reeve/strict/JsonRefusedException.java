package dev.reeve.strict;

/** The text is not JSON as we read it. The message says what and where, and quotes nothing of the text. */
public final class JsonRefusedException extends Exception {
    private static final long serialVersionUID = 1;

    private final String code;

    JsonRefusedException(String code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    /** {@code malformed}, {@code duplicate_member}, {@code too_deep}, {@code too_large}, {@code too_many_tokens}, {@code bad_utf8}, {@code inexact_number}. */
    public String code() {
        return code;
    }
}
