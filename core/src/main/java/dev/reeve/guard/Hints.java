package dev.reeve.guard;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Which words stood where: before a place of the text, or in the name of the member that holds the text. */
final class Hints {
    /** How far before a number a word may stand, in characters. */
    private static final int NEAR = 48;

    private static final int NEVER = -1_000_000;

    private final Map<Hint, Integer> last = new EnumMap<>(Hint.class);
    private final Set<Hint> named = EnumSet.noneOf(Hint.class);
    private boolean secretName;

    void clear() {
        last.clear();
        named.clear();
        secretName = false;
    }

    void seen(Hint hint, int end) {
        last.put(hint, end);
    }

    void named(Hint hint) {
        named.add(hint);
    }

    void secretName() {
        secretName = true;
    }

    /** The text is the value of a member that is called as secrets are. */
    boolean isSecretName() {
        return secretName;
    }

    boolean isNamed(Hint hint) {
        return named.contains(hint);
    }

    boolean near(Hint hint, int at) {
        return near(hint, at, NEAR);
    }

    boolean near(Hint hint, int at, int distance) {
        return isNamed(hint) || at - last.getOrDefault(hint, NEVER) <= distance;
    }
}
