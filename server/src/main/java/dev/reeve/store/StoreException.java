package dev.reeve.store;

import java.io.IOException;

/** The store cannot be opened, read or written; nothing of what was asked has happened. */
public final class StoreException extends IOException {
    private static final long serialVersionUID = 1;

    public StoreException(String message) {
        super(message);
    }

    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
