package dev.reeve.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The parts of JSON as we write nearly all of it: canonical (RFC 8785), of ASCII without escapes, numbers whole and short. Each method gets
 * the place behind what tells what it is, and gives the place behind its end, or {@link #NO} if it is otherwise in any way.
 */
final class PlainText {
    static final int NO = -1;
    static final int DEEPEST = 32;
    private static final int MOST_DIGITS = 15;

    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LOW = 0x0101010101010101L;
    private static final long HIGH = 0x8080808080808080L;
    private static final long QUOTE = LOW * '"';
    private static final long BACKSLASH = LOW * '\\';
    private static final long SPACE = LOW * ' ';

    private PlainText() {}

    static boolean is(byte[] text, int at, int end, char c) {
        return at < end && text[at] == c;
    }

    /** Eight bytes at once; what is found first decides. */
    static int string(byte[] text, int from, int end) {
        int at = from;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            long found = special((long) WORDS.get(text, at));
            if (found != 0) {
                int first = at + (Long.numberOfTrailingZeros(found) >>> 3);
                return text[first] == '"' ? first + 1 : NO;
            }
        }
        for (; at < end; at++) {
            byte c = text[at];
            if (c == '"') {
                return at + 1;
            }
            if (c < ' ' || c == '\\') { // bytes of other scripts are negative
                return NO;
            }
        }
        return NO;
    }

    /**
     * The highest bit of each byte that is no plain character. A borrow may mark a byte wrongly, but only above one that is marked rightly
     * (Warren, Hacker's Delight, 6-1).
     */
    private static long special(long word) {
        long quotes = word ^ QUOTE;
        long backslashes = word ^ BACKSLASH;
        long zeros = ((quotes - LOW) & ~quotes) | ((backslashes - LOW) & ~backslashes) | ((word - SPACE) & ~word);
        return (zeros | word) & HIGH;
    }

    /** A number for these bytes that tells few of them from few others: of their length, the first eight and the last eight. */
    static int mark(byte[] text, int from, int end) {
        int length = end - from;
        long first;
        long last;
        if (length >= Long.BYTES) {
            first = (long) WORDS.get(text, from);
            last = (long) WORDS.get(text, end - Long.BYTES);
        } else {
            first = 0;
            for (int at = from; at < end; at++) {
                first = first << 8 | text[at];
            }
            last = first;
        }
        long mixed = (first * 31 + last + length) * 0x9e3779b97f4a7c15L;
        return (int) (mixed >>> 32);
    }

    /** @param from where it begins: nothing stands before a number */
    static int number(byte[] text, int from, int end) {
        int first = is(text, from, end, '-') ? from + 1 : from;
        int at = first;
        while (at < end && text[at] >= '0' && text[at] <= '9') {
            at++;
        }
        int digits = at - first;
        // A number of one digit may be 0, but not -0.
        boolean plain = digits > 0 && digits <= MOST_DIGITS && (text[first] != '0' || at - from == 1);
        return plain ? at : NO;
    }

    /** @param from where it begins */
    static int word(byte[] text, int from, int end, String word) {
        if (end - from < word.length()) {
            return NO;
        }
        for (int i = 0; i < word.length(); i++) {
            if (text[from + i] != word.charAt(i)) {
                return NO;
            }
        }
        return from + word.length();
    }
}
