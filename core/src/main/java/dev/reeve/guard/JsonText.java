package dev.reeve.guard;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A text that is JSON itself, one value or several with blanks between (RFC 8259; lines of JSON): what tools mostly answer in a text. Says
 * where its strings and numbers stand, so that each is read as what it means, and only what must go is written anew.
 */
final class JsonText {
    /** Deeper is read as any other text. */
    private static final int DEEPEST = 64;

    /** Escapes on escapes: with each level they double, so that more of them fit in no text. */
    private static final int MOST_NESTED = 16;

    private final String text;
    private final List<Literal> literals = new ArrayList<>();
    private int at;
    private int objects;

    private JsonText(String text) {
        this.text = text;
    }

    enum Sort {
        NAME,
        STRING,
        NUMBER
    }

    /**
     * A name, a string or a number.
     *
     * @param start with its quotes
     * @param name what its value is called; empty for a name
     * @param object which object it is a name of
     */
    record Literal(Sort sort, int start, int end, String name, int object) {
        String value(String text) {
            return sort == Sort.NUMBER ? text.substring(start, end) : Unescaped.literal(text, start + 1, end - 1);
        }
    }

    /** @param outer what the whole text is called */
    static Optional<List<Literal>> of(String outer, String text, int nested) {
        if (nested > MOST_NESTED || !looksSo(text)) {
            return Optional.empty();
        }
        JsonText json = new JsonText(text);
        return json.read(outer) ? Optional.of(json.literals) : Optional.empty();
    }

    private static boolean looksSo(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > ' ') {
                return c == '{' || c == '[' || c == '"';
            }
        }
        return false;
    }

    private boolean read(String outer) {
        blanks();
        while (at < text.length()) {
            if (!value(outer, 0)) {
                return false;
            }
            blanks();
        }
        return true;
    }

    private void blanks() {
        while (at < text.length() && text.charAt(at) <= ' ') {
            at++;
        }
    }

    private char here() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private boolean take(char wanted) {
        blanks();
        boolean there = here() == wanted;
        at += there ? 1 : 0;
        return there;
    }

    private boolean value(String name, int depth) {
        blanks();
        return switch (here()) {
            case '{' -> depth < DEEPEST && object(name, depth + 1);
            case '[' -> depth < DEEPEST && array(name, depth + 1);
            case '"' -> string(Sort.STRING, name, 0);
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            default -> number(name);
        };
    }

    private boolean object(String outer, int depth) {
        at++;
        int object = ++objects;
        String called = "";
        if (take('}')) {
            return true;
        }
        do {
            blanks();
            int begin = at;
            if (here() != '"' || !string(Sort.NAME, "", object)) {
                return false;
            }
            String name = Unescaped.literal(text, begin + 1, at - 1);
            if (!take(':')) {
                return false;
            }
            blanks();
            int from = at;
            boolean label = here() == '"' && called.isEmpty() && Names.isLabel(name);
            if (!value(Names.inner(outer, called, name), depth)) {
                return false;
            }
            if (label && Names.isShort(text.substring(from + 1, at - 1))) {
                called = Unescaped.literal(text, from + 1, at - 1);
            }
        } while (take(','));
        return take('}');
    }

    private boolean array(String name, int depth) {
        at++;
        if (take(']')) {
            return true;
        }
        do {
            if (!value(name, depth)) {
                return false;
            }
        } while (take(','));
        return take(']');
    }

    private boolean word(String word) {
        boolean there = text.startsWith(word, at);
        at += word.length();
        return there;
    }

    /** Control characters pass: many who write JSON by hand leave them in. */
    private boolean string(Sort sort, String name, int object) {
        int begin = at++;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '"') {
                literals.add(new Literal(sort, begin, ++at, name, object));
                return true;
            }
            at = c == '\\' ? Unescaped.endInJson(text, at + 1) : at + 1;
            if (at < 0) {
                return false;
            }
        }
        return false;
    }

    private boolean number(String name) {
        int begin = at;
        at += here() == '-' ? 1 : 0;
        int digits = at;
        while (isOfNumber(here())) {
            at++;
        }
        boolean there = at > digits && CharSet.DIGITS.has(text.charAt(digits));
        if (there) {
            literals.add(new Literal(Sort.NUMBER, begin, at, name, 0));
        }
        return there;
    }

    private static boolean isOfNumber(char c) {
        return CharSet.DIGITS.has(c) || c == '.' || c == 'e' || c == 'E' || c == '+' || c == '-';
    }
}
