package dev.reeve.acceptance;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Small readings of what programs print. */
final class Text {
    private Text() {}

    /** The first group of the first match. */
    static String find(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new AssertionError("`" + pattern + "` is not in:\n" + text);
        }
        return matcher.group(1);
    }

    /** A command line as a YAML list. */
    static String yaml(List<String> command) {
        return command.stream().map(word -> "\"" + word + "\"").collect(Collectors.joining(", ", "[", "]"));
    }
}
