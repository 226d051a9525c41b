package dev.reeve.guard;

import java.util.List;
import java.util.Locale;

/** Whether a text was drawn by lot, or stands there for one that was. */
final class Guesses {
    private static final List<String> MADE_UP = List.of(
            "example",
            "xxxx",
            "****",
            "your",
            "placeholder",
            "redacted",
            "dummy",
            "changeme",
            "....",
            "abcdefghij",
            "1234567890",
            "0000000",
            "insert",
            "replace",
            "<",
            "${",
            "{{",
            "sample",
            "fake");

    private Guesses() {}

    static boolean isRandom(String body) {
        int letters = body.length();
        double least = letters >= 30 ? 3.0 : letters >= 16 ? 2.75 : 2.25;
        return !isMadeUp(body) && Checksums.entropy(body) >= least;
    }

    static boolean isMadeUp(String text) {
        String small = text.toLowerCase(Locale.ROOT);
        return MADE_UP.stream().anyMatch(small::contains);
    }

    /** What somebody could have chosen as a password, and not what a program calls one. */
    static boolean isPassword(String text) {
        int length = text.length();
        if (length < 8 || length > 128 || isMadeUp(text) || isCode(text)) {
            return false;
        }
        int kinds = kinds(text);
        return kinds >= 3 || (kinds == 2 && length >= 12 && hasDigit(text) && Checksums.entropy(text) >= 3.0);
    }

    /** A token: long, without blanks, of letters and digits, of which no word is made. */
    static boolean isToken(String text) {
        int length = text.length();
        return length >= 20
                && length <= 512
                && !isMadeUp(text)
                && !isCode(text)
                && hasDigit(text)
                && kinds(text) >= 2
                && isPacked(text)
                && Checksums.entropy(text) >= (isHex(text) ? 3.0 : 3.7);
    }

    private static boolean isPacked(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!CharSet.PACKED.has(c) && c != '.' && c != '~' && c != ':') {
                return false;
            }
        }
        return true;
    }

    private static boolean isHex(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!CharSet.HEX.has(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isCode(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || "()[]{}<>\"'`\\".indexOf(c) >= 0) {
                return true;
            }
        }
        return text.contains("://") || text.charAt(0) == '/' || text.charAt(0) == '.' || isPath(text);
    }

    /** {@code config.password1}, {@code auth::token}. */
    private static boolean isPath(String text) {
        int dot = text.indexOf('.');
        boolean names = dot > 0
                && dot < text.length() - 1
                && text.chars().allMatch(c -> c == '.' || CharSet.WORD.has((char) c));
        return (names && text.length() < 32 && !hasDigit(text)) || text.contains("::");
    }

    private static boolean hasDigit(String text) {
        return text.chars().anyMatch(c -> c >= '0' && c <= '9');
    }

    private static int kinds(String text) {
        int seen = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            seen |= c >= 'a' && c <= 'z' ? 1 : c >= 'A' && c <= 'Z' ? 2 : c >= '0' && c <= '9' ? 4 : 8;
        }
        return Integer.bitCount(seen);
    }
}
