package dev.reeve.adapter.mcp;

import dev.reeve.json.Json;
import java.util.Optional;

/** The way back for one request of a batch: what it says on its way goes out at once, its response is kept for the end. */
final class BatchReplies implements Replies {
    private final Replies whole;
    private Optional<Json.Obj> response = Optional.empty();

    BatchReplies(Replies whole) {
        this.whole = whole;
    }

    Optional<Json.Obj> response() {
        return response;
    }

    @Override
    public boolean maySpeak() {
        return whole.maySpeak();
    }

    @Override
    public boolean event(Json.Obj message) {
        return whole.event(message);
    }

    @Override
    public void respond(int status, Json.Obj answer) {
        response = Optional.of(answer);
    }

    @Override
    public void cancelled(int status, Json.Obj answer) {
        response = Optional.of(answer);
    }

    @Override
    public Sink keepOpen() {
        throw new IllegalStateException("no stream is opened from a batch");
    }

    @Override
    public void onGone(Runnable action) {
        whole.onGone(action);
    }
}
