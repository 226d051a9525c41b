package dev.reeve.adapter.mcp;

import dev.reeve.json.Json;

/** The way back for one request. */
interface Replies {
    /** False if nothing can be said before the response. */
    boolean maySpeak();

    /**
     * A notification, or a request to the client, that belongs to the running request. Waits for a slow reader.
     *
     * @return false if it could not be sent
     */
    boolean event(Json.Obj message);

    /** The server that does the work answers with a stream; so may we, where that lets a client come back to it. */
    default void streams() {}

    /**
     * The server that does the work has closed its stream for now, and is asked again later; so may we, where the client can come back.
     *
     * @param retryMillis how long the server wants to be left alone
     */
    default void pauses(int retryMillis) {}

    /**
     * The one response.
     *
     * @param status the HTTP status that it has there
     */
    void respond(int status, Json.Obj response);

    /** Ends a request that the client itself cancelled. Where only a response ends it, as over HTTP, this is the response. */
    void cancelled(int status, Json.Obj response);

    /** Keeps the way open after the request, for notifications; instead of {@link #respond}. */
    Sink keepOpen();

    /** Runs once if the client goes before the response. */
    void onGone(Runnable action);

    /** Takes notifications that belong to no request. Never blocks. */
    interface Sink {
        /** False if nobody is there any more. */
        boolean offer(Json.Obj message);

        void end();

        /** Runs when it is over, whoever ended it; it may run more than once. */
        void onGone(Runnable action);
    }
}
