package dev.reeve.condition;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Access;
import dev.reeve.action.Action;
import dev.reeve.action.Attempt;
import dev.reeve.action.Operation;
import dev.reeve.gate.Facts;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import dev.reeve.policy.Condition;
import dev.reeve.policy.ConditionCompiler.InvalidExpressionException;
import dev.reeve.policy.ConditionException;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.StrictJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What can never be true is refused, and nothing that can. */
final class ContradictionTest {
    private static final int ROUNDS = 500;
    private static final String SCHEMA = """
            { "type": "object", "properties": {
                "a": { "type": "integer" }, "b": { "type": ["number", "null"] }, "s": { "type": "string" } } }
            """;

    private final CelConditions conditions = new CelConditions();

    private static Json.Obj json(String text) {
        try {
            return StrictJson.readObject(text.getBytes(StandardCharsets.UTF_8), JsonLimits.REQUEST);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private InvalidExpressionException refused(String expression, Optional<Json.Obj> schema) {
        return assertThrows(InvalidExpressionException.class, () -> conditions.compile(expression, schema), expression);
    }

    private String says(String expression) {
        return String.valueOf(refused(expression, Optional.empty()).getMessage());
    }

    @Test
    void whatExcludesEachOtherIsNamedWithItsPlaceAndAFix() {
        InvalidExpressionException refused = refused("arguments.a > 5 && arguments.a < 3", Optional.empty());
        assertEquals(
                "column 32: can never hold: `arguments.a > 5` and `arguments.a < 3` exclude each other",
                refused.getMessage());
        assertTrue(refused.fix().orElseThrow().contains("`||`"), refused.toString());
        assertEquals("column 1: can never hold: `false` is never true", says("false"));
        assertEquals("column 17: can never hold: `time.getHours() > 24` is never true", says("time.getHours() > 24"));
        assertTrue(
                says("(arguments.a == 1 && arguments.a == 2) || (arguments.b == 1 && arguments.b == 2)")
                        .contains(
                                "none of its alternatives can hold: `arguments.a == 1` and `arguments.a == 2` exclude each other"));
    }

    @Test
    void whatCanNeverHoldIsRefused() {
        for (String expression : List.of(
                "arguments.a == 1 && arguments.a == 2",
                "arguments.a == 'x' && arguments.a == 'y'",
                "arguments.a == 'x' && arguments.a != 'x'",
                "arguments.a in [1, 2] && arguments.a in [3]",
                "arguments.a in [1, 2] && arguments.a > 2",
                "arguments.a in ['x'] && !(arguments.a in ['x', 'y'])",
                "arguments.a in []",
                "arguments.a == 'x' && arguments.a > 3",
                "arguments.a == null && arguments.a == true",
                "!(arguments.a > 5) && arguments.a > 5",
                "!(arguments.a <= 5 || arguments.b) && arguments.a == 5",
                "5 < arguments.a && 3 >= arguments.a",
                "arguments.flag && !arguments.flag",
                "arguments.a.startsWith('x') && !arguments.a.startsWith('x')",
                "has(arguments.a) && !has(arguments.a)",
                "arguments.a == arguments.b && arguments.a != arguments.b",
                "'pii' in session.read && !('pii' in session.read)",
                "time.getHours() >= 18 && time.getHours() < 8",
                "time.getHours() > 8 && time.getHours() < 9",
                "time.getDayOfWeek('Europe/Berlin') == 7",
                "time < timestamp('2026-01-01T00:00:00Z') && time > timestamp('2026-01-01T01:00:00+01:00')",
                "size(arguments.a) < 0",
                "1 > 2",
                "'a' == 'b'",
                "arguments.a > 5 && (arguments.a < 3 || arguments.a == 4)",
                "arguments.a ? !arguments.a : false",
                "arguments.a > 1 && arguments.a < 3 && arguments.a != 2 && arguments.a in [2, 3]")) {
            assertTrue(says(expression).contains("can never hold: "), expression);
        }
    }

    @Test
    void whatCanHoldIsNotRefused() {
        for (String expression : List.of(
                "arguments.a > 5 && arguments.b < 3",
                "arguments.a > 5 && arguments.a < 6",
                "arguments.a >= 5 && arguments.a <= 5",
                "arguments.a > 5 || arguments.a < 3",
                "arguments.a != 1 && arguments.a != 2",
                "arguments.a == 1 && arguments.a == 1.0",
                "time.getHours() >= 18 || time.getHours() < 8",
                "time.getHours() >= 18 && time.getHours('Asia/Tokyo') < 8",
                "(time - timestamp('2020-01-01T00:00:00Z')).getHours() > 24",
                "arguments.a['b'] == 1 && arguments.a.b == 2",
                "arguments.`a.b` == 1 && arguments.a.b == 2",
                "arguments.a / 2 == 1 && arguments.a / 2.0 == 1.5",
                "arguments.l.exists(x, x > 5) && arguments.l.exists(x, x < 3)",
                "arguments.l.all(x, x > 5) && arguments.l.all(x, x < 3)",
                "arguments.a > 9007199254740993 && arguments.a < 9007199254740992",
                "!has(arguments.a) && !(has(arguments.b))",
                "arguments.a < 'b' && arguments.a > 'c'",
                "arguments.a == null || arguments.a > 3",
                "true")) {
            assertDoesNotThrow(() -> conditions.compile(expression, Optional.empty()), expression);
        }
    }

    @Test
    void ofWholeNumbersNothingLiesBetweenNeighbours() {
        String between = "arguments.a > 5 && arguments.a < 6";
        assertTrue(String.valueOf(refused(between, Optional.of(json(SCHEMA))).getMessage())
                .contains("exclude"));
        assertDoesNotThrow(() -> conditions.compile(between.replace(".a", ".b"), Optional.of(json(SCHEMA))));
    }

    @Test
    void conditionsOfOnePermissionAreLookedAtTogether() {
        List<String> both = List.of("arguments.a > 5", "arguments.a < 3 && arguments.b");
        InvalidExpressionException refused =
                assertThrows(InvalidExpressionException.class, () -> conditions.compileTogether(both));
        assertEquals(
                "can never hold: `arguments.a > 5` and `arguments.a < 3` exclude each other", refused.getMessage());
        assertDoesNotThrow(() -> conditions.compileTogether(List.of("arguments.a > 5", "arguments.b < 3")));
        assertDoesNotThrow(() -> conditions.compileTogether(List.of("arguments.a > ", "arguments.b < 3")));
    }

    @Test
    void manyAlternativesEndInTimeAndInDoubtAreTakenForPossible() {
        StringBuilder text = new StringBuilder("arguments.x == 1 && arguments.x == 2");
        for (int i = 0; i < 40; i++) {
            text.append(" && (arguments.a" + i + " == 1 || arguments.b" + i + " == 2)");
        }
        assertDoesNotThrow(() -> conditions.compile(text.toString(), Optional.empty()));
    }

    /** The expression is hidden in a comparison, which is not looked into, so that it can be evaluated all the same. */
    private Condition unseen(String expression, Optional<Json.Obj> schema) throws InvalidExpressionException {
        return conditions.compile("(" + expression + ") == true", schema);
    }

    private static boolean isTrue(Condition condition, Json.Obj arguments, Instant now) {
        Principal principal =
                new Principal("default", "a", "k", Optional.empty(), List.of(), Set.of(), Optional.empty(), Map.of());
        Attempt attempt =
                new Attempt(principal, 1, new Operation.ToolCall("up", "t", arguments), "s", "test", Optional.empty());
        try {
            return condition.test(new Condition.Input(
                    Action.of("id", now, attempt, attempt.operation(), Optional.empty()),
                    new Access(List.of("r"), "query", Set.of()),
                    new Facts(List.of(), Set.of(), Set.of(), now, false)));
        } catch (ConditionException e) {
            return false;
        }
    }

    @Test
    void whatIsRefusedIsNeverTrueOverAGridOfValuesOfAllKinds() throws Exception {
        List<String> any =
                List.of("-1", "0", "1", "2", "3", "0.5", "1.5", "\"x\"", "\"y\"", "true", "false", "null", "[1]", "");
        neverTrue(Optional.empty(), any, any, any);
    }

    @Test
    void whatIsRefusedIsNeverTrueOverAGridOfTypedValues() throws Exception {
        neverTrue(
                Optional.of(json(SCHEMA)),
                List.of("-1", "0", "1", "2", "3", "4", ""),
                List.of("-1", "0", "0.5", "1", "1.5", "2", "2.5", "3", "null", ""),
                List.of("\"x\"", "\"y\"", "\"z\"", ""));
    }

    private void neverTrue(Optional<Json.Obj> schema, List<String> as, List<String> bs, List<String> ss)
            throws Exception {
        List<Json.Obj> grid = new ArrayList<>();
        for (String a : as) {
            for (String b : bs) {
                for (String s : ss) {
                    grid.add(json("{" + String.join(",", members(a, b, s)) + "}"));
                }
            }
        }
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < ROUNDS; i++) {
            String expression = expression(random, 3, schema.isPresent());
            if (isRefused(expression, schema)) {
                refused++;
                Condition condition = unseen(expression, schema);
                for (Json.Obj arguments : grid) {
                    Instant now = Instant.parse("2026-11-24T00:30:00Z").plusSeconds(3600L * random.nextInt(24));
                    assertFalse(
                            isTrue(condition, arguments, now),
                            () -> expression + " over " + arguments + " at " + now + ", seed " + seed);
                }
            }
        }
        assertTrue(refused > ROUNDS / 50, "only " + refused + " were found, seed " + seed);
        assertTrue(refused < ROUNDS * 4 / 5, refused + " were found, seed " + seed);
    }

    private static List<String> members(String a, String b, String s) {
        List<String> members = new ArrayList<>();
        if (!a.isEmpty()) {
            members.add("\"a\":" + a);
        }
        if (!b.isEmpty()) {
            members.add("\"b\":" + b);
        }
        if (!s.isEmpty()) {
            members.add("\"s\":" + s);
        }
        return members;
    }

    /** What does not compile for another reason is not of interest. */
    private boolean isRefused(String expression, Optional<Json.Obj> schema) {
        try {
            conditions.compile(expression, schema);
            return false;
        } catch (InvalidExpressionException e) {
            return String.valueOf(e.getMessage()).contains("can never hold");
        }
    }

    private static String expression(Random random, int depth, boolean typed) {
        if (depth == 0) {
            return atom(random, typed);
        }
        String one = expression(random, depth - 1 - random.nextInt(depth), typed);
        String other = expression(random, depth - 1 - random.nextInt(depth), typed);
        return switch (random.nextInt(8)) {
            case 0, 1, 2, 3 -> "(" + one + " && " + other + ")";
            case 4 -> "(" + one + " || " + other + ")";
            case 5 -> "!(" + one + ")";
            case 6 -> "(" + one + " ? " + other + " : " + atom(random, typed) + ")";
            default -> one;
        };
    }

    private static String atom(Random random, boolean typed) {
        String number = one(random, "arguments.a", "arguments.b", "time.getHours()", "arguments.a + 1");
        String value = typed ? number : one(random, number, "arguments.s");
        String constant = one(random, "-1", "0", "1", "2", "3", "0.5", "2.5");
        return switch (random.nextInt(9)) {
            case 0, 1 -> value + one(random, " < ", " <= ", " > ", " >= ") + constant;
            case 2 -> constant + one(random, " < ", " <= ", " > ", " >= ") + value;
            case 3 -> value + one(random, " == ", " != ") + (number.startsWith("time") ? "2" : constant);
            case 4 -> "arguments.s" + one(random, " == ", " != ") + one(random, "'x'", "'y'");
            case 5 -> "arguments.s in " + one(random, "['x']", "['x', 'y']", "[]");
            case 6 -> one(random, "has(arguments.a)", "has(arguments.b)");
            case 7 -> "arguments.b == null";
            default -> "arguments.a" + one(random, " == ", " != ", " < ") + "arguments.b";
        };
    }

    private static String one(Random random, String... texts) {
        return texts[random.nextInt(texts.length)];
    }
}
