package dev.reeve.guard;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.Map;

/**
 * Texts as whoever gets them takes them: percent-encoding (RFC 3986) and references of HTML undone, also twice; digits, spaces, hyphens and
 * ASCII in other dress as the usual ones; without what draws nothing. A value is the same one in all of these spellings.
 */
final class Decoded {
    private static final int STAYS = -1;
    private static final int GONE = -2;

    private static final int LONGEST_NAME = 14;
    private static final int LONGEST_NUMBER = 8;
    private static final Map<String, Integer> NAMES = new HashMap<>();

    static {
        String names = "commat:40 period:2E nbsp:A0 ensp:2002 emsp:2003 thinsp:2009 hyphen:2010 dash:2010 ndash:2013"
                + " mdash:2014 shy:AD numsp:2007 puncsp:2008 hairsp:200A minus:2212 ZeroWidthSpace:200B"
                + " NoBreak:2060 lrm:200E rlm:200F zwj:200D zwnj:200C lowbar:5F plus:2B sol:2F colon:3A equals:3D"
                + " quot:22 apos:27 lt:3C gt:3E";
        for (String name : names.split(" ", -1)) {
            int colon = name.indexOf(':');
            NAMES.put(name.substring(0, colon), Integer.parseInt(name.substring(colon + 1), 16));
        }
    }

    /** ASCII that such a spelling begins with. */
    private static final boolean[] BEGINS = new boolean[128];

    static {
        BEGINS['%'] = true;
        BEGINS['&'] = true;
        BEGINS['+'] = true;
    }

    private final String source;
    /** Behind what was read last. */
    private int end;

    private Decoded(String source) {
        this.source = source;
    }

    /** Whether anything is written in such a way. */
    static boolean isNeeded(String source) {
        int at = next(source, 0);
        if (at == source.length()) {
            return false;
        }
        Decoded decoded = new Decoded(source);
        while (at < source.length()) {
            if (decoded.read(at) != STAYS) {
                return true;
            }
            at = next(source, at + 1);
        }
        return false;
    }

    /** Where the next one may begin; the end if none does. */
    private static int next(String source, int from) {
        int at = from;
        while (at < source.length() && !mayBe(source.charAt(at))) {
            at++;
        }
        return at;
    }

    static Rewritten of(String source) {
        Decoded decoded = new Decoded(source);
        Rewritten out = new Rewritten();
        int copied = 0;
        int at = 0;
        while (at < source.length()) {
            int code = mayBe(source.charAt(at)) ? decoded.read(at) : STAYS;
            if (code == STAYS) {
                at++;
                continue;
            }
            out.copy(source, copied, at);
            int begin = at;
            at = decoded.end;
            // What draws nothing belongs to the character behind it.
            while (code == GONE && at < source.length()) {
                code = mayBe(source.charAt(at)) ? decoded.read(at) : STAYS;
                at = code == STAYS ? at + 1 : decoded.end;
                code = code == STAYS ? source.charAt(at - 1) : code;
            }
            if (code >= 0) {
                out.put((char) code, begin, at);
            }
            copied = at;
        }
        out.copy(source, copied, source.length());
        return out;
    }

    private static boolean mayBe(char c) {
        return c >= 128 || BEGINS[c];
    }

    /** @return the character that is meant here, {@link #GONE} or {@link #STAYS} */
    private int read(int at) {
        char c = source.charAt(at);
        return switch (c) {
            case '%' -> percent(at);
            case '&' -> reference(at + 1);
            case '+' -> plus(at);
            default -> {
                int code = source.codePointAt(at);
                end = at + Character.charCount(code);
                int usual = usual(code);
                yield usual == code ? STAYS : usual;
            }
        };
    }

    /** In a form that is sent, a space; here where it can be no other: {@code 4111+1111}. */
    private int plus(int at) {
        end = at + 1;
        return areDigits(at - 4, at) && areDigits(at + 1, at + 5) ? ' ' : STAYS;
    }

    private boolean areDigits(int from, int to) {
        if (from < 0 || to > source.length()) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (source.charAt(i) < '0' || source.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    /** An octet, or several that are a character of UTF-8. */
    private int percent(int at) {
        int first = octet(at);
        if (first < 0x80) {
            return first;
        }
        int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
        int code = first & (0x3f >> more);
        for (int i = 0; i < more; i++) {
            int next = octet(end);
            if (first < 0xc2 || first > 0xf4 || next < 0x80 || next > 0xbf) {
                return STAYS;
            }
            code = (code << 6) | (next & 0x3f);
        }
        int usual = usual(code);
        return usual < 0x10000 ? usual : STAYS;
    }

    /** {@code %40}, and the same encoded again: {@code %2540}. */
    private int octet(int at) {
        int digits = at + 1;
        if (at >= source.length() || source.charAt(at) != '%') {
            return STAYS;
        }
        while (source.startsWith("25", digits) && hex(digits + 2) >= 0 && hex(digits + 3) >= 0) {
            digits += 2;
        }
        int high = hex(digits);
        int low = hex(digits + 1);
        end = digits + 2;
        return high < 0 || low < 0 ? STAYS : (high << 4) | low;
    }

    private int hex(int at) {
        char c = at < source.length() ? source.charAt(at) : ' ';
        return c < 128 ? Character.digit(c, 16) : -1;
    }

    /** By number, decimal or hexadecimal, or by name; and the same with its ampersand as a reference again. */
    private int reference(int at) {
        int begin = at;
        while (source.startsWith("amp;", begin)) {
            begin += 4;
        }
        int code = source.startsWith("#", begin) ? numbered(begin + 1) : named(begin);
        if (code != STAYS) {
            return code;
        }
        end = begin;
        return begin > at ? '&' : STAYS;
    }

    private int numbered(int at) {
        boolean hex = source.startsWith("x", at) || source.startsWith("X", at);
        int begin = hex ? at + 1 : at;
        int from = begin;
        while (source.startsWith("0", from)) {
            from++;
        }
        int to = from;
        int code = 0;
        while (to - from < LONGEST_NUMBER && hex(to) >= 0 && (hex || hex(to) < 10)) {
            code = code * (hex ? 16 : 10) + hex(to);
            to++;
        }
        if (to == begin || code < 0 || code > Character.MAX_CODE_POINT) {
            return STAYS;
        }
        end = source.startsWith(";", to) ? to + 1 : to;
        int usual = usual(code);
        return usual < 0x10000 ? usual : STAYS;
    }

    private int named(int at) {
        int semicolon = source.indexOf(';', at, Math.min(source.length(), at + LONGEST_NAME + 1));
        Integer code = semicolon < 0 ? null : NAMES.get(source.substring(at, semicolon));
        if (code == null) {
            return STAYS;
        }
        end = semicolon + 1;
        return usual(code);
    }

    /** The same character as it is usually written; {@link #GONE} if it draws nothing; itself if it has no other form. */
    private static int usual(int code) {
        if (code < 128) {
            return code;
        }
        return switch (Character.getType(code)) {
            case Character.SPACE_SEPARATOR -> ' ';
            case Character.DASH_PUNCTUATION -> '-';
            case Character.FORMAT -> GONE;
            case Character.DECIMAL_DIGIT_NUMBER -> '0' + Character.digit(code, 10);
            case Character.NON_SPACING_MARK -> drawsNothing(code) ? GONE : code;
            default -> code == 0x2212 ? '-' : inOtherDress(code);
        };
    }

    /** Marks that only choose how the character before them is drawn. */
    private static boolean drawsNothing(int code) {
        return (code >= 0xfe00 && code <= 0xfe0f)
                || (code >= 0xe0100 && code <= 0xe01ef)
                || (code >= 0x180b && code <= 0x180f)
                || code == 0x34f;
    }

    /** Small forms, full width, and the letters of mathematics. */
    private static int inOtherDress(int code) {
        boolean dressed = (code >= 0xfe50 && code <= 0xfe6f)
                || (code >= 0xff01 && code <= 0xff5e)
                || (code >= 0x1d400 && code <= 0x1d7ff);
        String usual = dressed ? Normalizer.normalize(Character.toString(code), Normalizer.Form.NFKC) : "";
        return usual.length() == 1 && usual.charAt(0) < 128 ? usual.charAt(0) : code;
    }
}
