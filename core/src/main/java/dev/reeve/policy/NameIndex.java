package dev.reeve.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Finds what is written about a name: exact names by hash, patterns by the hash of what stands before their first wildcard. The hash of
 * every prefix of a name is a by-product of hashing the name ({@link String#hashCode} goes from left to right), so looking up costs one
 * pass over the name, and nothing is allocated.
 */
final class NameIndex<T> {
    private final Map<String, List<T>> exact;
    private final Bucket<T>[] table;
    private final int[] lengths;

    private record Entry<T>(Glob glob, T value) {}

    private record Bucket<T>(String prefix, List<Entry<T>> entries) {}

    private NameIndex(Map<String, List<T>> exact, Map<String, List<Entry<T>>> byPrefix) {
        this.exact = exact;
        this.table = table(byPrefix);
        this.lengths = new TreeSet<>(
                        byPrefix.keySet().stream().map(String::length).toList())
                .stream().mapToInt(Integer::intValue).toArray();
    }

    private static <T> Bucket<T>[] table(Map<String, List<Entry<T>>> byPrefix) {
        int size = Integer.highestOneBit(Math.max(1, byPrefix.size())) * 4;
        @SuppressWarnings("unchecked")
        Bucket<T>[] table = (Bucket<T>[]) new Bucket<?>[size];
        byPrefix.forEach((prefix, entries) -> {
            int at = spread(prefix.hashCode()) & (size - 1);
            while (table[at] != null) {
                at = (at + 1) & (size - 1);
            }
            table[at] = new Bucket<>(prefix, List.copyOf(entries));
        });
        return table;
    }

    private static int spread(int hash) {
        return (hash * 0x9E3779B9) >>> 7;
    }

    /** Calls back with everything that is written about this name, in no order. */
    void find(String name, Consumer<? super T> found) {
        List<T> same = exact.get(name);
        if (same != null) {
            for (int i = 0; i < same.size(); i++) {
                found.accept(same.get(i));
            }
        }
        if (lengths.length > 0) {
            findPatterns(name, found);
        }
    }

    private void findPatterns(String name, Consumer<? super T> found) {
        int hash = 0;
        int at = 0;
        for (int length : lengths) {
            if (length > name.length()) {
                return;
            }
            while (at < length) {
                hash = 31 * hash + name.charAt(at++);
            }
            bucket(name, length, hash, found);
        }
    }

    private void bucket(String name, int length, int hash, Consumer<? super T> found) {
        int at = spread(hash) & (table.length - 1);
        for (Bucket<T> bucket = table[at]; bucket != null; bucket = table[at]) {
            if (bucket.prefix().length() == length && name.startsWith(bucket.prefix())) {
                List<Entry<T>> entries = bucket.entries();
                for (int i = 0; i < entries.size(); i++) {
                    if (entries.get(i).glob().matches(name)) {
                        found.accept(entries.get(i).value());
                    }
                }
                return;
            }
            at = (at + 1) & (table.length - 1);
        }
    }

    boolean isEmpty() {
        return exact.isEmpty() && lengths.length == 0;
    }

    static <T> Builder<T> builder() {
        return new Builder<>();
    }

    /** Collects; the index itself never changes. */
    static final class Builder<T> {
        private final Map<String, List<T>> exact = new HashMap<>();
        private final Map<String, List<Entry<T>>> byPrefix = new HashMap<>();

        void add(Glob glob, T value) {
            if (glob.isLiteral()) {
                exact.computeIfAbsent(glob.toString(), ignored -> new ArrayList<>())
                        .add(value);
            } else {
                byPrefix.computeIfAbsent(glob.prefix(), ignored -> new ArrayList<>())
                        .add(new Entry<>(glob, value));
            }
        }

        NameIndex<T> build() {
            return new NameIndex<>(exact, byPrefix);
        }
    }
}
