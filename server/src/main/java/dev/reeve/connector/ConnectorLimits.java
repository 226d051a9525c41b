package dev.reeve.connector;

import java.time.Duration;

/**
 * What connectors may cost.
 *
 * @param connections at a time
 * @param lineBytes of one message of a client
 * @param longLines messages over {@value #LONG} bytes that are held at a time, over all connections
 * @param waitingLines answers that a client has not read yet; then senders wait
 * @param preamble within which a connector must say who it is
 */
public record ConnectorLimits(int connections, int lineBytes, int longLines, int waitingLines, Duration preamble) {
    static final int LONG = 256 << 10;

    public static final ConnectorLimits DEFAULT = new ConnectorLimits(256, 4 << 20, 8, 64, Duration.ofSeconds(5));

    public ConnectorLimits with(int newConnections, int newLineBytes) {
        return new ConnectorLimits(newConnections, newLineBytes, longLines, waitingLines, preamble);
    }
}
