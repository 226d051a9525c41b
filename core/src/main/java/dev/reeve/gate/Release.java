package dev.reeve.gate;

import dev.reeve.json.Json;
import java.util.Optional;

/** What may be told to the caller, once the outcome is durable. */
public sealed interface Release {
    record Result(Json.Obj result) implements Release {}

    record UpstreamError(int code, String message, Optional<Json> data) implements Release {}

    /**
     * Withheld by a result stage, not sent, or outcome unknown.
     *
     * @param waits it is kept, and people are asked under this ticket whether it may go out
     */
    record Withheld(Denial denial, String ticket, boolean waits) implements Release {
        /** For good. */
        public Withheld(Denial denial, String ticket) {
            this(denial, ticket, false);
        }
    }
}
