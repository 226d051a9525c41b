package dev.reeve.http;

/**
 * Answers requests. Called on a thread of its own and may block. Calls exactly one of {@link Responder#send} and
 * {@link Responder#stream}; a handler that throws, or returns without either, answers 500.
 */
@FunctionalInterface
public interface Handler {
    void handle(Request request, Responder responder);

    /** Who sends a request with this head. On an event loop: it must not block. */
    default Sender sender(Request.Headers headers) {
        return new Sender.Anybody();
    }
}
