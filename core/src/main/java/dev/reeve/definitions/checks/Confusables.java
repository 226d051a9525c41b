package dev.reeve.definitions.checks;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Letters that look like Latin ones (a choice of Unicode Technical Standard 39, confusables), and names that look alike. */
final class Confusables {
    private static final Map<Integer, Character> LATIN = new HashMap<>();

    static {
        // Cyrillic, Greek, Armenian, Cherokee and a few Latin letters with no decomposition.
        put("\u0430\u03b1\u0251", 'a');
        put("\u0410\u0391\u13aa", 'A');
        put("\u0432\u0412\u0392\u13f4", 'B');
        put("\u0441\u03f2\u1d04", 'c');
        put("\u0421\u03f9\u13df", 'C');
        put("\u0501\u13e7", 'd');
        put("\u13a0", 'D');
        put("\u0435\u0454", 'e');
        put("\u0415\u0395\u13ac", 'E');
        put("\u0261\u0581", 'g');
        put("\u050c\u13c0", 'G');
        put("\u04bb\u0570", 'h');
        put("\u041d\u0397\u13bb", 'H');
        put("\u0456\u03b9\u0131\u0269", 'i');
        put("\u0406\u0399\u04c0\u13a5", 'I');
        put("\u0458\u03f3", 'j');
        put("\u0408\u13ab", 'J');
        put("\u043a\u03ba", 'k');
        put("\u041a\u039a\u13e6", 'K');
        put("\u04cf", 'l');
        put("\u13de", 'L');
        put("\u041c\u039c\u13b7", 'M');
        put("\u0578", 'n');
        put("\u039d", 'N');
        put("\u043e\u03bf\u0585\u03c3", 'o');
        put("\u041e\u039f\u0555", 'O');
        put("\u0440\u03c1", 'p');
        put("\u0420\u03a1\u13e2", 'P');
        put("\u051b", 'q');
        put("\u0433", 'r');
        put("\u0455", 's');
        put("\u0405\u13da\u054f", 'S');
        put("\u0422\u03a4\u13a2", 'T');
        put("\u057d\u03c5", 'u');
        put("\u054d", 'U');
        put("\u03bd\u0475\u1d20", 'v');
        put("\u0474\u13d9", 'V');
        put("\u051d\u0461", 'w');
        put("\u051c\u13b3", 'W');
        put("\u0445\u03c7", 'x');
        put("\u0425\u03a7", 'X');
        put("\u0443\u04af\u03b3", 'y');
        put("\u0423\u04ae\u03a5", 'Y');
        put("\u0396\u13c3", 'Z');
    }

    private Confusables() {}

    private static void put(String letters, char latin) {
        letters.codePoints().forEach(c -> LATIN.put(c, latin));
    }

    static boolean isLookAlike(int c) {
        return LATIN.containsKey(c);
    }

    /** The Latin letter that it looks like; itself if there is none. */
    static int latin(int c) {
        Character latin = LATIN.get(c);
        return latin == null ? c : latin;
    }

    /** Equal for names that differ only in capitals and separators. */
    static String plain(String name) {
        StringBuilder out = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c != '_' && c != '-' && c != '.') {
                out.append(c);
            }
        }
        return out.toString().toLowerCase(Locale.ROOT);
    }

    /** Equal for names that look alike when read quickly. */
    static String skeleton(String name) {
        // In this order: a capital I looks like a small l, a small i does not.
        return plain(name.replace('I', 'l').replace('|', 'l'))
                .replace('1', 'l')
                .replace('0', 'o')
                .replace('5', 's')
                .replace("rn", "m")
                .replace("vv", "w")
                .replace("cl", "d");
    }
}
