package dev.reeve.condition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
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
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class CelConditionsTest {
    private static final String SCHEMA = """
            { "type": "object", "required": ["amount"],
              "properties": {
                "amount": { "type": "number" },
                "count": { "type": "integer" },
                "name": { "type": "string" },
                "urgent": { "type": "boolean" },
                "status": { "type": "string", "enum": ["open", "closed"] },
                "to": { "type": "array", "items": { "type": "string" } },
                "parts": { "type": "array", "items": { "$ref": "#/$defs/part" } },
                "address": { "type": "object", "properties": { "city": { "type": "string" }, "zip": { "type": "integer" } } },
                "labels": { "type": "object", "additionalProperties": true },
                "note": { "anyOf": [ { "type": "string" }, { "type": "null" } ] },
                "limit": { "type": ["number", "null"] },
                "any": {},
                "x-y": { "type": "string" } },
              "$defs": { "part": { "type": "object", "properties": { "price": { "type": "number" }, "sku": { "type": "string" } } } } }
            """;

    private final CelConditions conditions = new CelConditions();

    private static Json.Obj json(String text) {
        try {
            return StrictJson.readObject(text.getBytes(StandardCharsets.UTF_8), JsonLimits.REQUEST);
        } catch (JsonRefusedException e) {
            throw new AssertionError(e);
        }
    }

    private static Condition.Input input(String arguments, boolean clockDoubtful) {
        Principal principal = new Principal(
                "default",
                "analyst",
                "key-1",
                Optional.of("ana"),
                List.of(),
                Set.of("data_analyst"),
                Optional.of("owner@example.com"),
                Map.of("department", "sales"));
        Attempt attempt = new Attempt(
                principal, 1, new Operation.ToolCall("up", "tool", json(arguments)), "s", "mcp-http", Optional.empty());
        Instant now = Instant.parse("2026-11-24T10:30:00Z");
        return new Condition.Input(
                Action.of("id", now, attempt, attempt.operation(), Optional.empty()),
                new Access(List.of("sales_database", "db:sales_database/customers"), "query", Set.of("pii")),
                new Facts(List.of(), Set.of(), Set.of("pii", "hr"), now, clockDoubtful));
    }

    private boolean holds(String expression, String arguments) {
        try {
            return conditions.compile(expression, Optional.of(json(SCHEMA))).test(input(arguments, false));
        } catch (InvalidExpressionException | ConditionException e) {
            throw new AssertionError(expression + " over " + arguments + ": " + e.getMessage(), e);
        }
    }

    private String refused(String expression) {
        return String.valueOf(assertThrows(
                        InvalidExpressionException.class,
                        () -> conditions.compile(expression, Optional.of(json(SCHEMA))),
                        expression)
                .getMessage());
    }

    private String fails(String expression, String arguments) {
        return String.valueOf(assertThrows(
                        ConditionException.class,
                        () -> conditions
                                .compile(expression, Optional.of(json(SCHEMA)))
                                .test(input(arguments, false)),
                        expression)
                .getMessage());
    }

    @Test
    void argumentsAreTypedAsTheSchemaSays() {
        String arguments = """
                { "amount": 499.5, "count": 3, "name": "Ann", "urgent": true, "status": "open", "to": ["a@x.example", "b@x.example"],
                  "parts": [ { "price": 2, "sku": "s" } ], "address": { "city": "Ulm", "zip": 89073 },
                  "labels": { "a-b": "c", "n": { "deep": [1, 2.5, null] } }, "note": null, "limit": 7, "any": { "k": 5 }, "x-y": "q" }
                """;
        for (String expression : List.of(
                "arguments.amount <= 500",
                "arguments.amount == 499.5",
                "arguments.amount != 499",
                "arguments.amount * 2 == 999",
                "1 + arguments.amount - 0.5 == 500",
                "arguments.amount in [499.5, 3]",
                "arguments.count in [1, 2, 3]",
                "arguments.count + 1 == 4",
                "arguments.count < 3.5",
                "arguments.name == 'Ann' && arguments.name.startsWith('A')",
                "arguments.name.matches('^A[a-z]+$')",
                "arguments.urgent",
                "arguments.status == 'open'",
                "arguments.status in ['open', 'closed']",
                "arguments.to.all(x, x.endsWith('@x.example'))",
                "arguments.to.exists(x, x == 'a@x.example') && size(arguments.to) == 2",
                "arguments.to.exists_one(x, x.startsWith('a'))",
                "arguments.parts.all(p, p.price == 2)",
                "arguments.parts[0].price * 3 == 6",
                "arguments.address.city == 'Ulm' && arguments.address.zip == 89073",
                "arguments.labels['a-b'] == 'c'",
                "arguments.labels.n.deep[1] == 2.5 && arguments.labels.n.deep[0] == 1 && arguments.labels.n.deep[2] == null",
                "arguments.note == null",
                "arguments.limit <= 10",
                "arguments.any.k == 5 && arguments.any.k == 5.0",
                "arguments.`x-y` == 'q'",
                "has(arguments.name) && !has(arguments.any.missing)")) {
            assertTrue(holds(expression, arguments), expression);
        }
    }

    @Test
    void aNumberMayBeWrittenEitherWay() {
        for (String amount : List.of("499", "499.0", "4.99e2", "499.5")) {
            assertTrue(holds("arguments.amount <= 500", "{\"amount\":" + amount + "}"), amount);
            assertFalse(holds("arguments.amount > 500", "{\"amount\":" + amount + "}"), amount);
        }
        assertTrue(holds("arguments.amount == 499", "{\"amount\":499.0}"));
        assertTrue(holds("arguments.count == 3", "{\"count\":3.0}"));
        assertFalse(holds("arguments.amount <= 500", "{\"amount\":500.0000001}"));
    }

    @Test
    void everythingElseIsThereToo() {
        for (String expression : List.of(
                "principal.agent == 'analyst' && principal.instance == 'key-1' && principal.tenant == 'default'",
                "principal.user == 'ana' && user.id == 'ana'",
                "principal.owner == 'owner@example.com'",
                "'data_analyst' in principal.roles && size(principal.actors) == 0",
                "principal.department == 'sales'",
                "resource.name == 'db:sales_database/customers' && 'sales_database' in resource.names",
                "resource.action == 'query' && 'pii' in resource.tags",
                "'pii' in session.read && !('web' in session.read)",
                "time.getHours() == 10 && time.getDayOfWeek() == 2",
                "time < timestamp('2027-01-01T00:00:00Z')",
                "has(principal.department) && !has(principal.level)")) {
            assertTrue(holds(expression, "{\"amount\":1}"), expression);
        }
    }

    @Test
    void rowsAreFiltered() throws Exception {
        var rows = conditions.compileRows("row.department == principal.department", Optional.empty());
        assertTrue(rows.test(json("{\"department\":\"sales\"}"), input("{}", false)));
        assertFalse(rows.test(json("{\"department\":\"hr\"}"), input("{}", false)));
        assertThrows(ConditionException.class, () -> rows.test(json("{\"dept\":\"hr\"}"), input("{}", false)));
        InvalidExpressionException e = assertThrows(
                InvalidExpressionException.class, () -> conditions.compile("row.x == 1", Optional.empty()));
        assertTrue(String.valueOf(e.getMessage()).startsWith("column 1: there is no `row`"), e.getMessage());
    }

    @Test
    void mistakesAreToldWithPlaceAndFix() {
        Map<String, String> expected = Map.ofEntries(
                Map.entry("arguments.amonut <= 500", "column 10: there is no `amonut`; did you mean \"amount\"?"),
                Map.entry("arguments.address.town == 'Ulm'", "column 18: there is no `town`; known are city, zip"),
                Map.entry(
                        "arguments.parts.all(p, p.prise < 3)",
                        "column 25: there is no `prise`; did you mean \"price\"?"),
                Map.entry("has(arguments.amonut)", "column 4: there is no `amonut`; did you mean \"amount\"?"),
                Map.entry("argument.amount <= 500", "column 1: there is no `argument`; did you mean \"arguments\"?"),
                Map.entry("principal.role == 'x'", "column 10: there is no `role`; did you mean \"roles\"?"),
                Map.entry("session.reed == []", "column 8: there is no `reed`; did you mean \"read\"?"),
                Map.entry(
                        "arguments.status == 'opne'",
                        "column 21: the argument is never \"opne\"; did you mean \"open\"?"),
                Map.entry(
                        "arguments.status in ['x']",
                        "column 22: the argument is never \"x\"; it is one of open, closed"),
                Map.entry("arguments.name > 3", "column 16: `>` cannot be applied to (string, int)"),
                Map.entry(
                        "arguments.amount * arguments.count > 3",
                        "column 18: `*` cannot be applied to (double, int); write double(x) around the whole number"),
                Map.entry("arguments.amount", "column 10: a condition is true or false, and this is a double"),
                Map.entry("arguments.amount <", "column 19: mismatched input '<EOF>'"),
                Map.entry("arguments.name.matches('(')", "column 24: not a pattern in RE2 syntax: missing closing )"),
                Map.entry(
                        "arguments.name.matches(arguments.status)",
                        "column 33: a pattern for `matches` must be written out as a text"),
                Map.entry("", "column 1: mismatched input '<EOF>'"));
        expected.forEach((expression, message) -> assertEquals(message, refused(expression), expression));
        assertTrue(refused("true &&\n arguments.amonut < 1").startsWith("line 2, column 11: "));
        assertTrue(refused("arguments.to.map(x, x) == []").contains("there is no `map`"));
    }

    @Test
    void whatCannotBeSaidIsAnErrorThatQuotesNoValue() {
        assertEquals("`name` is not there", fails("arguments.name == 'x'", "{\"amount\":1}"));
        assertEquals("`level` is not there", fails("principal.level == 'x'", "{\"amount\":1}"));
        assertEquals("a value has another type", fails("arguments.limit < 3", "{\"limit\":null}"));
        assertEquals("a value has another type", fails("arguments.any < 3", "{\"any\":\"s3cr3t\"}"));
        assertEquals("divides by zero", fails("1 / arguments.count == 1", "{\"count\":0}"));
        assertEquals("a list is too short", fails("arguments.to[3] == 'x'", "{\"to\":[]}"));
        String text = fails("timestamp(arguments.name) < time", "{\"name\":\"s3cr3t\"}");
        assertFalse(text.contains("s3cr3t"), text);
        // As in CEL everywhere: what decides alone decides, whatever is wrong with the rest.
        assertTrue(holds("arguments.name == 'x' || arguments.amount == 1", "{\"amount\":1}"));
        assertFalse(holds("arguments.name == 'x' && arguments.amount == 2", "{\"amount\":1}"));
    }

    @Test
    void aDoubtfulClockDecidesNothing() throws Exception {
        Condition office = conditions.compile("time.getHours() < 18", Optional.empty());
        assertTrue(office.test(input("{}", false)));
        assertEquals(
                "the clock is doubtful",
                assertThrows(ConditionException.class, () -> office.test(input("{}", true)))
                        .getMessage());
    }

    @Test
    void rolesThatAreHadPerhapsDecideNothing() throws Exception {
        Condition.Input sure = input("{}", false);
        Condition.Input unsure = new Condition.Input(
                sure.action().with(sure.action().principal().withPerhaps(List.of("external"))),
                sure.access(),
                sure.facts());
        for (String expression : List.of("'external' in principal.roles", "size(principal.roles) == 1")) {
            Condition roles = conditions.compile(expression, Optional.empty());
            assertEquals(expression.startsWith("size"), roles.test(sure));
            assertEquals(
                    "which roles the agent has here is doubtful",
                    assertThrows(ConditionException.class, () -> roles.test(unsure))
                            .getMessage());
        }
        assertTrue(conditions
                .compile("principal.agent == 'analyst' || 'external' in principal.roles", Optional.empty())
                .test(unsure));
    }

    @Test
    void withoutASchemaAnyArgumentIsPossible() throws Exception {
        Condition condition = conditions.compile("arguments.amount <= 500 && arguments.a.b == 'c'", Optional.empty());
        assertTrue(condition.test(input("{\"amount\":3,\"a\":{\"b\":\"c\"}}", false)));
        assertThrows(ConditionException.class, () -> condition.test(input("{}", false)));
        assertThrows(ConditionException.class, () -> condition.test(input("{\"amount\":\"3\",\"a\":1}", false)));
    }

    @Test
    void everythingHasALimit() {
        assertEquals("has more than 4096 characters", refused("true || " + " ".repeat(5000)));
        assertTrue(refused("(".repeat(2000) + "true" + ")".repeat(2000)).contains("recursion"));
        assertFalse(refused("true" + " || true".repeat(505)).isEmpty());
        assertFalse(refused("[".repeat(2000)).isEmpty());
        String many = "{\"to\":[" + "\"a\",".repeat(1500) + "\"a\"]}";
        assertEquals("needs more than 1000 iterations", fails("arguments.to.all(x, x == 'a')", many));
        String some = "{\"to\":[" + "\"a\",".repeat(40) + "\"a\"]}";
        assertEquals(
                "needs more than 1000 iterations", fails("arguments.to.all(x, arguments.to.all(y, x == y))", some));
        assertFalse(holds("arguments.name.matches('^(a+)+$')", "{\"name\":\"" + "a".repeat(50_000) + "!\"}"));
    }

    @Test
    void theSameTextOverTheSameTypesIsCompiledOnce() throws Exception {
        Condition first = conditions.compile("arguments.amount < 3", Optional.of(json(SCHEMA)));
        assertSame(first, conditions.compile("arguments.amount < 3", Optional.of(json(SCHEMA))));
        assertNotSame(first, conditions.compile("arguments.amount < 3", Optional.empty()));
        assertNotSame(first, conditions.compileRows("arguments.amount < 3", Optional.of(json(SCHEMA))));
    }

    /** Against what the comparison means, over many numbers. */
    @Test
    void comparisonsAgreeWithArithmetic() {
        long seed = 42;
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            double amount =
                    random.nextBoolean() ? random.nextInt(2000) : Math.rint(random.nextDouble() * 200_000) / 100;
            int limit = random.nextInt(2000);
            String arguments = "{\"amount\":" + Json.Num.of(amount).text() + ",\"any\":"
                    + Json.Num.of(amount).text() + "}";
            assertEquals(
                    amount <= limit,
                    holds("arguments.amount <= " + limit, arguments),
                    "seed " + seed + " " + arguments);
            assertEquals(
                    amount == limit,
                    holds("arguments.amount == " + limit, arguments),
                    "seed " + seed + " " + arguments);
            assertEquals(
                    amount > limit, holds("arguments.any > " + limit, arguments), "seed " + seed + " " + arguments);
        }
    }

    /** Whatever is written, it compiles or is refused; whatever comes, it is said or not. */
    @Test
    void damagedExpressionsNeverThrowAnythingElse() throws Exception {
        long seed = 7;
        Random random = new Random(seed);
        List<String> pieces = List.of(
                "arguments",
                ".",
                "amount",
                "to",
                "all(x, ",
                ")",
                "(",
                "&&",
                "||",
                "!",
                "<=",
                "==",
                " in ",
                "[",
                "]",
                "'a'",
                "1",
                "2.5",
                "null",
                "has(",
                "session.read",
                "principal",
                "?",
                ":",
                "{",
                "}",
                "-",
                "*",
                "/",
                "time",
                "x",
                "\"",
                "\\",
                "matches(",
                "size(");
        for (int round = 0; round < 4_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(12); i >= 0; i--) {
                text.append(pieces.get(random.nextInt(pieces.size())));
            }
            try {
                conditions.compile(text.toString(), Optional.of(json(SCHEMA))).test(input("{\"amount\":1}", false));
            } catch (InvalidExpressionException | ConditionException expected) {
                assertFalse(String.valueOf(expected.getMessage()).isEmpty());
            } catch (RuntimeException | StackOverflowError e) {
                throw new AssertionError("seed " + seed + " round " + round + ": " + text, e);
            }
        }
    }
}
