package dev.reeve.definitions.checks;

import java.text.Normalizer;
import java.util.Locale;

/**
 * A text as a model reads it, in small plain letters: what draws nothing is left out, tag characters are the letters that they stand for,
 * compatibility forms and look-alikes are the Latin letters. Orders are looked for in it, so that they are found however they are dressed.
 */
final class Folded {
    private final StringBuilder text;
    /** Of each character, the index of the one that it came from. */
    private final int[] origin;

    private int length;

    private Folded(int longest) {
        text = new StringBuilder(longest);
        origin = new int[longest];
    }

    static Folded of(String original) {
        Folded folded = new Folded(original.length() * 2 + 64);
        for (int i = 0; i < original.length(); ) {
            int c = original.codePointAt(i);
            folded.add(c, i);
            i += Character.charCount(c);
        }
        return folded;
    }

    private void add(int c, int at) {
        if (c < 0x80) {
            put((char) Character.toLowerCase(c), at);
        } else if (c > 0xE0000 && c < 0xE0080) {
            add(c - 0xE0000, at);
        } else if (!Characters.drawsNothing(c)) {
            decomposed(c, at);
        }
    }

    private void decomposed(int c, int at) {
        String parts = Normalizer.normalize(Character.toString(Confusables.latin(c)), Normalizer.Form.NFKD)
                .toLowerCase(Locale.ROOT);
        parts.codePoints()
                .filter(part -> Character.getType(part) != Character.NON_SPACING_MARK)
                .map(Confusables::latin)
                .forEach(part -> {
                    for (char unit : Character.toChars(part)) {
                        put(unit, at);
                    }
                });
    }

    /** A ligature of eighteen letters exists: what has no room any more is left out. */
    private void put(char c, int at) {
        if (length < origin.length) {
            text.append(c);
            origin[length++] = at;
        }
    }

    String text() {
        return text.toString();
    }

    int length() {
        return length;
    }

    char at(int index) {
        return text.charAt(index);
    }

    int origin(int index) {
        return index < length ? origin[index] : length == 0 ? 0 : origin[length - 1] + 1;
    }
}
