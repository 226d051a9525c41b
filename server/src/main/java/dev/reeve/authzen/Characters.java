package dev.reeve.authzen;

import java.util.function.IntPredicate;

/** Forms of short texts that stand in every question: one pass, where a pattern would make a matcher of each. */
final class Characters {
    private Characters() {}

    /** Whether it has 1 to {@code longest} characters, all of these. */
    static boolean isText(String text, int longest, IntPredicate allowed) {
        if (text.isEmpty() || text.length() > longest) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (!allowed.test(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** Of ASCII. */
    static boolean isLetter(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    /** Of ASCII. */
    static boolean isLetterOrDigit(int c) {
        return isLetter(c) || (c >= '0' && c <= '9');
    }
}
