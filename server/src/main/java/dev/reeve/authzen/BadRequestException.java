package dev.reeve.authzen;

/** The request is none of the protocol. The message says what is wrong and where, and quotes nothing. */
final class BadRequestException extends Exception {
    private static final long serialVersionUID = 1;

    private final String code;

    BadRequestException(String code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    /** For counting: {@code malformed}, {@code invalid_request}. */
    String code() {
        return code;
    }

    static BadRequestException invalid(String message) {
        return new BadRequestException("invalid_request", message);
    }

    String words() {
        return String.valueOf(getMessage());
    }
}
