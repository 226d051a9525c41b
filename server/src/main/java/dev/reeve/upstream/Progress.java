package dev.reeve.upstream;

import dev.reeve.json.Json;
import java.util.Optional;

/** Progress that belongs to a live call, and of it only what the protocol names. */
final class Progress {
    private Progress() {}

    /** Without the token: the caller's own goes there (R13). Empty if the token is not the one of this call. */
    static Optional<Json.Obj> of(Json.Obj params, Optional<String> token) {
        boolean ours = token.isPresent() && params.string("progressToken").equals(token);
        if (!ours || !(params.get("progress").orElse(Json.Null.NULL) instanceof Json.Num progress)) {
            return Optional.empty();
        }
        Json.Builder kept = Json.object().put("progress", progress);
        params.get("total").filter(it -> it instanceof Json.Num).ifPresent(it -> kept.put("total", it));
        return Optional.of(kept.put("message", params.string("message")).build());
    }
}
