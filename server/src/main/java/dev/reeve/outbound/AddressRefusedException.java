package dev.reeve.outbound;

/** An address may not be connected to, or a name has none. The message names it and what the operator can write. */
public final class AddressRefusedException extends Exception {
    private static final long serialVersionUID = 1;

    private final String reason;

    AddressRefusedException(String message) {
        super(message, null, false, false);
        this.reason = message;
    }

    /** The message. */
    public String reason() {
        return reason;
    }
}
