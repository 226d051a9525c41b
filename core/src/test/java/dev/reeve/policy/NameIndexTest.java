package dev.reeve.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.gate.RuleRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The flat tables against a look at everything that is written, with names that have one hash ({@code Aa} and {@code BB}). */
final class NameIndexTest {
    private static final long SEED = 20261127;

    private record Named(Glob names) implements NameIndex.Written {}

    /** Most of these share their hash with others. */
    private static String name(Random random) {
        StringBuilder name = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            name.append(random.nextBoolean() ? "Aa" : "BB");
        }
        return name.toString();
    }

    private static Glob glob(Random random) {
        String wild = List.of("", "*", "**", "*a", "/*").get(random.nextInt(5));
        return Glob.of(name(random) + wild);
    }

    @Test
    void findsWhatMatchesAndNothingElse() {
        Random random = new Random(SEED);
        for (int round = 0; round < 2_000; round++) {
            List<Named> written = new ArrayList<>();
            for (int i = random.nextInt(12); i > 0; i--) {
                written.add(new Named(glob(random)));
            }
            NameIndex<Named> index = NameIndex.of(written);
            for (int i = 0; i < 20; i++) {
                String name = name(random) + (random.nextInt(4) == 0 ? "/Aa" : "");
                List<String> expected = written.stream()
                        .filter(one -> one.names().matches(name))
                        .map(one -> one.names().toString())
                        .sorted()
                        .toList();
                List<String> found = new ArrayList<>();
                index.find(name, one -> found.add(one.names().toString()));
                assertEquals(expected, found.stream().sorted().toList(), "seed " + SEED + ", round " + round);
                List<String> near = new ArrayList<>();
                index.near(name, near, (all, one) -> all.add(one.names().toString()));
                assertTrue(near.containsAll(expected), "seed " + SEED + ", round " + round);
            }
        }
    }

    @Test
    void permissionsAreThoseOfTheRole() {
        Random random = new Random(SEED);
        for (int round = 0; round < 2_000; round++) {
            Map<String, List<Grant>> byRole = new LinkedHashMap<>();
            int line = 0;
            for (int i = random.nextInt(20); i > 0; i--) {
                RuleRef ref = new RuleRef("r", "f", ++line);
                byRole.computeIfAbsent(name(random), ignored -> new ArrayList<>())
                        .add(new Grant(ref, glob(random), 1, List.of(), Treatment.NONE));
            }
            GrantIndex index = new GrantIndex(byRole);
            for (int i = 0; i < 20; i++) {
                String role = name(random);
                List<String> names = List.of(name(random), name(random) + "/Aa");
                Set<Integer> expected = new TreeSet<>();
                byRole.getOrDefault(role, List.of()).stream()
                        .filter(grant -> names.stream().anyMatch(grant.resource()::matches))
                        .forEach(grant -> expected.add(grant.rule().line()));
                Set<Integer> found = new TreeSet<>();
                index.find(
                        role, names, found, (all, grant) -> all.add(grant.rule().line()));
                assertEquals(expected, found, "seed " + SEED + ", round " + round);
            }
        }
    }
}
