package dev.reeve.policy;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The words for what is done, as bits. {@code read} covers {@code query}; {@code write} covers create, update and delete. */
public final class Verbs {
    static final List<String> USUAL = List.of("read", "query", "write", "create", "update", "delete", "execute");
    private static final Map<String, Set<String>> COVERS =
            Map.of("read", Set.of("query"), "write", Set.of("create", "update", "delete"));
    private static final int MOST = 64;

    private final Map<String, Integer> bits;

    private Verbs(Map<String, Integer> bits) {
        this.bits = bits;
    }

    /**
     * @param more words of the catalogue
     * @return empty if there are more words than bits
     */
    public static Optional<Verbs> of(Collection<String> more) {
        Map<String, Integer> bits = new HashMap<>();
        USUAL.forEach(verb -> bits.put(verb, bits.size()));
        new TreeSet<>(more).forEach(verb -> bits.putIfAbsent(verb, bits.size()));
        return bits.size() > MOST ? Optional.empty() : Optional.of(new Verbs(bits));
    }

    /** Whether the catalogue or the language has this word. */
    public boolean knows(String verb) {
        return bits.containsKey(verb);
    }

    /** All words. */
    public Set<String> known() {
        return bits.keySet();
    }

    /** 0 for a word that nobody wrote: it is in no mask. */
    public long bit(String verb) {
        Integer bit = bits.get(verb);
        return bit == null ? 0 : 1L << bit;
    }

    /** What a grant of these words covers. */
    public long mask(Collection<String> verbs) {
        long mask = 0;
        for (String verb : verbs) {
            mask |= bit(verb);
            for (String covered : COVERS.getOrDefault(verb, Set.of())) {
                mask |= bit(covered);
            }
        }
        return mask;
    }
}
