package dev.reeve.outbound;

/** A request that got no whole answer. The message is for operators and holds neither headers nor bodies. */
public final class HttpCallException extends Exception {
    private static final long serialVersionUID = 1;

    /** How far it got. */
    public enum Kind {
        /** No connection; nothing was sent. */
        UNREACHABLE,
        /** All connections are in use; nothing was sent. */
        CROWDED,
        /** {@link Departure} said no; nothing was sent. */
        HELD_BACK,
        /** The caller went away. */
        CANCELLED,
        /** The connection broke, or what came was not HTTP. */
        BROKEN,
        /** The server ended the TLS handshake because of our certificate; a request may have been on its way. */
        HANDSHAKE,
        /** The time was over. */
        TIMED_OUT,
        /** More came than the caller reads. */
        TOO_LARGE
    }

    private final Kind kind;
    private final boolean sent;
    private final String reason;

    public HttpCallException(Kind kind, boolean sent, String message) {
        super(message, null, false, false);
        this.kind = kind;
        this.sent = sent;
        this.reason = message;
    }

    public Kind kind() {
        return kind;
    }

    /** The message. */
    public String reason() {
        return reason;
    }

    /** True if a byte of the request may have left. */
    public boolean sent() {
        return sent;
    }
}
