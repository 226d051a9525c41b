package dev.reeve.search;

/** The index cannot answer now. The record can still be searched without it. */
public final class SearchUnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    SearchUnavailableException(String message) {
        super(message);
    }

    SearchUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
