package dev.reeve.connector;

/** Ends the connector with a sentence for the person who reads the client's log. */
final class ConnectorException extends Exception {
    private static final long serialVersionUID = 1;
    private final int exit;

    ConnectorException(int exit, String message) {
        super(message, null, false, false);
        this.exit = exit;
    }

    int exit() {
        return exit;
    }
}
