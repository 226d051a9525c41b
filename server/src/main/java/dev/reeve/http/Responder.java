package dev.reeve.http;

/** The way back to one client. Safe for use by many threads; whatever is sent after the client has gone is dropped. */
public interface Responder {
    /** Sends the whole answer. */
    void send(Response response);

    /**
     * Begins an answer of server-sent events. It outlives the handler and holds no thread; whoever keeps it must close it.
     *
     * @param head status and headers; its body is not sent
     */
    EventStream stream(Response head);

    /** Runs once, on a thread that may block, if the client goes before the answer has ended; at once if it has gone already. */
    void onClose(Runnable action);
}
