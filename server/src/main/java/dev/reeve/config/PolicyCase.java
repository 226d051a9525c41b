package dev.reeve.config;

import dev.reeve.action.Operation;
import dev.reeve.gate.Journal.Ruling;
import dev.reeve.gate.TimedGrant;
import dev.reeve.json.Json;
import dev.reeve.policy.Place;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the policies should say of one hypothetical action.
 *
 * @param result what the server would answer, as structured content
 */
public record PolicyCase(
        String name, Place place, Given given, Operation operation, Optional<Json.Obj> result, Expected expected) {

    /**
     * Who acts, and in which situation.
     *
     * @param roles empty: those of the agent's entry in the policies
     * @param attributes beside those of the entry
     * @param grants what people gave it for a time
     */
    public record Given(
            String agent,
            Optional<List<String>> roles,
            Optional<String> owner,
            Map<String, String> attributes,
            Optional<String> user,
            Set<String> sessionRead,
            Instant time,
            boolean clockDoubtful,
            List<TimedGrant> grants) {
        /** Somebody to whom nothing was given. */
        public Given(
                String agent,
                Optional<List<String>> roles,
                Optional<String> owner,
                Map<String, String> attributes,
                Optional<String> user,
                Set<String> sessionRead,
                Instant time,
                boolean clockDoubtful) {
            this(agent, roles, owner, attributes, user, sessionRead, time, clockDoubtful, List.of());
        }

        public Given {
            grants = List.copyOf(grants);
            attributes = Map.copyOf(attributes);
            sessionRead = Set.copyOf(sessionRead);
        }
    }

    /** What is not there is not looked at. {@code reason} is a part of it. */
    public record Expected(
            Ruling verdict,
            Optional<String> rule,
            Optional<String> code,
            Optional<String> reason,
            Optional<Set<String>> treatment,
            Optional<Json.Obj> arguments,
            Optional<Json.Obj> result) {}
}
