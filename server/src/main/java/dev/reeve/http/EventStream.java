package dev.reeve.http;

/** An open answer of server-sent events. Safe for use by many threads. */
public interface EventStream {
    /**
     * Sends one event and waits while the client reads too slowly. Never called on an event loop.
     *
     * @param data one line of JSON
     * @return false if the client has gone, or left what was sent unread for too long
     */
    boolean send(byte[] data);

    /**
     * As {@link #send(byte[])}, with an id under which the client may take the stream up again.
     *
     * @param id visible ASCII
     * @param data one line of JSON, or nothing for an event that only carries the id and the time to wait before coming back
     */
    boolean send(String id, byte[] data);

    /** Sends one event and never waits: a client that has left too much unread is cut off, since its stream has a gap now. */
    boolean offer(byte[] data);

    /** Ends the answer in order. */
    void end();

    /**
     * Ends the answer in order although there is more to come: the client comes back for the rest.
     *
     * @param retryMillis how long it waits before it does
     */
    void pause(int retryMillis);

    /** Ends it without order, with what the client has not taken yet. */
    void abort();

    boolean isOpen();
}
