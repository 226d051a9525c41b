package dev.reeve.definitions;

import dev.reeve.gate.Admissions;
import dev.reeve.json.Json;
import java.util.List;
import java.util.Optional;

/** The pinned definitions: one immutable snapshot in memory, swapped at once; the pins themselves are in the store. */
public interface Definitions extends Admissions {
    /** Every tool of a server that has a pin, whatever its state, by name. */
    List<PinnedTool> tools(String upstream);

    Optional<PinnedTool> tool(String upstream, String name);

    /** Runs after every change of the snapshot, with the name of the upstream. */
    void onChange(java.util.function.Consumer<String> listener);

    /**
     * @param definition the pinned bytes' value: what callers get, whatever the server says now
     * @param drift what the server says now, if that is not what is pinned
     * @param problem why it is held or hidden, for operators
     */
    record PinnedTool(
            String upstream,
            String name,
            Json.Obj definition,
            String fingerprint,
            State state,
            Optional<Json.Obj> drift,
            Optional<String> problem) {}

    enum State {
        /** May be called. */
        IN_FORCE,
        /** New or changed: a person must approve it first. */
        HELD,
        /** Its schema or name cannot be handled safely; nobody sees it. */
        HIDDEN
    }
}
