package dev.reeve.guard;

/**
 * Texts in which escapes (of control characters, of quotes, of code units) have become the characters that they stand for.
 * Without it the {@code n} of a line's end is the first letter of the next word.
 */
final class Unescaped {
    private static final String PLAIN = "\"'/\\";
    private static final String LETTERS = "ntrbf";
    private static final String CONTROLS = "\n\t\r\b\f";

    private Unescaped() {}

    /** Whether there is anything to do. */
    static boolean isNeeded(String source) {
        return source.indexOf('\\') >= 0;
    }

    /**
     * Of a text of any sort. A row of backslashes before a letter is one escape: in what was quoted twice it is one. What is none
     * ({@code \d}) stays.
     */
    static Rewritten loosely(String source) {
        Rewritten out = new Rewritten();
        int at = 0;
        while (at < source.length()) {
            int letter = at;
            while (letter < source.length() && source.charAt(letter) == '\\') {
                letter++;
            }
            int end = letter > at ? end(source, letter) : -1;
            if (end < 0) {
                // All of them, or each would look at those behind it once more (R8).
                int next = Math.max(letter, at + 1);
                out.copy(source, at, next);
                at = next;
            } else {
                out.put(meant(source, letter), at, end);
                at = end;
            }
        }
        return out;
    }

    /** The value of a string of JSON, of which the escapes are known to be right; without its quotes. */
    static String literal(String source, int from, int to) {
        int first = source.indexOf('\\', from);
        if (first < 0 || first >= to) {
            return source.substring(from, to);
        }
        StringBuilder value = new StringBuilder(to - from).append(source, from, first);
        for (int at = first; at < to; at++) {
            if (source.charAt(at) == '\\') {
                value.append(meant(source, at + 1));
                at = end(source, at + 1) - 1;
            } else {
                value.append(source.charAt(at));
            }
        }
        return value.toString();
    }

    /** Behind the escape whose backslash stands before {@code letter}; -1 if it is none. */
    private static int end(String source, int letter) {
        if (letter >= source.length()) {
            return -1;
        }
        char c = source.charAt(letter);
        if (c == 'u' || c == 'x') {
            int end = letter + (c == 'u' ? 5 : 3);
            return isHex(source, letter + 1, end) ? end : -1;
        }
        return LETTERS.indexOf(c) >= 0 || PLAIN.indexOf(c) >= 0 ? letter + 1 : -1;
    }

    /** As {@link #end}, for what JSON knows only. */
    static int endInJson(String source, int letter) {
        boolean foreign = letter < source.length() && (source.charAt(letter) == 'x' || source.charAt(letter) == '\'');
        return foreign ? -1 : end(source, letter);
    }

    private static boolean isHex(String source, int from, int to) {
        if (to > source.length()) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (Character.digit(source.charAt(i), 16) < 0 || source.charAt(i) >= 128) {
                return false;
            }
        }
        return true;
    }

    private static char meant(String source, int letter) {
        char c = source.charAt(letter);
        if (c == 'u' || c == 'x') {
            return (char) Integer.parseInt(source, letter + 1, letter + (c == 'u' ? 5 : 3), 16);
        }
        int control = LETTERS.indexOf(c);
        return control >= 0 ? CONTROLS.charAt(control) : c;
    }
}
