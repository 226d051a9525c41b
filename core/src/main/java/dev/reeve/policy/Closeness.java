package dev.reeve.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;

/**
 * Which of several patterns counts for a name that all of them match: the name itself, else the one that spells out more of its beginning, else
 * the one whose names the other matches too. Never where it stands in the files: who moves a line would change what is allowed.
 */
final class Closeness {
    /** Ties that are told; who mends these looks again. */
    private static final int MOST_TIES = 20;

    /** Patterns with one beginning, each of which is compared with each (R8). */
    static final int MOST_ALIKE = 200;

    private Closeness() {}

    /** Two that may both be about a name, none of which is closer; the first one stands first. */
    record Tie<T>(T first, T second) {}

    /** The closest first. Of two that tie, in any order. */
    static <T> List<T> closestFirst(List<T> all, Function<T, Glob> pattern) {
        Map<T, Integer> within = new HashMap<>();
        compared(all, pattern)
                .forEach(group -> group.forEach(one -> within.put(one, (int) group.stream()
                        .filter(other -> isCloser(pattern.apply(one), pattern.apply(other)))
                        .count())));
        List<T> sorted = new ArrayList<>(all);
        sorted.sort(Comparator.comparing((T one) -> !pattern.apply(one).isLiteral())
                .thenComparingInt(one -> -pattern.apply(one).prefix().length())
                .thenComparingInt(one -> -within.getOrDefault(one, 0)));
        return sorted;
    }

    /**
     * Some of them, if there are many.
     *
     * @param same whether it makes no difference which of two counts
     */
    static <T> List<Tie<T>> ties(List<T> all, Function<T, Glob> pattern, BiPredicate<T, T> same) {
        List<Tie<T>> ties = new ArrayList<>();
        for (List<T> group : compared(all, pattern)) {
            for (int i = 1; i < group.size(); i++) {
                for (T before : group.subList(0, i)) {
                    T one = group.get(i);
                    if (ties.size() < MOST_TIES
                            && !same.test(before, one)
                            && isTie(pattern.apply(before), pattern.apply(one))) {
                        ties.add(new Tie<>(before, one));
                    }
                }
            }
        }
        return ties;
    }

    /** The first pattern that is one too many to be compared with others of its beginning. */
    static <T> Optional<T> oneTooMany(List<T> all, Function<T, Glob> pattern) {
        return alike(all, pattern).values().stream()
                .filter(group -> group.size() > MOST_ALIKE)
                .map(group -> group.get(MOST_ALIKE))
                .findFirst();
    }

    private static <T> Collection<List<T>> compared(List<T> all, Function<T, Glob> pattern) {
        return alike(all, pattern).values().stream()
                .filter(group -> group.size() <= MOST_ALIKE)
                .toList();
    }

    /** Patterns that begin alike. */
    private static <T> Map<String, List<T>> alike(List<T> all, Function<T, Glob> pattern) {
        Map<String, List<T>> alike = new LinkedHashMap<>();
        for (T one : all) {
            if (!pattern.apply(one).isLiteral()) {
                alike.computeIfAbsent(pattern.apply(one).prefix(), ignored -> new ArrayList<>())
                        .add(one);
            }
        }
        return alike;
    }

    private static boolean isTie(Glob one, Glob other) {
        return NameSearch.overlap(one, other) && !isCloser(one, other) && !isCloser(other, one);
    }

    /** Whether the other matches all that this one does, and more. */
    private static boolean isCloser(Glob one, Glob other) {
        return NameSearch.overlap(one, other) && NameSearch.covers(other, one) && !NameSearch.covers(one, other);
    }
}
