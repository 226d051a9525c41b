package dev.reeve.guard;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** A text in base 64 (RFC 4648, either alphabet) within another text: a secret of Kubernetes, a file, a cookie. */
record Packed(int start, int end, String text, boolean url, boolean padded) {
    /** Shorter ones hold nothing that is found, and words look like them. */
    private static final int SHORTEST = 12;

    private static final byte[] VALUES = new byte[128];

    static {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        Arrays.fill(VALUES, (byte) -1);
        for (int i = 0; i < alphabet.length(); i++) {
            VALUES[alphabet.charAt(i)] = (byte) i;
        }
        VALUES['-'] = 62;
        VALUES['_'] = 63;
    }

    /** Those of a text, in order. Looks at one character of twelve where there is none. */
    static List<Packed> in(String text) {
        List<Packed> found = List.of();
        int at = 0;
        while (at + SHORTEST <= text.length()) {
            int start = begin(text, at);
            if (start != at) {
                at = start;
                continue;
            }
            int end = at + SHORTEST;
            while (end < text.length() && value(text.charAt(end)) >= 0) {
                end++;
            }
            int padding = end;
            while (padding < text.length() && padding - end < 2 && text.charAt(padding) == '=') {
                padding++;
            }
            // Of what has no need of padding, it is something else.
            int behind = (padding - at) % 4 == 0 ? padding : end;
            if (isText(text, at, end)) {
                found = found.isEmpty() ? new ArrayList<>() : found;
                found.add(of(text, at, end, behind));
            }
            at = padding;
        }
        return found;
    }

    /** Here, if so many characters from here on may be of one; else from where on that may be. */
    private static int begin(String text, int at) {
        int start = at + SHORTEST;
        while (start > at && value(text.charAt(start - 1)) >= 0) {
            start--;
        }
        return start;
    }

    /** Six bits; less than nothing for a character of neither alphabet. */
    private static int value(char c) {
        return c < 128 ? VALUES[c] : -1;
    }

    /** Whether these are the characters of one alphabet, and the bytes those of a text in UTF-8. Ends at the first that is not. */
    private static boolean isText(String text, int start, int end) {
        int bits = 0;
        int count = 0;
        int more = 0;
        boolean standard = false;
        boolean url = false;
        for (int i = start; i < end && more >= 0; i++) {
            char c = text.charAt(i);
            standard |= c == '+' || c == '/';
            url |= c == '-' || c == '_';
            bits = (bits << 6) | value(c);
            count += 6;
            if (count >= 8) {
                count -= 8;
                more = next(more, (bits >> count) & 0xff);
            }
        }
        return more == 0 && count < 6 && !(standard && url);
    }

    /**
     * One more byte of UTF-8.
     *
     * @return how many belong to the same character still; less than nothing if this is none of a text
     */
    private static int next(int more, int one) {
        if (more > 0) {
            return (one & 0xc0) == 0x80 ? more - 1 : -1;
        }
        if (one < 0x80) {
            return one >= ' ' || one == '\n' || one == '\r' || one == '\t' ? 0 : -1;
        }
        return one >= 0xc2 && one <= 0xf4 ? one >= 0xf0 ? 3 : one >= 0xe0 ? 2 : 1 : -1;
    }

    private static Packed of(String text, int start, int end, int behind) {
        String standard = text.substring(start, end).replace('-', '+').replace('_', '/');
        String meant = new String(Base64.getDecoder().decode(standard), StandardCharsets.UTF_8);
        boolean url = !text.startsWith(standard, start);
        return new Packed(start, behind, meant, url, behind > end);
    }

    /** Another text in the same form. */
    String packed(String other) {
        Base64.Encoder encoder = url ? Base64.getUrlEncoder() : Base64.getEncoder();
        boolean wasWhole = (end - start) % 4 == 0;
        return (padded || wasWhole ? encoder : encoder.withoutPadding())
                .encodeToString(other.getBytes(StandardCharsets.UTF_8));
    }
}
