package dev.reeve.policy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A pattern of a resource or tool name: {@code *} stands for any characters but {@code /}, and in a pattern of URLs but {@code ?} too, so that
 * it never looks into a query; {@code **} for any at all; everything else for itself. Matching takes time proportional to name times pattern at worst, never more (R8).
 */
public final class Glob {
    public static final int LONGEST = 512;
    private static final String MAIL = "mail:";
    private static final String HOST = "host:";
    private static final String DATABASE = "db:";

    private static final char ANY = '\uE000';
    private static final char SEGMENT = '\uE001';
    private static final char URL_SEGMENT = '\uE002';

    private final String text;
    private final String prefix;
    private final char[] tokens;
    private final boolean literal;
    /** Whether it is not about a server's file by the name that this has at its server. */
    private final boolean shy;

    private Glob(String text, char[] tokens, boolean shy) {
        this.text = text;
        this.tokens = tokens;
        this.shy = shy;
        int wild = 0;
        while (wild < tokens.length && !isWild(tokens[wild])) {
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
        String one = small(text);
        return new Glob(one, tokens(one), false);
    }

    /** Addresses, hosts, tables and columns are named in small letters. What a database is called, its file says. */
    static String small(String text) {
        if (text.startsWith(MAIL) || text.startsWith(HOST)) {
            return text.toLowerCase(Locale.ROOT);
        }
        int table = text.startsWith(DATABASE) ? text.lastIndexOf('/') : -1;
        return table < 0
                ? text
                : text.substring(0, table) + text.substring(table).toLowerCase(Locale.ROOT);
    }

    /**
     * A pattern of what allows, or takes out of what forbids: it is about a server's file by the name that this has at its server only where it
     * spells that, as {@code mcp:SERVER/file:///srv/**} does. {@code mcp:SERVER/**} allows no file.
     *
     * @throws IllegalArgumentException as {@link #of}
     */
    public static Glob allowing(String text) {
        Glob glob = of(text);
        boolean shy = !glob.literal && glob.mayMatchBelow("mcp:") && !ServerFiles.isName(glob.text);
        return shy ? new Glob(glob.text, glob.tokens, true) : glob;
    }

    /** Whether it is about no server's file by the name that this has at its server. */
    public boolean isShy() {
        return shy;
    }

    /** The same as a pattern of what forbids. */
    Glob plain() {
        return shy ? new Glob(text, tokens, false) : this;
    }

    private static char[] tokens(String text) {
        char segment = text.startsWith("url:") ? URL_SEGMENT : SEGMENT;
        char[] tokens = new char[text.length()];
        int count = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isWild(c)) {
                throw new IllegalArgumentException("a pattern holds a private-use character");
            }
            if (c != '*') {
                tokens[count++] = c;
            } else if (i + 1 < text.length() && text.charAt(i + 1) == '*') {
                tokens[count++] = ANY;
                i++;
            } else {
                tokens[count++] = segment;
            }
        }
        return Arrays.copyOf(tokens, count);
    }

    /** What stands before the first wildcard. */
    public String prefix() {
        return prefix;
    }

    /** The same with this text, which is a pattern, behind it; as long as it may get. */
    Glob then(String end) {
        return new Glob(text + end, tokens(text + end), shy);
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
        boolean matches =
                prefix.length() == tokens.length - 1 ? endsAlike(tokens[tokens.length - 1], name) : simulate(name);
        return matches && !(shy && ServerFiles.isName(name));
    }

    private boolean endsAlike(char last, String name) {
        return last == ANY
                || (name.indexOf('/', prefix.length()) < 0
                        && (last == SEGMENT || name.indexOf('?', prefix.length()) < 0));
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
            if (takes(tokens[state], c)) {
                enter(next, isWild(tokens[state]) ? state : state + 1);
            }
        }
    }

    /** A wildcard may also stand for nothing. */
    private void enter(boolean[] states, int state) {
        int at = state;
        states[at] = true;
        while (at < tokens.length && isWild(tokens[at])) {
            states[++at] = true;
        }
    }

    /** Whether some name that begins with {@code start} could match; may say yes too often, never no too often. */
    public boolean mayMatchBelow(String start) {
        return literal ? text.startsWith(start) : prefix.startsWith(start) || start.startsWith(prefix);
    }

    /** Patterns, perhaps empty ones, that together match what stands behind this text in the names that this matches. */
    public List<String> after(String start) {
        boolean[] now = new boolean[tokens.length + 1];
        enter(now, 0);
        for (int i = 0; i < start.length(); i++) {
            boolean[] next = new boolean[tokens.length + 1];
            step(start.charAt(i), now, next);
            now = next;
        }
        List<String> rests = new ArrayList<>();
        for (int state = 0; state < now.length; state++) {
            // A wildcard may also stand for nothing, so what stands behind it says nothing more.
            boolean said = state > 0 && now[state - 1] && isWild(tokens[state - 1]);
            if (now[state] && !said) {
                rests.add(text(state));
            }
        }
        return rests;
    }

    private String text(int from) {
        StringBuilder rest = new StringBuilder();
        for (int i = from; i < tokens.length; i++) {
            rest.append(isWild(tokens[i]) ? (tokens[i] == ANY ? "**" : "*") : String.valueOf(tokens[i]));
        }
        return rest.toString();
    }

    /** Whether it is one text and then anything at all. */
    boolean isAllBelow() {
        return !shy && tokens.length == prefix.length() + 1 && tokens[prefix.length()] == ANY;
    }

    /** The pattern as a machine: what stands for itself, and the two wildcards. */
    char[] tokens() {
        return tokens;
    }

    static boolean isWild(char token) {
        return token >= ANY && token <= URL_SEGMENT;
    }

    static boolean takes(char token, char c) {
        return switch (token) {
            case ANY -> true;
            case SEGMENT -> c != '/';
            case URL_SEGMENT -> c != '/' && c != '?';
            default -> token == c;
        };
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Glob glob && text.equals(glob.text) && shy == glob.shy;
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
