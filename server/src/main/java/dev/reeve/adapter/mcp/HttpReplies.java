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
    private final boolean ratherStream;
    private final Optional<String> session;
    private final Optional<Replays> replays;
    private Optional<Replays.Resumable> resumable = Optional.empty();
    private Optional<EventStream> stream = Optional.empty();
    private boolean responded;
    private boolean succeeded;

    /** @param session a new session's id, for the response to tell */
    HttpReplies(Responder responder, boolean mayStream, Optional<String> session) {
        this(responder, mayStream, false, session, Optional.empty());
    }

    private HttpReplies(
            Responder responder,
            boolean mayStream,
            boolean ratherStream,
            Optional<String> session,
            Optional<Replays> replays) {
        this.ratherStream = ratherStream;
        this.replays = replays;
        this.responder = responder;
        this.mayStream = mayStream;
        this.session = session;
    }

    /**
     * Within a session.
     *
     * @param replays where streams can be taken up again: then a client that names streams first gets its answer as one
     */
    static HttpReplies of(Responder responder, Accepted accepted, Optional<Replays> replays) {
        boolean ratherStream = accepted.eventsFirst() && replays.isPresent();
        return new HttpReplies(responder, accepted.events(), ratherStream, Optional.empty(), replays);
    }

    static Response streamHead() {
        return STREAM;
    }

    @Override
    public boolean maySpeak() {
        return mayStream;
    }

    @Override
    public boolean event(Json.Obj message) {
        if (!opened()) {
            return false;
        }
        return send(JsonWriter.bytes(message));
    }

    @Override
    public void streams() {
        if (replays.isPresent()) {
            boolean ignored = opened();
        }
    }

    @Override
    public void pauses(int retryMillis) {
        Optional<Replays.Resumable> open;
        synchronized (this) {
            open = responded ? Optional.empty() : resumable;
        }
        open.ifPresent(stream -> stream.pause(retryMillis));
    }

    private synchronized boolean opened() {
        if (responded || !mayStream) {
            return false;
        }
        if (stream.isEmpty()) {
            EventStream open = responder.stream(STREAM);
            stream = Optional.of(open);
            resumable = replays.map(kept -> kept.open(open));
        }
        return true;
    }

    private boolean send(byte[] data) {
        return resumable.isPresent()
                ? resumable.get().send(data)
                : stream.orElseThrow().send(data);
    }

    @Override
    public void respond(int status, Json.Obj response) {
        respond(status, response, response.has("result"));
    }

    /** The answers to a batch. */
    void respondAll(Json answers) {
        respond(200, answers, false);
    }

    private void respond(int status, Json response, boolean result) {
        Optional<EventStream> to;
        synchronized (this) {
            if (responded) {
                return;
            }
            boolean ignored = ratherStream && status == 200 && opened();
            responded = true;
            succeeded = result;
            to = stream;
        }
        byte[] body = JsonWriter.bytes(response);
        if (to.isPresent()) {
            boolean ignored = send(body);
            resumable.ifPresentOrElse(Replays.Resumable::end, () -> to.get().end());
        } else {
            Response answer = Response.json(status, body);
            responder.send(session.isPresent() && result ? answer.with("mcp-session-id", session.get()) : answer);
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
        responder.onClose(() -> {
            if (!mayComeBack()) {
                action.run();
            }
        });
    }

    private synchronized boolean mayComeBack() {
        return resumable.filter(Replays.Resumable::isWhole).isPresent();
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
