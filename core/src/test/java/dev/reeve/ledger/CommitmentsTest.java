package dev.reeve.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Each commitment of an entry has exactly one hidden value, live or erased; text that looks like one is none. */
final class CommitmentsTest {
    private static final Disclosure SQL = disclosure(1, "arguments", "{\"sql\":\"SELECT 1\"}");
    private static final Disclosure WHY = disclosure(2, "reasons", "[]");
    private static final Disclosure WHOLE = disclosure(3, "record", "{\"kind\":\"intent\"}");
    private static final String NOT_IT = "a hidden value is not the one that the entry commits to";

    private static Disclosure disclosure(int salt, String name, String value) {
        byte[] salts = new byte[16];
        salts[0] = (byte) salt;
        return new Disclosure(salts, name, value.getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<String> problem(String leaf, int erased, Disclosure... live) {
        String filled = leaf.replace("SQL", Commitment.of(SQL))
                .replace("WHY", Commitment.of(WHY))
                .replace("WHOLE", Commitment.of(WHOLE));
        return Commitments.problem(filled.getBytes(StandardCharsets.UTF_8), List.of(live), erased, new Sha256());
    }

    private static void holds(String leaf, int erased, Disclosure... live) {
        assertEquals(Optional.empty(), problem(leaf, erased, live), leaf);
    }

    private static void refused(String part, String leaf, int erased, Disclosure... live) {
        String found = problem(leaf, erased, live).orElse("nothing");
        assertTrue(found.contains(part), leaf + ": " + found);
    }

    private static final String BOTH =
            "{\"agent\":\"\u00e9\\\"}\",\"hidden\":{\"arguments\":\"SQL\",\"reasons\":\"WHY\"},\"id\":[{\"a\":{}}]}";

    @Test
    void eachHasItsValueOrItsErasure() {
        holds(BOTH, 0, SQL, WHY);
        holds(BOTH, 0, WHY, SQL);
        holds(BOTH, 1, WHY);
        holds(BOTH, 2);
        holds("{\"counter\":1,\"hidden\":{},\"out_of_line\":\"WHOLE\"}", 0, WHOLE);
        holds("{\"hidden\":{\"arguments\":\"SQL\"},\"out_of_line\":\"WHOLE\",\"v\":1}", 0, SQL, WHOLE);
        holds("{\"counter\":1}", 0);
        holds("{}", 0);
    }

    @Test
    void noneIsTakenAway() {
        refused("commits to 2 (\"arguments\", \"reasons\")", BOTH, 0);
        refused("commits to 1 more (\"reasons\")", BOTH, 0, SQL);
        refused("commits to 2", BOTH, 1);
        refused("(\"record\")", "{\"hidden\":{\"arguments\":\"SQL\"},\"out_of_line\":\"WHOLE\"}", 0, SQL);
    }

    @Test
    void noneIsAdded() {
        refused(NOT_IT, BOTH, 0, SQL, WHY, WHOLE);
        refused(NOT_IT, BOTH, 0, SQL, SQL, WHY);
        refused("erased that the entry does not commit to", BOTH, 1, SQL, WHY);
        refused("erased that the entry does not commit to", "{}", 1);
    }

    @Test
    void oneElsewhereInTheEntryIsNone() {
        for (String leaf : List.of(
                "{\"subject\":\"SQL\"}",
                "{\"arguments\":\"SQL\"}",
                "{\"hidden\":\"SQL\"}",
                "{\"operation\":{\"hidden\":{\"arguments\":\"SQL\"}}}",
                "{\"a\":\"{\\\"hidden\\\":{\\\"arguments\\\":\\\"SQL\\\"}}\"}",
                "{\"hidden\":{\"reasons\":\"SQL\"}}",
                "{\"hidden\":{\"arguments\":[\"SQL\"]}}",
                "[{\"hidden\":{\"arguments\":\"SQL\"}}]",
                "SQL")) {
            refused(NOT_IT, leaf, 0, SQL);
        }
    }

    @Test
    void whatIsNoJsonEndsTheSearchOnly() {
        for (String leaf :
                List.of("", "{", "{\"", "{\"hidden", "{\"hidden\"", "{\"hidden\":", "{\"hidden\":{", "{\"a\\")) {
            refused(NOT_IT, leaf, 0, SQL);
        }
    }
}
