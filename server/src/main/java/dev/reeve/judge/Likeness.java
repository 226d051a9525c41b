package dev.reeve.judge;

import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.util.Map;

/**
 * A number by which the same tool with the same arguments is known again, in whatever order and form they are written. Makes nothing, because it
 * is worked out twice for each call. Whoever wants to can find two calls with one number, so nothing but a suggestion may rest on it.
 */
final class Likeness {
    private static final long BASIS = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;
    private static final long TEXT = 1;
    private static final long NUMBER = 2;
    private static final long LIST = 3;
    private static final long OBJECT = 4;
    private static final long FALSE = 5;
    private static final long TRUE = 6;
    private static final long NULL = 7;
    /** So many digits are their own canonical form. */
    private static final int MOST_PLAIN = 15;

    private Likeness() {}

    static long of(String tool, Json.Obj arguments) {
        return mixed(text(tool, TEXT) + 31 * of(arguments));
    }

    private static long of(Json value) {
        return switch (value) {
            case Json.Str text -> text(text.value(), TEXT);
            case Json.Num number -> text(canonical(number), NUMBER);
            case Json.Arr array -> {
                long hash = LIST;
                for (Json item : array.items()) {
                    hash = mixed(hash * PRIME + of(item));
                }
                yield hash;
            }
            case Json.Obj object -> {
                long hash = OBJECT;
                for (Map.Entry<String, Json> member : object.members().entrySet()) {
                    // A sum, because members have no order.
                    hash += mixed(text(member.getKey(), OBJECT) * PRIME + of(member.getValue()));
                }
                yield mixed(hash);
            }
            case Json.Bool bool -> bool.value() ? TRUE : FALSE;
            case Json.Null ignored -> NULL;
        };
    }

    /** In the record a number stands in its canonical form. */
    private static String canonical(Json.Num number) {
        String text = number.text();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return JsonWriter.canonicalText(number);
            }
        }
        return text.length() <= MOST_PLAIN ? text : JsonWriter.canonicalText(number);
    }

    /** FNV-1a over the characters. */
    private static long text(String text, long sort) {
        long hash = BASIS ^ sort;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * PRIME;
        }
        return mixed(hash);
    }

    /** The last step of MurmurHash3, so that sums of such numbers differ. */
    private static long mixed(long hash) {
        long mixed = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }
}
