package dev.reeve.upstream;

import dev.reeve.json.Json;
import java.util.Optional;

/** What a server answers to one request. */
sealed interface Answer {
    record Result(Json.Obj result) implements Answer {}

    record Failure(int code, String message, Optional<Json> data) implements Answer {}
}
