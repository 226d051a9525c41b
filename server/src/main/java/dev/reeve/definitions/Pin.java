package dev.reeve.definitions;

import dev.reeve.definitions.Definitions.State;
import dev.reeve.json.Json;
import java.time.Instant;
import java.util.Optional;

/**
 * One pinned definition, as it is stored.
 *
 * @param definition what is in force, or what waits for its first approval
 * @param drift what the server says now, if it differs
 * @param decidedBy the person, or {@code trust-first-use}; empty while nobody has decided
 */
public record Pin(
        String upstream,
        String name,
        Json.Obj definition,
        String fingerprint,
        State state,
        Optional<Json.Obj> drift,
        Optional<String> decidedBy,
        Instant changed) {

    /** The state a caller meets: a changed definition is held until somebody looked at the change (R19). */
    State effective() {
        return drift.isPresent() && state == State.IN_FORCE ? State.HELD : state;
    }
}
