package dev.reeve.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * Finds the members of an object in one pass over its bytes, if it is written as we write nearly all: canonical JSON (RFC 8785) of ASCII
 * without escapes, numbers whole and short. Whatever is otherwise in any way is left to a strict reader, so this one accepts nothing that
 * it would refuse: names in rising order cannot stand twice.
 *
 * <p>Members are numbered as they stand there, those of an object in the object among them. To be used again, by one thread; holds the
 * text until then.
 */
public final class PlainObject {
    /** No such member. */
    public static final int NONE = -1;

    private static final int NO = PlainText.NO;
    /** Only members of the object and of the objects in it are kept. */
    private static final int KEPT_DEPTH = 2;

    private static final int NAME = 0;
    private static final int NAME_END = 1;
    private static final int VALUE = 2;
    private static final int VALUE_END = 3;
    private static final int NEXT = 4;
    private static final int PLACES = 5;

    private byte[] text = new byte[0];
    private int end;
    private int[] places = new int[PLACES * 64];
    private int size;

    /**
     * Reads what stands between these places, whole.
     *
     * @return false if the strict reader has to see it; it has no members then
     */
    public boolean read(byte[] bytes, int from, int to) {
        text = bytes;
        end = to;
        size = 0;
        boolean whole = from < to && bytes[from] == '{' && object(from + 1, 1) == to;
        if (!whole) {
            size = 0;
        }
        return whole;
    }

    /** The member of this name of the object itself, from this one on; {@link #NONE} if there is none. */
    public int find(byte[] name, int from) {
        for (int member = from; member < size; member = next(member)) {
            if (isNamed(member, name, 0, name.length)) {
                return member;
            }
        }
        return NONE;
    }

    /** What comes behind this member and what is in it: the next one of the same object, if it has one. */
    public int next(int member) {
        return place(member, NEXT);
    }

    /** The member that a member which is an object begins with; all before {@link #next} are its members. */
    public int inner(int member) {
        return member + 1;
    }

    public boolean isNamed(int member, byte[] in, int from, int to) {
        return Arrays.equals(text, place(member, NAME), place(member, NAME_END), in, from, to);
    }

    /** How many members are kept, inner ones among them; the first one of the object itself is 0. */
    public int size() {
        return size;
    }

    public String name(int member) {
        int from = place(member, NAME);
        return new String(text, from, place(member, NAME_END) - from, StandardCharsets.ISO_8859_1);
    }

    /** The first byte of the value. */
    public byte kind(int member) {
        return text[place(member, VALUE)];
    }

    public boolean isText(int member) {
        return kind(member) == '"';
    }

    /** Whether the value is a string of these bytes. */
    public boolean isText(int member, byte[] in, int from, int to) {
        return isText(member)
                && Arrays.equals(text, place(member, VALUE) + 1, place(member, VALUE_END) - 1, in, from, to);
    }

    /** The value of a member that is a string. */
    public String text(int member) {
        int from = place(member, VALUE) + 1;
        return new String(text, from, place(member, VALUE_END) - 1 - from, StandardCharsets.ISO_8859_1);
    }

    /** The value of a member that is a number. */
    public OptionalLong number(int member) {
        int at = place(member, VALUE);
        boolean negative = text[at] == '-';
        if (negative) {
            at++;
        }
        if (text[at] < '0' || text[at] > '9') {
            return OptionalLong.empty();
        }
        long number = 0;
        for (; at < place(member, VALUE_END); at++) {
            number = number * 10 + (text[at] - '0');
        }
        return OptionalLong.of(negative ? -number : number);
    }

    private int place(int member, int which) {
        return places[member * PLACES + which];
    }

    private int object(int from, int depth) {
        if (depth > PlainText.DEEPEST) {
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
            int colon = PlainText.string(text, name, end);
            if (colon == NO || !is(colon, ':') || (beforeEnd > 0 && !rises(before, beforeEnd, name, colon - 1))) {
                return NO;
            }
            at = member(name, colon, depth);
            if (at == NO || is(at, '}')) {
                return at == NO ? NO : at + 1;
            }
            if (!is(at, ',')) {
                return NO;
            }
            at++;
            before = name;
            beforeEnd = colon - 1;
        }
        return NO;
    }

    private boolean rises(int before, int beforeEnd, int name, int nameEnd) {
        int first = before < beforeEnd && name < nameEnd ? text[name] - text[before] : 0;
        return first > 0 || (first == 0 && Arrays.compare(text, before, beforeEnd, text, name, nameEnd) < 0);
    }

    private int member(int name, int colon, int depth) {
        if (depth > KEPT_DEPTH) {
            return value(colon + 1, depth);
        }
        int at = size++ * PLACES;
        if (at == places.length) {
            places = Arrays.copyOf(places, places.length * 2);
        }
        int valueEnd = value(colon + 1, depth);
        places[at + NAME] = name;
        places[at + NAME_END] = colon - 1;
        places[at + VALUE] = colon + 1;
        places[at + VALUE_END] = valueEnd;
        places[at + NEXT] = size;
        return valueEnd;
    }

    private int array(int from, int depth) {
        if (depth > PlainText.DEEPEST) {
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
        if (at >= end) {
            return NO;
        }
        return switch (text[at]) {
            case '"' -> PlainText.string(text, at + 1, end);
            case '{' -> object(at + 1, depth + 1);
            case '[' -> array(at + 1, depth + 1);
            case 't' -> PlainText.word(text, at, end, "true");
            case 'f' -> PlainText.word(text, at, end, "false");
            case 'n' -> PlainText.word(text, at, end, "null");
            default -> PlainText.number(text, at, end);
        };
    }

    private boolean is(int at, char c) {
        return PlainText.is(text, at, end, c);
    }
}
