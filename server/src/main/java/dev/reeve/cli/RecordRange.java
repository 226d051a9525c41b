package dev.reeve.cli;

import dev.reeve.audit.EventFilter;
import dev.reeve.audit.EventQuery;
import dev.reeve.audit.EventQuery.BadQueryException;
import dev.reeve.audit.EventQuery.Part;
import dev.reeve.review.Review.Range;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which part of the record a command looks at. */
final class RecordRange {
    @Mixin
    private TimeRange time = new TimeRange();

    @Option(names = "--agent", paramLabel = "NAME", description = "of this agent")
    private @Nullable String agent;

    @Option(
            names = "--tool",
            paramLabel = "TOOL",
            description = "of this tool, with or without its upstream; * stands for anything")
    private @Nullable String tool;

    /** @throws CommandException if something of it cannot be asked for */
    EventFilter filter(Instant now) throws CommandException {
        Range range = time.range(now);
        Map<Part, String> asked = new EnumMap<>(Part.class);
        range.since().ifPresent(since -> asked.put(Part.SINCE, since.toString()));
        range.until().ifPresent(until -> asked.put(Part.UNTIL, until.toString()));
        put(asked, Part.AGENT, agent);
        put(asked, Part.TOOL, tool);
        try {
            return EventFilter.of(EventQuery.of(asked));
        } catch (BadQueryException e) {
            throw new CommandException(ExitCodes.USAGE, String.valueOf(e.getMessage()));
        }
    }

    /** From when on; empty: from the beginning. */
    Optional<Instant> since(Instant now) throws CommandException {
        return time.range(now).since();
    }

    private static void put(Map<Part, String> asked, Part part, @Nullable String value) {
        if (value != null) {
            asked.put(part, value);
        }
    }
}
