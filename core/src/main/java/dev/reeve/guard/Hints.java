package dev.reeve.guard;

import java.util.Arrays;

/** Which words stood where: before a place of the text, or in the name of the member that holds the text. */
@SuppressWarnings("EnumOrdinal") // an array for what is asked at each number of a text; the numbers leave no trace
final class Hints {
    /** How far before a number a word may stand, in characters. */
    private static final int NEAR = 48;

    private static final int NEVER = -1_000_000;

    private final int[] last = new int[Hint.values().length];
    private int named;
    private boolean any = true;
    private String secretName = "";

    /** Most texts have none: nothing is done again for them. */
    void clear() {
        if (any) {
            Arrays.fill(last, NEVER);
        }
        any = false;
        named = 0;
        secretName = "";
    }

    void seen(Hint hint, int end) {
        last[hint.ordinal()] = end;
        any = true;
    }

    void named(Hint hint) {
        named |= 1 << hint.ordinal();
    }

    void secretName(String name) {
        secretName = name;
    }

    /** The text is the value of a member that is called as secrets are: this; else empty. */
    String secretName() {
        return secretName;
    }

    boolean isNamed(Hint hint) {
        return (named & 1 << hint.ordinal()) != 0;
    }

    boolean near(Hint hint, int at) {
        return near(hint, at, NEAR);
    }

    boolean near(Hint hint, int at, int distance) {
        return isNamed(hint) || at - last[hint.ordinal()] <= distance;
    }
}
