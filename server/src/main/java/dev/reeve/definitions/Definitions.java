package dev.reeve.definitions;

import dev.reeve.action.Operation.Offer;
import dev.reeve.definitions.checks.Finding;
import dev.reeve.gate.Admissions;
import dev.reeve.json.Json;
import java.util.List;
import java.util.Optional;

/** The pinned definitions: one immutable snapshot in memory, swapped at once; the pins themselves are in the store. */
public interface Definitions extends Admissions {
    /** Every tool of a server that has a pin, whatever its state, by name. */
    List<PinnedTool> tools(String upstream);

    Optional<PinnedTool> tool(String upstream, String name);

    /** Everything of a server that has a pin: tools first, then by kind and name. */
    List<PinnedTool> all(String upstream);

    /**
     * What a caller may be shown of one entry of a list that a server has just given: the pinned bytes, if they are in force and the server
     * says the same now; otherwise nothing (R19).
     */
    Optional<Json.Obj> shown(String upstream, Offer offer, Json.Obj entry);

    /** The server's instructions to its users, if they are pinned and in force. Foreign text. */
    Optional<String> instructions(String upstream);

    /** What the server says that it can do, if that is pinned and in force. Foreign text. */
    Optional<Json.Obj> capabilities(String upstream);

    /** Runs after every change of the snapshot, with the name of the upstream. */
    void onChange(java.util.function.Consumer<String> listener);

    /**
     * Not always a tool.
     *
     * @param definition the pinned bytes' value: what callers get, whatever the server says now
     * @param drift what the server says now, if that is not what is pinned
     * @param problem why it is held or hidden, for operators
     * @param findings of the checks about the newest bytes, for operators only (R10)
     */
    record PinnedTool(
            Kind kind,
            String upstream,
            String name,
            Json.Obj definition,
            String fingerprint,
            State state,
            Optional<Json.Obj> drift,
            Optional<String> problem,
            List<Finding> findings) {
        public PinnedTool {
            findings = List.copyOf(findings);
        }

        /** Its name for people: {@code mail.send}, {@code mail.prompt:review}. */
        public String subject() {
            return upstream + "." + kind.key(name);
        }
    }

    enum State {
        /** May be called. */
        IN_FORCE,
        /** New or changed, or a check found something: a person must approve it first. */
        HELD,
        /** Its schema or name cannot be handled safely; nobody sees it. */
        HIDDEN
    }
}
