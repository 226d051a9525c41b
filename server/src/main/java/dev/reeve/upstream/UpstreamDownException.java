package dev.reeve.upstream;

/** An outage of an upstream. The message names it and says what to do; it holds no secret. */
public final class UpstreamDownException extends Exception {
    private static final long serialVersionUID = 1;

    public UpstreamDownException(String message) {
        super(message);
    }

    public UpstreamDownException(String message, Throwable cause) {
        super(message, cause);
    }
}
