package dev.reeve.definitions;

import dev.reeve.definitions.Definitions.State;
import dev.reeve.json.Json;
import java.time.Instant;
import java.util.Optional;

/**
 * One pinned definition, as it is stored.
 *
 * @param name within its kind
 * @param definition what is in force, or what waits for its first approval
 * @param drift what the server says now, if it differs
 * @param decidedBy the person, or {@code trust-first-use}; empty while nobody has decided
 */
public record Pin(
        Kind kind,
        String upstream,
        String name,
        Json.Obj definition,
        String fingerprint,
        State state,
        Optional<Json.Obj> drift,
        Optional<String> decidedBy,
        Instant changed) {
    private static final String TRUSTED = "trust-first-use";

    /** Of a tool. */
    public Pin(
            String upstream,
            String name,
            Json.Obj definition,
            String fingerprint,
            State state,
            Optional<Json.Obj> drift,
            Optional<String> decidedBy,
            Instant changed) {
        this(Kind.TOOL, upstream, name, definition, fingerprint, state, drift, decidedBy, changed);
    }

    static Pin first(Kind kind, String upstream, String name, Json.Obj definition, boolean trusted, Instant now) {
        return new Pin(
                kind,
                upstream,
                name,
                definition,
                Fingerprint.of(definition),
                trusted ? State.IN_FORCE : State.HELD,
                Optional.empty(),
                trusted ? Optional.of(TRUSTED) : Optional.empty(),
                now);
    }

    /** Its name for people and in the store: {@code mail.send}, {@code mail.prompt:review}. */
    public String subject() {
        return upstream + "." + kind.key(name);
    }

    /** The state a caller meets: a changed definition is held until somebody looked at the change (R19). */
    State effective() {
        return drift.isPresent() && state == State.IN_FORCE ? State.HELD : state;
    }

    /** Nobody looked: what the checks of a newer version find holds it after all. */
    boolean trustedUnseen() {
        return decidedBy.equals(Optional.of(TRUSTED));
    }

    /** What a person would look at now. */
    Json.Obj latest() {
        return drift.orElse(definition);
    }

    /** The server says this now. */
    Pin offered(Json.Obj now, Instant when) {
        if (Fingerprint.of(now).equals(fingerprint)) {
            return drift.isEmpty() ? this : with(definition, state, Optional.empty(), decidedBy, when);
        }
        if (decidedBy.isEmpty()) {
            // Nobody has looked at the first one either: what waits is what the server says now.
            return with(now, State.HELD, Optional.empty(), Optional.empty(), when);
        }
        return drift.equals(Optional.of(now)) ? this : with(definition, state, Optional.of(now), decidedBy, when);
    }

    Pin approved(String person, Instant when) {
        return with(latest(), State.IN_FORCE, Optional.empty(), Optional.of(person), when);
    }

    private Pin with(Json.Obj pinned, State then, Optional<Json.Obj> differs, Optional<String> decided, Instant when) {
        return new Pin(kind, upstream, name, pinned, Fingerprint.of(pinned), then, differs, decided, when);
    }
}
