package dev.reeve.guard;

import java.util.List;
import java.util.function.Function;

/** Puts placeholders into a text. */
final class Redaction {
    private Redaction() {}

    /** A text that is JSON itself stays JSON: a number that goes gets quotes. */
    static String of(String text, List<Found> found, Function<Found, String> instead) {
        boolean json = isJson(text);
        StringBuilder out = new StringBuilder(text.length());
        int from = 0;
        for (Found one : found) {
            out.append(text, from, one.start());
            boolean bare = json && isBare(text, one);
            out.append(bare ? "\"" : "").append(instead.apply(one)).append(bare ? "\"" : "");
            from = one.end();
        }
        return out.append(text, from, text.length()).toString();
    }

    private static boolean isJson(String text) {
        int first = skip(text, 0, 1);
        return first < text.length() && (text.charAt(first) == '{' || text.charAt(first) == '[');
    }

    private static boolean isBare(String text, Found one) {
        int before = skip(text, one.start() - 1, -1);
        int after = skip(text, one.end(), 1);
        return before >= 0
                && after < text.length()
                && ":,[".indexOf(text.charAt(before)) >= 0
                && ",]}".indexOf(text.charAt(after)) >= 0
                && CharSet.DIGITS.has(text.charAt(one.start()));
    }

    private static int skip(String text, int from, int step) {
        int at = from;
        while (at >= 0 && at < text.length() && text.charAt(at) <= ' ') {
            at += step;
        }
        return at;
    }
}
