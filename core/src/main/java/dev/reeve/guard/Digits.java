package dev.reeve.guard;

/** A row of digits in groups, with one separator between two of them: {@code 4111 1111 1111 1111}, {@code 123-45-6789}. */
final class Digits {
    private static final int MOST_GROUPS = 24;
    private static final int LONGEST = 40;

    private final Window window;
    private final int[] starts = new int[MOST_GROUPS];
    private final int[] ends = new int[MOST_GROUPS];
    private int groups;

    Digits(Window window) {
        this.window = window;
    }

    /** @return the index behind the row; a group that is too long is no number of anything */
    int read(int from) {
        groups = 0;
        int at = from;
        while (groups < MOST_GROUPS) {
            int end = window.run(CharSet.DIGITS, at, Window.REACH / 2);
            if (end - at > LONGEST) {
                groups = 0;
                return end;
            }
            starts[groups] = at;
            ends[groups++] = end;
            if (!isSeparator(window.at(end)) || !window.isDigit(end + 1)) {
                return end;
            }
            at = end + 1;
        }
        return ends[groups - 1];
    }

    private static boolean isSeparator(char c) {
        return c == ' ' || c == '-' || c == '.' || c == '/' || c == '\u00a0';
    }

    int groups() {
        return groups;
    }

    int start(int group) {
        return starts[group];
    }

    int end(int group) {
        return ends[group];
    }

    int length(int group) {
        return group < groups ? ends[group] - starts[group] : 0;
    }

    /** Whether groups of these lengths begin here, with this character between them all; NUL: with any. */
    boolean shape(int group, char separator, int... lengths) {
        return begins(group, separator, lengths) && isAlone(group, group + lengths.length - 1);
    }

    /** The same, whatever stands before and behind. */
    boolean begins(int group, char separator, int... lengths) {
        for (int i = 0; i < lengths.length; i++) {
            if (length(group + i) != lengths[i] || (i > 0 && separator != 0 && before(group + i) != separator)) {
                return false;
            }
        }
        return true;
    }

    char before(int group) {
        return window.at(starts[group] - 1);
    }

    String text(int first, int last) {
        StringBuilder digits = new StringBuilder();
        for (int group = first; group <= last; group++) {
            for (int i = starts[group]; i < ends[group]; i++) {
                digits.append(window.at(i));
            }
        }
        return digits.toString();
    }

    /** No part of a longer word, number or path. */
    boolean isAlone(int first, int last) {
        int start = starts[first];
        int end = ends[last];
        return !window.isWord(start - 1)
                && !window.isWord(end)
                && !(joins(window.at(start - 1)) && window.isWord(start - 2))
                && !(joins(window.at(end)) && window.isWord(end + 1));
    }

    private static boolean joins(char c) {
        return c == '-' || c == '.' || c == '/';
    }
}
