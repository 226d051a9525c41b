package dev.reeve.policy;

import dev.reeve.gate.Hours;
import dev.reeve.policy.PolicySource.Target;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code guardrails: - ...}: what holds whatever roles and rules allow. Deterministic, without override, and never in shadow: it can only
 * narrow.
 */
public sealed interface Guardrail {
    Common common();

    /** Everything that it does, without where it stands, what it is called and what it tells. */
    Object what();

    default Place place() {
        return common().place();
    }

    /** What messages call it after its place. */
    default String field() {
        return common().name().startsWith(place().toString()) ? "guardrails" : "guardrails." + common().name();
    }

    /**
     * @param name made from file and line where none is written
     * @param on empty: everything
     */
    record Common(String name, Optional<Target> on, String reason, boolean tellAgent, Place place) {}

    /**
     * What may not be in arguments or results, and what is done if it is.
     *
     * @param find names of kinds, or of groups of them
     * @param by who may approve what is held, or turn tokens back
     * @param tokens how long what is taken out can be turned back; empty: it cannot
     */
    record Content(
            Common common, List<String> find, Where in, Response response, List<String> by, Optional<Duration> tokens)
            implements Guardrail {
        public Content {
            find = List.copyOf(find);
            by = List.copyOf(by);
        }

        /** What is taken out cannot be turned back. */
        public Content(Common common, List<String> find, Where in, Response response, List<String> by) {
            this(common, find, in, response, by, Optional.empty());
        }

        @Override
        public Object what() {
            return List.of(common.on(), Set.copyOf(find), in, response, Set.copyOf(by), tokens);
        }
    }

    /**
     * Where data of a class may go: what takes arguments once such data was read, or that has some in its arguments, must be on places that are
     * named.
     *
     * @param data tags of the catalogue, kinds or classes
     * @param places resources, or forms
     * @param keepingOnly only places that keep what they get: where something is written or done, not only read
     */
    record Flow(Common common, List<String> data, List<String> places, boolean keepingOnly) implements Guardrail {
        public Flow {
            data = List.copyOf(data);
            places = List.copyOf(places);
        }

        @Override
        public Object what() {
            return List.of(common.on(), Set.copyOf(data), Set.copyOf(places), keepingOnly);
        }
    }

    /**
     * What is never done, or not outside of certain hours.
     *
     * @param hours when it may be done; empty: never
     */
    record Prohibition(Common common, Optional<Hours> hours) implements Guardrail {
        @Override
        public Object what() {
            return List.of(common.on(), hours);
        }
    }

    enum Where {
        ARGUMENTS,
        RESULT,
        BOTH;

        boolean arguments() {
            return this != RESULT;
        }

        boolean result() {
            return this != ARGUMENTS;
        }
    }

    enum Response {
        DENY,
        REDACT,
        HOLD,
        WARN
    }
}
