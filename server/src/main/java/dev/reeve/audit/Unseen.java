package dev.reeve.audit;

import java.util.Locale;
import java.util.function.IntFunction;

/**
 * Characters that a terminal obeys or does not show: control codes, directions, zero width, spaces that are none, letters that draw nothing
 * (the ignorable ones of Unicode's DerivedCoreProperties). Foreign text must not hide in them (R9).
 */
public final class Unseen {
    private Unseen() {}

    /** For people: the code point in hexadecimal, in braces. */
    static String escape(String text) {
        return escape(text, c -> "\\u{" + Integer.toHexString(c).toUpperCase(Locale.ROOT) + '}');
    }

    /** For JSON without blanks, where such characters stand in strings only. */
    static String escapeJson(String json) {
        return escape(json, c -> {
            StringBuilder escaped = new StringBuilder();
            for (char unit : Character.toChars(c)) {
                escaped.append(String.format("\\u%04x", (int) unit));
            }
            return escaped.toString();
        });
    }

    private static String escape(String text, IntFunction<String> shown) {
        if (text.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            if (is(c)) {
                out.append(shown.apply(c));
            } else {
                out.appendCodePoint(c);
            }
        });
        return out.toString();
    }

    /** Whether a code point is one of them. */
    public static boolean is(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> true;
            case Character.SPACE_SEPARATOR -> c != ' ';
            default -> drawsNothing(c);
        };
    }

    private static boolean drawsNothing(int c) {
        return c == 0x034F
                || c == 0x115F
                || c == 0x1160
                || c == 0x17B4
                || c == 0x17B5
                || (c >= 0x180B && c <= 0x180F)
                || c == 0x2800
                || c == 0x3164
                || (c >= 0xFE00 && c <= 0xFE0F)
                || c == 0xFFA0
                || (c >= 0xE0100 && c <= 0xE01EF);
    }
}
