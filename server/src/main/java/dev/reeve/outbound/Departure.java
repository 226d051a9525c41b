package dev.reeve.outbound;

/**
 * Asked immediately before the first byte of a request goes out, on the thread that writes it. Must not block. What it says is final: after
 * {@code true} the bytes are written at once, after {@code false} none is.
 */
@FunctionalInterface
public interface Departure {
    /** For requests that need nobody's permit: Reeve's own. */
    Departure FREE = () -> true;

    boolean mayLeave();
}
