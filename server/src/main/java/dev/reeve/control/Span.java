package dev.reeve.control;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of time as operators write them: {@code 90d}, {@code 12h}, {@code 30m}, {@code 45s}. */
public final class Span {
    private static final Pattern TEXT = Pattern.compile("(0|[1-9][0-9]{0,6})([smhd])");

    private Span() {}

    /** Empty if it is none. */
    public static Optional<Duration> read(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long count = Long.parseLong(matcher.group(1));
        return Optional.of(
                switch (matcher.group(2)) {
                    case "s" -> Duration.ofSeconds(count);
                    case "m" -> Duration.ofMinutes(count);
                    case "h" -> Duration.ofHours(count);
                    default -> Duration.ofDays(count);
                });
    }
}
