package dev.reeve.cli;

import dev.reeve.audit.EventFilter;
import dev.reeve.audit.EventQuery;
import dev.reeve.audit.EventQuery.BadQueryException;
import dev.reeve.audit.EventQuery.Part;
import dev.reeve.control.Span;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which part of the record a command looks at. */
final class RecordRange {
    @Option(names = "--since", paramLabel = "TIME", description = "at or after, like 2026-11-24T10:00:00Z")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "TIME", description = "before")
    private @Nullable String until;

    @Option(names = "--last", paramLabel = "SPAN", description = "not longer ago than this: 7d, 12h, 30m")
    private @Nullable String last;

    @Option(names = "--agent", paramLabel = "NAME", description = "of this agent")
    private @Nullable String agent;

    @Option(
            names = "--tool",
            paramLabel = "TOOL",
            description = "of this tool, with or without its upstream; * stands for anything")
    private @Nullable String tool;

    /** @throws CommandException if something of it cannot be asked for */
    EventFilter filter(Instant now) throws CommandException {
        if (since != null && last != null) {
            throw new CommandException(ExitCodes.USAGE, "--since and --last say the same thing twice");
        }
        Map<Part, String> asked = new EnumMap<>(Part.class);
        put(asked, Part.SINCE, last == null ? since : now.minus(span(last)).toString());
        put(asked, Part.UNTIL, until);
        put(asked, Part.AGENT, agent);
        put(asked, Part.TOOL, tool);
        try {
            return EventFilter.of(EventQuery.of(asked));
        } catch (BadQueryException e) {
            throw new CommandException(ExitCodes.USAGE, String.valueOf(e.getMessage()));
        }
    }

    private static void put(Map<Part, String> asked, Part part, @Nullable String value) {
        if (value != null) {
            asked.put(part, value);
        }
    }

    static Duration span(String text) throws CommandException {
        return Span.read(text)
                .filter(Duration::isPositive)
                .orElseThrow(() -> new CommandException(ExitCodes.USAGE, "--last is a time like 7d, 12h, 30m or 45s"));
    }
}
