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
 * @param answer what the server would answer: a result of MCP
 */
public record PolicyCase(
        String name, Place place, Given given, Operation operation, Optional<Json.Obj> answer, Expected expected) {

    /**
     * Who acts, and in which situation.
     *
     * @param roles empty: those of the agent's entry in the policies
     * @param attributes beside those of the entry
     * @param grants what people gave it for a time
     * @param used what was used up of limits just before, by their names, as limits are written
     * @param opinions what judges say, by their names: {@code low}, {@code medium}, {@code high}, or {@code down}
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
            List<TimedGrant> grants,
            Map<String, String> used,
            Map<String, String> opinions) {
        /** Somebody who has used up nothing, and of whom no judge says anything. */
        public Given(
                String agent,
                Optional<List<String>> roles,
                Optional<String> owner,
                Map<String, String> attributes,
                Optional<String> user,
                Set<String> sessionRead,
                Instant time,
                boolean clockDoubtful,
                List<TimedGrant> grants) {
            this(agent, roles, owner, attributes, user, sessionRead, time, clockDoubtful, grants, Map.of(), Map.of());
        }

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
            used = Map.copyOf(used);
            opinions = Map.copyOf(opinions);
        }

        public Given using(Map<String, String> amounts) {
            return new Given(
                    agent, roles, owner, attributes, user, sessionRead, time, clockDoubtful, grants, amounts, opinions);
        }
    }

    /**
     * What is not there is not looked at. {@code reason} is a part of it.
     *
     * @param warned the rules that warn before it runs
     */
    public record Expected(
            Ruling verdict,
            Optional<String> rule,
            Optional<String> code,
            Optional<String> reason,
            Optional<Set<String>> treatment,
            Optional<Set<String>> warned,
            Optional<Json.Obj> arguments,
            Left left) {}

    /**
     * What should be left of the answer. Where it is withheld, rule, code and reason are those of that.
     *
     * @param found a part of what is said of it
     * @param result the structured content
     * @param text the text, block after block
     */
    public record Left(
            Optional<Outcome> outcome, Optional<String> found, Optional<Json.Obj> result, Optional<String> text) {
        public boolean isAsked() {
            return outcome.isPresent() || found.isPresent() || result.isPresent() || text.isPresent();
        }
    }

    /** What guardrails and limits make of an answer, in the words of the record. */
    public enum Outcome {
        UNCHANGED,
        /** Something was found in it, and it goes out. */
        NOTED,
        CHANGED,
        WITHHELD
    }
}
