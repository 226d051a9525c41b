package dev.reeve.audit;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a search asks for, checked; every part must hold. */
public final class EventQuery {
    /** Everything. */
    public static final EventQuery ALL = new EventQuery(new EnumMap<>(Part.class), Optional.empty(), Optional.empty());

    /** Longest value of a part, in characters. */
    public static final int LONGEST = 500;

    private static final List<String> KINDS = List.of("action", "control", "summary");

    private final EnumMap<Part, String> parts;
    private final Optional<Instant> since;
    private final Optional<Instant> until;

    /** What may be asked for. */
    public enum Part {
        AGENT,
        USER,
        SESSION,
        TOOL,
        UPSTREAM,
        RESOURCE,
        STATUS,
        KIND,
        PERSON,
        RULE,
        SINCE,
        UNTIL,
        TEXT;

        /** As options, parameters and files call it. */
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A part that cannot be asked for like this. */
    public static final class BadQueryException extends Exception {
        private static final long serialVersionUID = 1L;

        BadQueryException(String message) {
            super(message);
        }
    }

    private EventQuery(EnumMap<Part, String> parts, Optional<Instant> since, Optional<Instant> until) {
        this.parts = parts;
        this.since = since;
        this.until = until;
    }

    /** @throws BadQueryException with what is wrong, for whoever asks */
    public static EventQuery of(Map<Part, String> asked) throws BadQueryException {
        EnumMap<Part, String> parts = new EnumMap<>(Part.class);
        for (Map.Entry<Part, String> one : asked.entrySet()) {
            check(one.getKey(), one.getValue());
            parts.put(one.getKey(), one.getValue());
        }
        return new EventQuery(parts, time(parts, Part.SINCE), time(parts, Part.UNTIL));
    }

    private static void check(Part part, String value) throws BadQueryException {
        if (value.isEmpty() || value.length() > LONGEST) {
            throw new BadQueryException("`" + part.wire() + "` has 1 to " + LONGEST + " characters");
        }
        switch (part) {
            case STATUS -> oneOf(part, value, EventText.STATUSES);
            case KIND -> oneOf(part, value, KINDS);
            case TEXT -> {
                if (Phrase.of(value).isEmpty()) {
                    throw new BadQueryException("`text` has 1 to 64 words, of letters and digits");
                }
            }
            case AGENT, USER, SESSION, TOOL, UPSTREAM, RESOURCE, PERSON, RULE, SINCE, UNTIL -> {}
        }
    }

    private static void oneOf(Part part, String value, List<String> known) throws BadQueryException {
        if (!known.contains(value)) {
            throw new BadQueryException(
                    "there is no " + part.wire() + " `" + value + "`; there are " + String.join(", ", known));
        }
    }

    private static Optional<Instant> time(Map<Part, String> parts, Part part) throws BadQueryException {
        try {
            return Optional.ofNullable(parts.get(part)).map(Instant::parse);
        } catch (DateTimeException e) {
            throw new BadQueryException("`" + part.wire() + "`: a time looks like 2026-11-24T10:00:00Z");
        }
    }

    public Optional<String> get(Part part) {
        return Optional.ofNullable(parts.get(part));
    }

    /** In the order in which they are declared. */
    public Map<Part, String> parts() {
        return Map.copyOf(parts);
    }

    public Optional<Instant> since() {
        return since;
    }

    public Optional<Instant> until() {
        return until;
    }

    public Optional<Phrase> text() {
        return get(Part.TEXT).flatMap(Phrase::of);
    }

    /** As a record of a reading tells it. */
    @Override
    public String toString() {
        return parts.toString();
    }
}
