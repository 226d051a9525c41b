package dev.reeve.policy;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A pattern of a resource or tool name: {@code *} stands for any characters but {@code /}, {@code **} for any at all; everything else
 * for itself. Matching takes time proportional to name times pattern at worst, never more (R8).
 */
public final class Glob {
    public static final int LONGEST = 512;
    private static final char ANY = '\uE000';
    private static final char SEGMENT = '\uE001';

    private final String text;
    private final String prefix;
    private final char[] tokens;
    private final boolean literal;

    private Glob(String text, char[] tokens) {
        this.text = text;
        this.tokens = tokens;
        int wild = 0;
        while (wild < tokens.length && tokens[wild] != ANY && tokens[wild] != SEGMENT) {
            wild++;
        }
        this.prefix = new String(tokens, 0, wild);
        this.literal = wild == tokens.length;
    }

    /** @throws IllegalArgumentException if it is empty, too long, or holds a private-use character */
    public static Glob of(String text) {
        if (text.isEmpty() || text.length() > LONGEST) {
            throw new IllegalArgumentException("a pattern has 1 to " + LONGEST + " characters");
        }
        char[] tokens = new char[text.length()];
        int count = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ANY || c == SEGMENT) {
                throw new IllegalArgumentException("a pattern holds a private-use character");
            }
            if (c != '*') {
                tokens[count++] = c;
            } else if (i + 1 < text.length() && text.charAt(i + 1) == '*') {
                tokens[count++] = ANY;
                i++;
            } else {
                tokens[count++] = SEGMENT;
            }
        }
        return new Glob(text, Arrays.copyOf(tokens, count));
    }

    /** What stands before the first wildcard. */
    public String prefix() {
        return prefix;
    }

    public boolean isLiteral() {
        return literal;
    }

    public boolean matches(String name) {
        if (literal) {
            return text.equals(name);
        }
        if (!name.startsWith(prefix)) {
            return false;
        }
        if (prefix.length() == tokens.length - 1) {
            return tokens[tokens.length - 1] == ANY || name.indexOf('/', prefix.length()) < 0;
        }
        return simulate(name);
    }

    /** All states of the pattern at once, so that no name makes it go back. */
    private boolean simulate(String name) {
        boolean[] now = new boolean[tokens.length + 1];
        boolean[] next = new boolean[tokens.length + 1];
        enter(now, prefix.length());
        for (int i = prefix.length(); i < name.length(); i++) {
            step(name.charAt(i), now, next);
            boolean[] swap = now;
            now = next;
            next = swap;
            Arrays.fill(next, false);
        }
        return now[tokens.length];
    }

    private void step(char c, boolean[] now, boolean[] next) {
        for (int state = 0; state < tokens.length; state++) {
            if (!now[state]) {
                continue;
            }
            char token = tokens[state];
            if (token == ANY || (token == SEGMENT && c != '/')) {
                enter(next, state);
            } else if (token == c) {
                enter(next, state + 1);
            }
        }
    }

    /** A wildcard may also stand for nothing. */
    private void enter(boolean[] states, int state) {
        int at = state;
        states[at] = true;
        while (at < tokens.length && (tokens[at] == ANY || tokens[at] == SEGMENT)) {
            states[++at] = true;
        }
    }

    /** Whether some name that begins with {@code start} could match; may say yes too often, never no too often. */
    public boolean mayMatchBelow(String start) {
        return literal ? text.startsWith(start) : prefix.startsWith(start) || start.startsWith(prefix);
    }

    /** Whether it is one text and then anything at all. */
    boolean isAllBelow() {
        return tokens.length == prefix.length() + 1 && tokens[prefix.length()] == ANY;
    }

    /** The pattern as a machine: what stands for itself, and the two wildcards. */
    char[] tokens() {
        return tokens;
    }

    static boolean isWild(char token) {
        return token == ANY || token == SEGMENT;
    }

    static boolean takes(char token, char c) {
        return token == ANY || (token == SEGMENT ? c != '/' : token == c);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Glob glob && text.equals(glob.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
