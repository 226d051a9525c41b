package dev.reeve.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Finds what is written about a name: exact names by their hash, patterns by the hash of what stands before their first wildcard. The hash of
 * every prefix of a name is a by-product of hashing the name ({@link String#hashCode} goes from left to right), so looking up costs one
 * pass over the name, and nothing is allocated.
 *
 * <p>All of it lies in one array of numbers: with ten thousand entries, what costs is each object that has to be fetched to find out that it
 * is not about the name.
 */
final class NameIndex<T extends NameIndex.Written> {
    /** In the place of a length: the whole name, not what it begins with. */
    private static final int WHOLE = -1;
    /** A slot: hash, length, where its entries begin, where they end. A slot without entries is free. */
    private static final int SLOT = 4;

    private final int[] slots;
    private final List<T> entries;
    private final int[] lengths;

    /** What is written about names. */
    interface Written {
        /** Which names. */
        Glob names();
    }

    private record Key(int hash, int length) {
        static Key of(Glob glob) {
            return new Key(
                    glob.prefix().hashCode(),
                    glob.isLiteral() ? WHOLE : glob.prefix().length());
        }
    }

    private NameIndex(Map<Key, List<T>> byKey) {
        int size = Integer.highestOneBit(Math.max(1, byKey.size())) * 4;
        this.slots = new int[size * SLOT];
        List<T> all = new ArrayList<>();
        byKey.forEach((key, list) -> {
            int at = start(key.hash());
            while (isTaken(at)) {
                at = next(at);
            }
            slots[at] = key.hash();
            slots[at + 1] = key.length();
            slots[at + 2] = all.size();
            all.addAll(list);
            slots[at + 3] = all.size();
        });
        this.entries = List.copyOf(all);
        this.lengths = byKey.keySet().stream()
                .mapToInt(Key::length)
                .filter(length -> length != WHOLE)
                .distinct()
                .sorted()
                .toArray();
    }

    private int start(int hash) {
        return (((hash * 0x9E3779B9) >>> 7) * SLOT) & (slots.length - 1);
    }

    private int next(int at) {
        return (at + SLOT) & (slots.length - 1);
    }

    private boolean isTaken(int at) {
        return slots[at + 2] < slots[at + 3];
    }

    /** Calls back with everything that is written about this name, in no order. */
    void find(String name, Consumer<? super T> found) {
        find(name, found, Consumer::accept);
    }

    /**
     * The same without an object for each call.
     *
     * @param context is handed to {@code found}
     */
    <C> void find(String name, C context, BiConsumer<? super C, ? super T> found) {
        walk(name, true, context, found);
    }

    /** Calls back with all that {@link #find} gives and perhaps with more, which only has the same hash: for whoever compares names himself. */
    <C> void near(String name, C context, BiConsumer<? super C, ? super T> found) {
        walk(name, false, context, found);
    }

    private <C> void walk(String name, boolean sure, C context, BiConsumer<? super C, ? super T> found) {
        if (entries.isEmpty()) {
            return;
        }
        offer(slot(name.hashCode(), WHOLE), name, sure, context, found);
        int hash = 0;
        int at = 0;
        for (int length : lengths) {
            if (length > name.length()) {
                return;
            }
            while (at < length) {
                hash = 31 * hash + name.charAt(at++);
            }
            offer(slot(hash, length), name, sure, context, found);
        }
    }

    /** Where it stands, or would stand. */
    private int slot(int hash, int length) {
        int at = start(hash);
        while (isTaken(at) && (slots[at] != hash || slots[at + 1] != length)) {
            at = next(at);
        }
        return at;
    }

    private <C> void offer(int slot, String name, boolean sure, C context, BiConsumer<? super C, ? super T> found) {
        for (int i = slots[slot + 2]; i < slots[slot + 3]; i++) {
            T entry = entries.get(i);
            if (!sure || entry.names().matches(name)) {
                found.accept(context, entry);
            }
        }
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    static <T extends Written> NameIndex<T> of(Iterable<T> entries) {
        Map<Key, List<T>> byKey = new LinkedHashMap<>();
        entries.forEach(entry -> byKey.computeIfAbsent(Key.of(entry.names()), ignored -> new ArrayList<>())
                .add(entry));
        return new NameIndex<>(byKey);
    }
}
