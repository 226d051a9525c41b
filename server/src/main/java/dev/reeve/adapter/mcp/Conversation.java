package dev.reeve.adapter.mcp;

import dev.reeve.json.Json;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Remembers, between the messages of one session or connector, which requests run, so that they can be cancelled. */
final class Conversation {
    private final ConcurrentMap<Json, Ongoing> running = new ConcurrentHashMap<>();
    private final int most;

    Conversation(int most) {
        this.most = most;
    }

    /** Why it may not run, if it may not. */
    Optional<RpcError> begin(Json id, Ongoing ongoing) {
        if (running.size() >= most) {
            return Optional.of(RpcError.of(
                    RpcError.NOT_ALLOWED, "too many requests of this session run at once; at most " + most));
        }
        return running.putIfAbsent(id, ongoing) == null
                ? Optional.empty()
                : Optional.of(RpcError.invalidRequest("Invalid Request: this `id` is in use"));
    }

    void end(Json id, Ongoing ongoing) {
        running.remove(id, ongoing);
    }

    void cancel(Json id) {
        Optional.ofNullable(running.get(id)).ifPresent(Ongoing::cancel);
    }

    void cancelAll() {
        running.values().forEach(Ongoing::cancel);
    }

    boolean idle() {
        return running.isEmpty();
    }
}
