package dev.reeve.definitions.checks;

import java.util.Locale;

/** Foreign text for a person to read: what is not plain ASCII is written out, so that nothing hides and nothing is obeyed (R9). */
public final class Excerpt {
    private static final int AROUND = 40;
    private static final int LONGEST = 200;

    private Excerpt() {}

    /** @param from index of the first character that matters, {@code to} of the first behind */
    static String around(String text, int from, int to) {
        int begin = Math.max(0, from - AROUND);
        int end = Math.min(text.length(), Math.min(to, from + LONGEST) + AROUND);
        String shown = ascii(text.substring(begin, end));
        String cut = shown.length() > 2 * LONGEST ? shown.substring(0, 2 * LONGEST) + "..." : shown;
        return (begin > 0 ? "..." : "") + cut + (end < text.length() ? "..." : "");
    }

    /** Every character that is not printable ASCII as <code>\\u{...}</code>; line ends and tabs as in JSON. */
    public static String ascii(String text) {
        if (text.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length() + 32);
        text.codePoints().forEach(c -> {
            if (c == '\n') {
                out.append("\\n");
            } else if (c == '\t') {
                out.append("\\t");
            } else if (c >= ' ' && c < 0x7f) {
                out.append((char) c);
            } else {
                out.append("\\u{")
                        .append(Integer.toHexString(c).toUpperCase(Locale.ROOT))
                        .append('}');
            }
        });
        return out.toString();
    }
}
