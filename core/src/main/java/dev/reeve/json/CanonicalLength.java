package dev.reeve.json;

import java.util.Map;

/** How many bytes the canonical form of a value has (RFC 8785, in UTF-8), without writing it: as {@link JsonWriter#canonical} would. */
public final class CanonicalLength {
    private static final int SHORT_ESCAPE = 2;
    private static final int LONG_ESCAPE = 6;

    private CanonicalLength() {}

    public static long of(Json value) {
        return switch (value) {
            case Json.Obj object -> object(object);
            case Json.Arr array -> array(array);
            case Json.Str string -> string(string.value());
            case Json.Num number -> number.isPlain() ? number.text().length() : JsonWriter.canonical(number).length;
            case Json.Bool bool -> bool.value() ? 4 : 5;
            case Json.Null ignored -> 4;
        };
    }

    private static long object(Json.Obj object) {
        long length = 2L + Math.max(0, object.members().size() - 1);
        for (Map.Entry<String, Json> member : object.members().entrySet()) {
            length += string(member.getKey()) + 1 + of(member.getValue());
        }
        return length;
    }

    private static long array(Json.Arr array) {
        long length = 2L + Math.max(0, array.items().size() - 1);
        for (Json item : array.items()) {
            length += of(item);
        }
        return length;
    }

    private static long string(String text) {
        long length = 2;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 128) {
                length += ascii(c);
            } else if (c < 0x800) {
                length += 2;
            } else if (!Character.isSurrogate(c)) {
                length += 3;
            } else if (isPair(text, i)) {
                length += 4;
                i++;
            } else {
                // Half of a pair is written as one question mark.
                length++;
            }
        }
        return length;
    }

    private static boolean isPair(String text, int at) {
        return Character.isHighSurrogate(text.charAt(at))
                && at + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(at + 1));
    }

    private static int ascii(char c) {
        return switch (c) {
            case '"', '\\', '\b', '\f', '\n', '\r', '\t' -> SHORT_ESCAPE;
            default -> c < ' ' ? LONG_ESCAPE : 1;
        };
    }
}
