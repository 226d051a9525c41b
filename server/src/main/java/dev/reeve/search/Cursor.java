package dev.reeve.search;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the next page goes on.
 *
 * @param end how many records there were at the first page: all pages show that moment
 * @param before the next page has what was finished before this one
 */
public record Cursor(long end, long before) {
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,18})-([0-9]{1,18})");

    /** Empty if it is none of ours. */
    public static Optional<Cursor> of(String text) {
        Matcher parts = TEXT.matcher(text);
        return parts.matches()
                ? Optional.of(new Cursor(Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2))))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return end + "-" + before;
    }
}
