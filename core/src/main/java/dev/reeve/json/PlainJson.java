package dev.reeve.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes values of JSON that is written as we write nearly all of it: compact, of ASCII without escapes, numbers whole and short. Whatever is
 * otherwise in any way is left to a strict reader, so this one accepts nothing that it would refuse, and makes the same of what it accepts.
 */
public final class PlainJson {
    private static final int NO = PlainText.NO;
    /** Longer texts are for a reader that counts what is in them. */
    private static final int MOST_BYTES = 1 << 20;

    /**
     * Short texts that came more than once: names, and what many records say. Threads share it without a lock, since what is in it never
     * changes; at worst a text is made once more.
     */
    private static final @Nullable Known[] KNOWN = new Known[1 << 11];

    /** Of the text that came last to each place and was not the one there. What comes once, as ids do, would only grow old there. */
    private static final int[] MARKS = new int[KNOWN.length];

    private static final int LONGEST_KNOWN = 24;

    private final byte[] text;
    private int at;

    private PlainJson(byte[] text) {
        this.text = text;
    }

    @SuppressWarnings("ArrayRecordComponent") // Compared by hand.
    private record Known(byte[] bytes, Json.Str text) {}

    /** The value that is the whole text; {@code null} if the strict reader has to see it. */
    public static @Nullable Json read(byte[] text) {
        if (text.length == 0 || text.length > MOST_BYTES) {
            return null;
        }
        PlainJson reader = new PlainJson(text);
        Json value = reader.value(0);
        return reader.at == text.length ? value : null;
    }

    /** Goes behind it. */
    private @Nullable Json value(int depth) {
        if (at >= text.length) {
            return null;
        }
        return switch (text[at]) {
            case '"' -> string();
            case '{' -> object(depth + 1);
            case '[' -> array(depth + 1);
            case 't' -> behind(PlainText.word(text, at, text.length, "true"), Json.Bool.TRUE);
            case 'f' -> behind(PlainText.word(text, at, text.length, "false"), Json.Bool.FALSE);
            case 'n' -> behind(PlainText.word(text, at, text.length, "null"), Json.Null.NULL);
            default -> number();
        };
    }

    private @Nullable Json behind(int end, Json value) {
        at = end;
        return end == NO ? null : value;
    }

    private @Nullable Json number() {
        int from = at;
        int end = PlainText.number(text, from, text.length);
        return end == NO ? null : behind(end, new Json.Num(made(from, end).value()));
    }

    /** Stands at its quotation mark. */
    private Json.@Nullable Str string() {
        int from = at + 1;
        int end = PlainText.string(text, from, text.length);
        if (end == NO) {
            return null;
        }
        at = end;
        return made(from, end - 1);
    }

    private Json.Str made(int from, int end) {
        return end - from <= LONGEST_KNOWN ? known(from, end) : decoded(from, end);
    }

    private Json.Str known(int from, int end) {
        int mark = PlainText.mark(text, from, end);
        int place = mark & KNOWN.length - 1;
        Known known = KNOWN[place];
        if (known != null && Arrays.equals(known.bytes(), 0, known.bytes().length, text, from, end)) {
            return known.text();
        }
        Json.Str made = decoded(from, end);
        if (MARKS[place] == mark) {
            KNOWN[place] = new Known(Arrays.copyOfRange(text, from, end), made);
        } else {
            MARKS[place] = mark;
        }
        return made;
    }

    private Json.Str decoded(int from, int end) {
        return new Json.Str(new String(text, from, end - from, StandardCharsets.ISO_8859_1));
    }

    private @Nullable Json object(int depth) {
        if (depth > PlainText.DEEPEST) {
            return null;
        }
        at++;
        if (isNext('}')) {
            return Json.Obj.EMPTY;
        }
        Json.Builder members = Json.object();
        do {
            if (!PlainText.is(text, at, text.length, '"')) {
                return null;
            }
            Json.Str name = string();
            if (name == null || !isNext(':')) {
                return null;
            }
            Json value = value(depth);
            if (value == null || !members.add(name.value(), value)) {
                return null;
            }
        } while (isNext(','));
        return isNext('}') ? members.build() : null;
    }

    private @Nullable Json array(int depth) {
        if (depth > PlainText.DEEPEST) {
            return null;
        }
        at++;
        if (isNext(']')) {
            return Json.Arr.EMPTY;
        }
        List<Json> items = new ArrayList<>(4);
        do {
            Json item = value(depth);
            if (item == null) {
                return null;
            }
            items.add(item);
        } while (isNext(','));
        return isNext(']') ? new Json.Arr(items) : null;
    }

    /** Goes behind this sign if it stands here. */
    private boolean isNext(char sign) {
        if (!PlainText.is(text, at, text.length, sign)) {
            return false;
        }
        at++;
        return true;
    }
}
