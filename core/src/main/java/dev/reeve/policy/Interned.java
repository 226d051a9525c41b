package dev.reeve.policy;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;

/** Texts as small numbers, from 0 on: one step into a table and one comparison. */
final class Interned {
    static final int UNKNOWN = -1;

    private final List<String> texts;
    /** Two numbers for each place: the hash of a text, and its number plus one; 0 where the place is free. */
    private final int[] slots;

    Interned(Collection<String> all) {
        this.texts = List.copyOf(new LinkedHashSet<>(all));
        this.slots = new int[Integer.highestOneBit(Math.max(1, texts.size())) * 8];
        for (int number = 0; number < texts.size(); number++) {
            int hash = texts.get(number).hashCode();
            int at = start(hash);
            while (slots[at + 1] != 0) {
                at = next(at);
            }
            slots[at] = hash;
            slots[at + 1] = number + 1;
        }
    }

    private int start(int hash) {
        return (((hash * 0x9E3779B9) >>> 7) * 2) & (slots.length - 1);
    }

    private int next(int at) {
        return (at + 2) & (slots.length - 1);
    }

    int size() {
        return texts.size();
    }

    /** {@link #UNKNOWN} if there is no such text. */
    int number(String text) {
        int hash = text.hashCode();
        for (int at = start(hash); slots[at + 1] != 0; at = next(at)) {
            if (slots[at] == hash && texts.get(slots[at + 1] - 1).equals(text)) {
                return slots[at + 1] - 1;
            }
        }
        return UNKNOWN;
    }
}
