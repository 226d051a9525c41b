package dev.reeve.adapter.mcp;

import dev.reeve.http.EventStream;
import dev.reeve.http.Responder;
import dev.reeve.http.Response;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** One POST's answer: plain JSON, or a stream as soon as there is something to say before the response. */
final class HttpReplies implements Replies {
    private static final Response STREAM = new Response(
            200,
            Map.of(
                    "content-type",
                    "text/event-stream",
                    "cache-control",
                    "no-cache, no-transform",
                    "x-accel-buffering",
                    "no"),
            new byte[0]);

    private final Responder responder;
    private final boolean mayStream;
    private final Optional<String> session;
    private Optional<EventStream> stream = Optional.empty();
    private boolean responded;
    private boolean succeeded;

    /** @param session a new session's id, for the response to tell */
    HttpReplies(Responder responder, boolean mayStream, Optional<String> session) {
        this.responder = responder;
        this.mayStream = mayStream;
        this.session = session;
    }

    static Response streamHead() {
        return STREAM;
    }

    @Override
    public void event(Json.Obj notification) {
        Optional<EventStream> to;
        synchronized (this) {
            if (responded || !mayStream) {
                return;
            }
            if (stream.isEmpty()) {
                stream = Optional.of(responder.stream(STREAM));
            }
            to = stream;
        }
        to.get().send(JsonWriter.bytes(notification));
    }

    @Override
    public void respond(int status, Json.Obj response) {
        Optional<EventStream> to;
        synchronized (this) {
            if (responded) {
                return;
            }
            responded = true;
            succeeded = response.has("result");
            to = stream;
        }
        byte[] body = JsonWriter.bytes(response);
        if (to.isPresent()) {
            to.get().send(body);
            to.get().end();
        } else {
            Response answer = Response.json(status, body);
            responder.send(
                    session.isPresent() && response.has("result")
                            ? answer.with("mcp-session-id", session.get())
                            : answer);
        }
    }

    /** Whether the response was a result. */
    synchronized boolean succeeded() {
        return succeeded;
    }

    @Override
    public void cancelled(int status, Json.Obj response) {
        respond(status, response);
    }

    @Override
    public Sink keepOpen() {
        return sink(responder, responder.stream(STREAM));
    }

    @Override
    public void onGone(Runnable action) {
        responder.onClose(action);
    }

    static Sink sink(Responder responder, EventStream open) {
        return new StreamSink(responder, open, new ConcurrentLinkedQueue<>());
    }

    /** The server tells nobody that a stream which we ended ourselves is gone, so that is told here. */
    private record StreamSink(Responder responder, EventStream open, Queue<Runnable> whenOver) implements Sink {
        @Override
        public boolean offer(Json.Obj message) {
            return open.offer(JsonWriter.bytes(message));
        }

        @Override
        public void end() {
            open.end();
            whenOver.forEach(Runnable::run);
        }

        @Override
        public void onGone(Runnable action) {
            whenOver.add(action);
            responder.onClose(action);
            if (!open.isOpen()) {
                action.run();
            }
        }
    }
}
