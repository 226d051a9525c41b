package dev.reeve.connector;

import dev.reeve.identity.Identification;
import java.util.Optional;

/** What answers connectors: MCP over lines, for the route of one upstream under its own names. */
public interface ConnectorService {
    /**
     * Begins the conversation of one connector process.
     *
     * @param session names it in records; unique, carries no authority (R11)
     * @return empty if no upstream has that name
     */
    Optional<Talk> open(Identification.Known who, String upstream, String session, Answers answers);

    /** Takes the client's lines, one at a time and in order. */
    interface Talk {
        /**
         * One line without its end. Returns soon: what runs long runs elsewhere. Blocks while too much is running, which holds the client back.
         */
        void line(byte[] line);

        /** The client is gone; cancels what still runs. Called once. */
        void gone();

        /** The client sends nothing more: what runs may finish. Returns when it has, or when it has waited long enough. */
        void finished();
    }

    /** The way back. Safe for use by many threads. */
    interface Answers {
        /** Sends one line (without its end), and waits while the client does not read. False if it is gone. */
        boolean send(byte[] line);

        /** As {@link #send}, but never waits. False too if the client has not read the lines before. */
        boolean offer(byte[] line);

        /** Ends the connection when everything before is sent. */
        void end();
    }
}
