package dev.reeve.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class NearestTest {
    private static final List<String> KNOWN = List.of("actions", "conditions", "resource", "acts_on");

    @Test
    void aTypingMistakeFindsItsWord() {
        assertEquals(Optional.of("actions"), Nearest.to("actoins", KNOWN));
        assertEquals(Optional.of("actions"), Nearest.to("action", KNOWN));
        assertEquals(Optional.of("conditions"), Nearest.to("Condition", KNOWN));
        assertEquals(Optional.of("acts_on"), Nearest.to("acts-on", KNOWN));
    }

    @Test
    void somethingElseFindsNothing() {
        assertEquals(Optional.empty(), Nearest.to("tools", KNOWN));
        assertEquals(Optional.empty(), Nearest.to("", KNOWN));
        assertEquals(Optional.empty(), Nearest.to("x".repeat(1000), KNOWN));
        assertEquals("", Nearest.hint("zzz", KNOWN));
    }

    @Test
    void distanceIsSymmetricAndZeroOnlyForEqualTexts() {
        Random random = new Random(7);
        for (int round = 0; round < 5_000; round++) {
            String a = word(random);
            String b = word(random);
            int distance = Nearest.distance(a, b);
            assertEquals(distance, Nearest.distance(b, a), a + " " + b);
            assertEquals(a.equals(b), distance == 0, a + " " + b);
            assertTrue(distance <= Math.max(a.length(), b.length()));
            assertTrue(distance >= Math.abs(a.length() - b.length()));
        }
    }

    private static String word(Random random) {
        StringBuilder word = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            word.append((char) ('a' + random.nextInt(3)));
        }
        return word.toString();
    }
}
