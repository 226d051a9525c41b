package dev.reeve.definitions;

/** A server's schema cannot be handled safely; its tool is hidden. */
final class UnsafeSchemaException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnsafeSchemaException(String message) {
        super(message);
    }
}
