package dev.reeve.gate;

import dev.reeve.json.Json;
import java.util.Optional;

/** What may be told to the caller, once the outcome is durable. */
public sealed interface Release {
    record Result(Json.Obj result) implements Release {}

    record UpstreamError(int code, String message, Optional<Json> data) implements Release {}

    /** Withheld by a result stage, not sent, or outcome unknown. */
    record Withheld(Denial denial, String ticket) implements Release {}
}
