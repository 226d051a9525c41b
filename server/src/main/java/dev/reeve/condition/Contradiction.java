package dev.reeve.condition;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds conditions that can never be true, because of what they say of the same value in several places. Never claims it of one that can be
 * true: what is not understood, or would take too long, is taken for possible.
 *
 * @param text the parts that exclude each other
 * @param id of the node that stands last among them
 */
record Contradiction(String text, long id) {
    /** Alternatives that are gone through; beyond it the condition is taken for possible. */
    private static final int MOST_STEPS = 2_000;

    static Optional<Contradiction> in(Formula formula) {
        Search search = new Search();
        boolean possible = search.possible(List.of(formula), List.of());
        return possible ? Optional.empty() : Optional.of(search.found());
    }

    private static final class Search {
        private final List<Contradiction> found = new ArrayList<>();
        private int steps;
        private boolean alternatives;

        /** Whether all of these can be true at once. */
        boolean possible(List<Formula> open, List<Claim> claims) {
            if (++steps > MOST_STEPS) {
                return true;
            }
            if (open.isEmpty()) {
                return agree(claims);
            }
            List<Formula> rest = new ArrayList<>(open.subList(1, open.size()));
            return switch (open.getFirst()) {
                case Formula.Never(String text, long id) -> {
                    found.add(new Contradiction("`" + text + "` is never true", id));
                    yield false;
                }
                case Formula.One(Claim claim) -> {
                    List<Claim> more = new ArrayList<>(claims);
                    more.add(claim);
                    yield possible(rest, more);
                }
                case Formula.All(List<Formula> parts) -> {
                    rest.addAll(0, parts);
                    yield possible(rest, claims);
                }
                case Formula.Any(List<Formula> parts) -> anyPossible(parts, rest, claims);
            };
        }

        private boolean anyPossible(List<Formula> parts, List<Formula> rest, List<Claim> claims) {
            alternatives = true;
            for (Formula part : parts) {
                List<Formula> with = new ArrayList<>(rest);
                // Behind the others: what contradicts without it is found once.
                with.add(part);
                if (possible(with, claims)) {
                    return true;
                }
            }
            return false;
        }

        private boolean agree(List<Claim> claims) {
            Map<String, List<Claim>> bySubject = new LinkedHashMap<>();
            claims.forEach(claim -> bySubject
                    .computeIfAbsent(claim.subject(), ignored -> new ArrayList<>())
                    .add(claim));
            for (List<Claim> same : bySubject.values()) {
                if (!satisfiable(same)) {
                    found.add(of(core(same)));
                    return false;
                }
            }
            return true;
        }

        Contradiction found() {
            Contradiction first = found.getFirst();
            boolean one = found.stream().distinct().count() == 1;
            return !alternatives || one
                    ? first
                    : new Contradiction("none of its alternatives can hold: " + first.text(), first.id());
        }
    }

    private static boolean satisfiable(List<Claim> claims) {
        return Candidates.of(claims).stream()
                .anyMatch(value -> claims.stream().allMatch(claim -> claim.mayHoldOf(value)));
    }

    /** The fewest that exclude each other, so far as pairs tell. */
    private static List<Claim> core(List<Claim> claims) {
        for (Claim claim : claims) {
            if (!satisfiable(List.of(claim))) {
                return List.of(claim);
            }
        }
        for (int i = 1; i < claims.size(); i++) {
            for (int j = 0; j < i; j++) {
                List<Claim> pair = List.of(claims.get(j), claims.get(i));
                if (!satisfiable(pair)) {
                    return pair;
                }
            }
        }
        return claims;
    }

    private static Contradiction of(List<Claim> core) {
        String all =
                core.stream().map(claim -> "`" + claim.text() + "`").distinct().collect(Collectors.joining(" and "));
        return new Contradiction(
                all + (core.size() == 1 ? " is never true" : " exclude each other"),
                core.getLast().id());
    }
}
