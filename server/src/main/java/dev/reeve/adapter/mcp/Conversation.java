package dev.reeve.adapter.mcp;

import dev.reeve.json.Json;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Remembers, between the messages of one session or connector, which requests run, so that they can be cancelled. */
final class Conversation {
    private final ConcurrentMap<Json, Ongoing> running = new ConcurrentHashMap<>();
    private final int most;
    private volatile boolean over;

    Conversation(int most) {
        this.most = most;
    }

    /** Why it may not run, if it may not. */
    Optional<RpcError> begin(Json id, Ongoing ongoing) {
        if (over) {
            return Optional.of(RpcError.of(RpcError.NOT_ALLOWED, "this session has ended"));
        }
        if (running.size() >= most) {
            return Optional.of(RpcError.of(
                    RpcError.NOT_ALLOWED, "too many requests of this session run at once; at most " + most));
        }
        if (running.putIfAbsent(id, ongoing) != null) {
            return Optional.of(RpcError.invalidRequest("Invalid Request: this `id` is in use"));
        }
        if (over) {
            ongoing.cancel();
        }
        return Optional.empty();
    }

    void end(Json id, Ongoing ongoing) {
        running.remove(id, ongoing);
    }

    void cancel(Json id) {
        Optional.ofNullable(running.get(id)).ifPresent(Ongoing::cancel);
    }

    /** The session has ended or the client has gone: what runs is cancelled, and nothing begins any more. */
    void cancelAll() {
        over = true;
        running.values().forEach(Ongoing::cancel);
    }

    boolean idle() {
        return running.isEmpty();
    }
}
