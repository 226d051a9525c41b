package dev.reeve.guard;

/**
 * The part of a text that a scan still may look at. Places are counted from the beginning of the whole text. Nobody looks further back or
 * ahead of the place where a scan stands than {@link #REACH}, so that a text that comes in pieces is read as the whole would be.
 *
 * <p>Counts what is looked at beside the one pass, so that a test can say that it is linear.
 */
final class Window {
    /** Longest thing that is found, with its surroundings. */
    static final int REACH = 4_096;

    private char[] chars = new char[256];
    private int base;
    private int end;
    private long steps;

    void clear() {
        base = 0;
        end = 0;
    }

    void append(CharSequence text, int from, int to) {
        int size = end - base;
        int more = to - from;
        if (size + more > chars.length) {
            chars = java.util.Arrays.copyOf(chars, Math.max(size + more, chars.length * 2));
        }
        if (text instanceof String string) {
            string.getChars(from, to, chars, size);
        } else {
            for (int i = 0; i < more; i++) {
                chars[size + i] = text.charAt(from + i);
            }
        }
        end += more;
    }

    /** Forgets what lies before, if that is worth it. */
    void forget(int before) {
        int gone = before - base;
        if (gone > 4 * REACH) {
            System.arraycopy(chars, gone, chars, 0, end - before);
            base = before;
        }
    }

    int end() {
        return end;
    }

    /** NUL outside. */
    char at(int index) {
        return index >= base && index < end ? chars[index - base] : 0;
    }

    char[] chars() {
        return chars;
    }

    int base() {
        return base;
    }

    /** The end of a row of these characters, of at most {@code most}. */
    int run(CharSet set, int from, int most) {
        int limit = Math.min(end, from + most);
        int i = from;
        while (i < limit && set.has(chars[i - base])) {
            i++;
        }
        steps += i - from + 1;
        return i;
    }

    /** The beginning of a row of these characters that ends here, of at most {@code most}. */
    int runBack(CharSet set, int to, int most) {
        int limit = Math.max(base, to - most);
        int i = to;
        while (i > limit && set.has(chars[i - 1 - base])) {
            i--;
        }
        steps += to - i + 1;
        return i;
    }

    boolean has(int from, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (at(from + i) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Index of the character, or {@code to}. */
    int find(char wanted, int from, int to) {
        int limit = Math.min(to, end);
        int i = from;
        while (i < limit && chars[i - base] != wanted) {
            i++;
        }
        steps += i - from + 1;
        return i < limit ? i : to;
    }

    String text(int from, int to) {
        steps += to - from;
        return new String(chars, from - base, to - from);
    }

    long steps() {
        return steps;
    }

    boolean isDigit(int index) {
        char c = at(index);
        return c >= '0' && c <= '9';
    }

    /** A letter of any script, a digit or an underscore: what stands beside it is a part of the same word. */
    boolean isWord(int index) {
        char c = at(index);
        return c < 128 ? CharSet.WORD.has(c) : Character.isLetterOrDigit(c);
    }
}
