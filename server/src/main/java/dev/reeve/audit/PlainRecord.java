package dev.reeve.audit;

import dev.reeve.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a record as we write nearly all: canonical JSON (RFC 8785) of ASCII without escapes, numbers whole and short. Whatever is otherwise
 * in any way is left to the strict reader, so this one accepts nothing that it would refuse: names in rising order cannot stand twice.
 */
final class PlainRecord {
    private static final int DEEPEST = 32;
    private static final int MOST_DIGITS = 15;
    private static final int NO = -1;

    private final byte[] text;
    private final Set<String> wanted;
    private final Json.Builder found = Json.object();

    private PlainRecord(byte[] text, Set<String> wanted) {
        this.text = text;
        this.wanted = wanted;
    }

    /** The members of the outermost object that are wanted, as far as it has them; {@code null} if the strict reader has to see it. */
    static Json.@Nullable Obj members(byte[] leaf, Set<String> wanted) {
        PlainRecord record = new PlainRecord(leaf, wanted);
        boolean whole = leaf.length > 0 && leaf[0] == '{' && record.object(1, 1) == leaf.length;
        return whole ? record.found.build() : null;
    }

    /** Like all that follow: from the place behind what tells what it is to the place behind its end, or {@link #NO}. */
    private int object(int from, int depth) {
        if (depth > DEEPEST) {
            return NO;
        }
        if (is(from, '}')) {
            return from + 1;
        }
        int at = from;
        int before = 0;
        int beforeEnd = 0;
        while (is(at, '"')) {
            int name = at + 1;
            int end = string(name);
            if (end == NO || !is(end, ':') || (before > 0 && !rises(before, beforeEnd, name, end - 1))) {
                return NO;
            }
            at = member(name, end - 1, end + 1, depth);
            if (at == NO) {
                return NO;
            }
            if (is(at, '}')) {
                return at + 1;
            }
            if (!is(at, ',')) {
                return NO;
            }
            at++;
            before = name;
            beforeEnd = end - 1;
        }
        return NO;
    }

    private boolean rises(int before, int beforeEnd, int name, int nameEnd) {
        return Arrays.compare(text, before, beforeEnd, text, name, nameEnd) < 0;
    }

    private int member(int name, int nameEnd, int value, int depth) {
        int end = value(value, depth);
        if (end == NO || depth > 1) {
            return end;
        }
        String text = string(name, nameEnd);
        if (!wanted.contains(text)) {
            return end;
        }
        if (is(value, '"')) {
            found.put(text, string(value + 1, end - 1));
        } else if (this.text[value] >= '0' && this.text[value] <= '9') {
            found.put(text, new Json.Num(string(value, end)));
        } else {
            return NO;
        }
        return end;
    }

    private int array(int from, int depth) {
        if (depth > DEEPEST) {
            return NO;
        }
        if (is(from, ']')) {
            return from + 1;
        }
        int at = value(from, depth);
        while (at != NO && is(at, ',')) {
            at = value(at + 1, depth);
        }
        return at != NO && is(at, ']') ? at + 1 : NO;
    }

    private int value(int at, int depth) {
        if (at >= text.length) {
            return NO;
        }
        return switch (text[at]) {
            case '"' -> string(at + 1);
            case '{' -> object(at + 1, depth + 1);
            case '[' -> array(at + 1, depth + 1);
            case 't' -> word(at, "true");
            case 'f' -> word(at, "false");
            case 'n' -> word(at, "null");
            default -> number(at);
        };
    }

    private int string(int from) {
        for (int at = from; at < text.length; at++) {
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

    private int word(int from, String word) {
        for (int i = 0; i < word.length(); i++) {
            if (!is(from + i, word.charAt(i))) {
                return NO;
            }
        }
        return from + word.length();
    }

    private int number(int from) {
        int first = is(from, '-') ? from + 1 : from;
        int at = first;
        while (at < text.length && text[at] >= '0' && text[at] <= '9') {
            at++;
        }
        int digits = at - first;
        boolean plain = digits > 0 && digits <= MOST_DIGITS && (text[first] != '0' || at - from == 1);
        return plain ? at : NO;
    }

    private boolean is(int at, char c) {
        return at < text.length && text[at] == c;
    }

    private String string(int from, int to) {
        return new String(text, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
