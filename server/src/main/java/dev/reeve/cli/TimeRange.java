package dev.reeve.cli;

import dev.reeve.control.Span;
import dev.reeve.review.Review.Range;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which time a command looks at. */
final class TimeRange {
    @Option(names = "--since", paramLabel = "TIME", description = "at or after, like 2026-11-24T10:00:00Z")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "TIME", description = "before")
    private @Nullable String until;

    @Option(names = "--last", paramLabel = "SPAN", description = "not longer ago than this: 7d, 12h, 30m")
    private @Nullable String last;

    /** @throws CommandException if something of it cannot be asked for */
    Range range(Instant now) throws CommandException {
        if (since != null && last != null) {
            throw new CommandException(ExitCodes.USAGE, "--since and --last say the same thing twice");
        }
        Optional<Instant> from = last == null ? time("--since", since) : Optional.of(now.minus(span(last)));
        return new Range(from, time("--until", until));
    }

    private static Optional<Instant> time(String option, @Nullable String text) throws CommandException {
        try {
            return text == null ? Optional.empty() : Optional.of(Instant.parse(text));
        } catch (DateTimeException e) {
            throw new CommandException(ExitCodes.USAGE, option + ": a time looks like 2026-11-24T10:00:00Z");
        }
    }

    private static Duration span(String text) throws CommandException {
        return Span.read(text)
                .filter(Duration::isPositive)
                .orElseThrow(() -> new CommandException(ExitCodes.USAGE, "--last is a time like 7d, 12h, 30m or 45s"));
    }
}
