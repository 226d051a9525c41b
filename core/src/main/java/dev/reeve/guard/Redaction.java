package dev.reeve.guard;

import java.util.List;
import java.util.function.Function;

/** Puts placeholders into a text. */
final class Redaction {
    private Redaction() {}

    static String of(String text, List<Content.Place> found, Function<Content.Place, String> instead) {
        StringBuilder out = new StringBuilder(text.length());
        int from = 0;
        for (Content.Place one : found) {
            out.append(text, from, one.start()).append(instead.apply(one));
            from = one.end();
        }
        return out.append(text, from, text.length()).toString();
    }
}
