package dev.reeve.openapi;

import dev.reeve.json.Json;
import java.util.Optional;

/** What is known of the body of a request. */
public sealed interface SentBody {
    /** Nothing is known of it, not even whether there is one. */
    record Unseen() implements SentBody {}

    /** There is none. */
    record None() implements SentBody {}

    /**
     * There is one, and it was not shown, or cannot be read.
     *
     * @param media its type in small letters, without parameters; empty if that is not known
     */
    record Hidden(Optional<String> media) implements SentBody {}

    /** It is JSON, and this is all of it. */
    record Shown(Json value) implements SentBody {}

    /** It is a text that should hold JSON. */
    record Written(String text) implements SentBody {}
}
