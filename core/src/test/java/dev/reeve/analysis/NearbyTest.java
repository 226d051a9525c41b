package dev.reeve.analysis;

import static dev.reeve.analysis.Policies.resource;
import static dev.reeve.analysis.Policies.tool;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.policy.Glob;
import dev.reeve.policy.PolicySource.Effect;
import dev.reeve.policy.Verbs;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Few of many statements are looked at, and none is missed. */
final class NearbyTest {
    private static final List<String> PIECES = List.of("file:", "mail:", "/a", "/b", "*", "**", "x", "@h");

    private static Door door(Glob behind) {
        List<Glob> resources = List.of(behind);
        return new Door(
                "door",
                Globs.ANYTHING,
                resources,
                -1,
                Optional.empty(),
                true,
                Naming.Parts.of(resources, Optional.empty(), false),
                List.of(),
                List.of());
    }

    private static Glob pattern(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return Glob.of(text.toString());
    }

    private static List<Statement> statements(Policies written) {
        return Statement.all(written.source(), Verbs.of(Set.of()).orElseThrow());
    }

    @Test
    void whateverCouldMeetIsAmongThem() {
        long seed = 20261127L;
        Random random = new Random(seed);
        Policies written = new Policies();
        for (int i = 0; i < 300; i++) {
            String text = pattern(random).toString();
            written.rule(Effect.DENY, random.nextInt(4) == 0 ? tool(text) : resource(text), "");
        }
        List<Statement> all = statements(written);
        Nearby nearby = new Nearby(all);
        for (int i = 0; i < 300; i++) {
            Glob behind = pattern(random);
            List<Glob> names = List.of(behind, pattern(random));
            List<Glob> subjects = List.of(pattern(random));
            List<Statement> found = nearby.of(door(behind), names, subjects);
            List<Statement> meeting = all.stream()
                    .filter(one -> {
                        List<Glob> with =
                                new java.util.ArrayList<>(one.scope().resource().isPresent() ? names : subjects);
                        with.add(one.scope()
                                .resource()
                                .or(() -> one.scope().tool())
                                .orElseThrow());
                        return Globs.mayMeet(with);
                    })
                    .toList();
            assertTrue(found.containsAll(meeting), () -> "seed " + seed + ": " + names + " " + subjects);
            assertEquals(all.stream().filter(found::contains).toList(), found, "in their order");
        }
    }

    @Test
    void ofThousandsThatBeginOtherwiseOneIsLookedAt() {
        Policies written = new Policies();
        for (int i = 0; i < 3_000; i++) {
            written.rule(Effect.DENY, resource("file:/d" + i + "/**"), "");
        }
        Glob behind = Glob.of("file:/d7/e");
        assertEquals(
                1,
                new Nearby(statements(written))
                        .of(door(behind), List.of(Glob.of("file:**"), behind), List.of(Globs.ANYTHING))
                        .size());
    }
}
