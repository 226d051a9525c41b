package dev.reeve.condition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Access;
import dev.reeve.action.Action;
import dev.reeve.action.Attempt;
import dev.reeve.action.Operation;
import dev.reeve.condition.Shortcut.Answer;
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

/** Random expressions over random calls: the short way says what CEL says, or nothing; and so does a compiler that has seen others before. */
final class ShortcutTest {
    private static final String SCHEMA = """
            { "type": "object", "properties": {
                "amount": { "type": "number" }, "count": { "type": "integer" }, "name": { "type": "string" },
                "urgent": { "type": "boolean" }, "to": { "type": "array", "items": { "type": "string" } },
                "limit": { "type": ["integer", "null"] }, "any": {},
                "address": { "type": "object", "properties": { "city": { "type": "string" }, "zip": { "type": "integer" } } } } }
            """;
    private static final List<String> TEXTS = List.of("'a'", "'read'", "'pii'", "'é😀'", "''", "'sales'");
    private static final List<String> NUMBERS =
            List.of("0", "1", "3", "-2", "2.5", "0.0", "-0.0", "9007199254740992", "9007199254740993", "1e300");
    private static final List<String> TEXT_PATHS = List.of(
            "arguments.name",
            "arguments.any",
            "arguments.address.city",
            "resource.action",
            "resource.name",
            "principal.department",
            "principal.user",
            "principal.missing",
            "user.id");
    private static final List<String> NUMBER_PATHS = List.of(
            "arguments.amount",
            "arguments.count",
            "arguments.any",
            "arguments.limit",
            "arguments.address.zip",
            "size(arguments.name)",
            "arguments.to.size()",
            "size(resource.tags)",
            "time.getHours()",
            "time.getMinutes()",
            "time.getDayOfWeek()");
    private static final List<String> LISTS =
            List.of("arguments.to", "resource.tags", "resource.names", "session.read", "principal.roles");
    private static final List<String> ORDERS = List.of("<", "<=", ">", ">=", "==", "!=");
    private static final List<String> VALUES = List.of(
            "0",
            "1",
            "3",
            "3.0",
            "-2",
            "2.5",
            "-0.0",
            "9007199254740992",
            "1e300",
            "\"a\"",
            "\"read\"",
            "\"é😀\"",
            "\"\"",
            "true",
            "false",
            "null",
            "[]",
            "[\"a\",\"pii\"]",
            "[1,\"a\"]",
            "{}",
            "{\"city\":\"a\",\"zip\":3}",
            "{\"city\":1,\"zip\":2.5}");

    private final Random random = new Random(20261126);

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private String expression(int depth) {
        if (depth > 0 && random.nextInt(3) == 0) {
            return switch (random.nextInt(3)) {
                case 0 -> "(" + expression(depth - 1) + " && " + expression(depth - 1) + ")";
                case 1 -> "(" + expression(depth - 1) + " || " + expression(depth - 1) + ")";
                default -> "!(" + expression(depth - 1) + ")";
            };
        }
        return switch (random.nextInt(10)) {
            case 0 -> one(TEXT_PATHS) + " " + one(List.of("==", "!=")) + " " + one(TEXTS);
            case 1 ->
                one(TEXT_PATHS) + "." + one(List.of("startsWith", "endsWith", "contains")) + "(" + one(TEXTS) + ")";
            case 2 -> one(TEXTS) + " in " + one(LISTS);
            case 3 -> one(TEXT_PATHS) + " in [" + one(TEXTS) + ", " + one(TEXTS) + "]";
            case 4 -> one(TEXT_PATHS) + " == " + one(TEXT_PATHS);
            case 5 -> one(NUMBERS) + " " + one(ORDERS) + " " + one(NUMBER_PATHS);
            case 6 -> one(List.of("arguments.urgent", "arguments.any == true", "arguments.urgent != true"));
            case 7 -> "has(arguments." + one(List.of("name", "any", "address.city")) + ")";
            case 8 -> one(TEXT_PATHS) + ".matches('^[a-r]')";
            default -> one(NUMBER_PATHS) + " " + one(ORDERS) + " " + one(NUMBERS);
        };
    }

    private Condition.Input input() throws Exception {
        List<String> members = new ArrayList<>();
        for (String name : List.of("amount", "count", "name", "urgent", "to", "limit", "any", "address")) {
            if (random.nextInt(5) > 0) {
                members.add("\"" + name + "\":" + one(VALUES));
            }
        }
        Json.Obj arguments = json("{" + String.join(",", members) + "}");
        Principal principal = new Principal(
                "default",
                "analyst",
                "key-1",
                random.nextBoolean() ? Optional.of("a") : Optional.empty(),
                List.of(),
                Set.of("sales", "a"),
                Optional.of("owner@example.com"),
                Map.of("department", "sales"));
        Attempt attempt = new Attempt(
                principal, 1, new Operation.ToolCall("up", "tool", arguments), "s", "mcp-http", Optional.empty());
        Instant now = Instant.ofEpochSecond(random.nextLong(4_000_000_000L));
        return new Condition.Input(
                Action.of("id", now, attempt, attempt.operation(), Optional.empty()),
                new Access(List.of("a", "db:a/customers"), "read", random.nextBoolean() ? Set.of("pii") : Set.of()),
                new Facts(List.of(), Set.of(), Set.of("pii", "hr"), now, random.nextInt(8) == 0));
    }

    private static Json.Obj json(String text) throws Exception {
        return StrictJson.readObject(text.getBytes(StandardCharsets.UTF_8), JsonLimits.REQUEST);
    }

    private static String says(CelConditions.Compiled condition, Condition.Input input) {
        try {
            return String.valueOf(condition.evaluated(input, null));
        } catch (ConditionException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Test
    void theShortWaySaysWhatCelSays() throws Exception {
        Optional<Json.Obj> schema = Optional.of(json(SCHEMA));
        CelConditions seasoned = new CelConditions();
        int said = 0;
        int asked = 0;
        for (int round = 0; round < 4_000; round++) {
            String expression = expression(3);
            CelConditions.Compiled condition;
            try {
                condition = (CelConditions.Compiled)
                        seasoned.compile(expression, round % 3 == 0 ? Optional.empty() : schema);
            } catch (InvalidExpressionException e) {
                continue; // another type, or never true
            }
            for (int i = 0; i < 20; i++) {
                Condition.Input input = input();
                Answer answer = condition.shortcut().of(input, null);
                asked++;
                if (answer != Answer.UNSURE) {
                    said++;
                    String where =
                            expression + " over " + input.action().operation().arguments();
                    assertEquals(says(condition, input), String.valueOf(answer == Answer.YES), where);
                }
            }
        }
        assertTrue(asked > 20_000, "asked " + asked);
        assertTrue(said > asked / 3, "said " + said + " of " + asked);
    }

    @Test
    void whatWasCompiledBeforeChangesNothing() throws Exception {
        Optional<Json.Obj> schema = Optional.of(json(SCHEMA));
        CelConditions seasoned = new CelConditions();
        int compiled = 0;
        for (int round = 0; round < 600; round++) {
            String expression = expression(2);
            Optional<Json.Obj> types = round % 3 == 0 ? Optional.empty() : schema;
            String complaint = complaint(seasoned, expression, types);
            CelConditions fresh = new CelConditions();
            assertEquals(complaint(fresh, expression, types), complaint, expression);
            if (complaint.isEmpty()) {
                compiled++;
                var one = (CelConditions.Compiled) seasoned.compile(expression, types);
                var other = (CelConditions.Compiled) fresh.compile(expression, types);
                for (int i = 0; i < 5; i++) {
                    Condition.Input input = input();
                    assertEquals(says(other, input), says(one, input), expression);
                }
            }
        }
        assertTrue(compiled > 300, "compiled " + compiled);
    }

    private static String complaint(CelConditions conditions, String expression, Optional<Json.Obj> types) {
        try {
            conditions.compile(expression, types);
            return "";
        } catch (InvalidExpressionException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
