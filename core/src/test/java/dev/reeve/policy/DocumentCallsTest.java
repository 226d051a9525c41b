package dev.reeve.policy;

import static dev.reeve.policy.Written.call;
import static dev.reeve.policy.Written.decide;
import static dev.reeve.policy.Written.principal;
import static dev.reeve.policy.Written.verdict;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Operation;
import dev.reeve.gate.Finding;
import dev.reeve.gate.Rulebook.Reading;
import dev.reeve.json.Json;
import dev.reeve.mongo.MongoOperation;
import dev.reeve.mongo.MongoSchema;
import dev.reeve.policy.PolicySource.Effect;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Calls with MongoDB's filters and pipelines, decided by the fields that they touch. */
final class DocumentCallsTest {
    private static final MongoSchema SCHEMA = new MongoSchema(Map.of(
            "customers", List.of("_id", "name", "email", "address.city", "address.zip"),
            "sales", List.of("_id", "customer", "amount", "dept")));

    private static Written written(PolicySource.Permission... permissions) {
        Written written = new Written()
                .holds(
                        "crm",
                        new Holding.Documents(Optional.of("crm"), SCHEMA),
                        Map.of("customers.email", Set.of("pii"), "customers.address.zip", Set.of("pii")),
                        Map.of("dept", "department"))
                .role("analyst", permissions);
        for (MongoOperation operation : MongoOperation.values()) {
            written.mapsTaking(
                    "up." + operation.name().toLowerCase(java.util.Locale.ROOT),
                    "crm",
                    new Takes.Mongo(operation, DocumentCalls.arguments(operation, Map.of())));
        }
        return written;
    }

    private static CompiledPolicy policy(String actions, String... conditions) {
        Written written = new Written();
        return written(written.permission("crm", actions, conditions)).compiled();
    }

    private static Json.Builder on(String collection) {
        return Json.object().put("database", "crm").put("collection", collection);
    }

    private static Json.Obj one(String name, Json value) {
        return Json.object().put(name, value).build();
    }

    private static Json.Arr list(Json... items) {
        return new Json.Arr(List.of(items));
    }

    private static String verdictOf(CompiledPolicy policy, String tool, Json.Builder arguments) {
        return verdict(decide(policy, principal("analyst"), call(tool, arguments.build()), Set.of()));
    }

    /** What the point sends itself shows what was decided on: a projection that Reeve would have to write is not there. */
    @Test
    void aPointMayNotSendWhatReeveWouldHaveWrittenAnew() {
        CompiledPolicy policy = policy("query");
        Json whole = Json.object().put("_id", 1).put("amount", 1).build();
        for (Json.Builder asked : List.of(
                on("sales"),
                on("sales").put("filter", one("amount", Json.of(1))),
                on("sales").put("projection", one("dept", Json.of(0))))) {
            assertEquals("allow", verdictOf(policy, "up.find", asked));
            assertEquals("deny", evaluated(policy, "up.find", asked));
        }
        Json.Builder pipeline = on("sales").put("pipeline", list(one("$match", one("amount", Json.of(1)))));
        assertEquals("allow", verdictOf(policy, "up.aggregate", pipeline));
        assertEquals("deny", evaluated(policy, "up.aggregate", pipeline));
        assertEquals("allow", evaluated(policy, "up.find", on("sales").put("projection", whole)));
        assertEquals("allow", evaluated(policy, "up.count", on("sales").put("query", one("amount", Json.of(1)))));
    }

    private static String evaluated(CompiledPolicy policy, String tool, Json.Builder arguments) {
        Operation.ToolCall called = call(tool, arguments.build());
        Operation asked = new Operation.ToolEvaluation("point", called);
        return policy.read(asked) instanceof Reading.Touches
                ? verdict(decide(policy, principal("analyst"), asked, Set.of()))
                : "deny";
    }

    @Test
    void aTaggedFieldIsFoundWhereverItHides() {
        CompiledPolicy policy = policy("query", "no_pii_access");
        Json names = Json.object().put("name", 1).put("_id", 0).build();
        assertEquals("allow", verdictOf(policy, "up.find", on("customers").put("projection", names)));
        assertEquals("allow", verdictOf(policy, "up.count", on("customers")));
        for (Json.Builder hidden : List.of(
                on("customers"),
                on("customers").put("projection", one("name", Json.of(0))),
                on("customers").put("projection", names).put("filter", one("email", Json.of("a"))),
                on("customers").put("projection", names).put("sort", one("address.zip", Json.of(1))),
                on("customers").put("projection", one("address", Json.of(1))),
                on("customers").put("projection", one("x", one("$toUpper", Json.of("$email")))),
                on("customers")
                        .put("projection", names)
                        .put("filter", one("$expr", one("$eq", list(Json.of("$email"), Json.of("a"))))))) {
            assertEquals(
                    "deny",
                    verdictOf(policy, "up.find", hidden),
                    () -> hidden.build().toString());
        }
        Json lookup = one(
                "$lookup",
                Json.object()
                        .put("from", "customers")
                        .put("localField", "customer")
                        .put("foreignField", "email")
                        .put("pipeline", list(one("$count", Json.of("n"))))
                        .put("as", "c")
                        .build());
        assertEquals("deny", verdictOf(policy, "up.aggregate", on("sales").put("pipeline", list(lookup))));
        assertEquals("allow", verdictOf(policy, "up.aggregate", on("sales").put("pipeline", list())));
    }

    @Test
    void aPipelineThatWritesNeedsTheRightToWrite() {
        Json out = one("$out", Json.of("sales"));
        Json.Builder writing = on("sales").put("pipeline", list(out));
        assertEquals("deny", verdictOf(policy("query"), "up.aggregate", writing));
        assertEquals("deny", verdictOf(policy("query,create"), "up.aggregate", writing));
        assertEquals("allow", verdictOf(policy("query,write"), "up.aggregate", writing));
    }

    @Test
    void aRuleOnAFieldMeetsItWithinWhatIsReadWhole() {
        Written written = new Written();
        CompiledPolicy policy = written(written.permission("crm", "query"))
                .rule(Effect.DENY, Written.resource("db:crm/customers.address", ""), "true", false)
                .compiled();
        assertEquals("deny", verdictOf(policy, "up.find", on("customers")));
        assertEquals(
                "deny",
                verdictOf(policy, "up.find", on("customers").put("projection", one("address.city", Json.of(1)))));
        assertEquals("allow", verdictOf(policy, "up.find", on("customers").put("projection", one("name", Json.of(1)))));
    }

    @Test
    void whatIsSentNamesTheFieldsThatWereDecidedAbout() {
        Reading reading =
                policy("query").read(call("up.find", on("sales").put("limit", 3).build()));
        Operation.ToolCall sent =
                (Operation.ToolCall) ((Reading.Touches) reading).instead().orElseThrow();
        assertEquals(
                "{\"database\":\"crm\",\"collection\":\"sales\",\"limit\":3,"
                        + "\"projection\":{\"_id\":1,\"customer\":1,\"amount\":1,\"dept\":1}}",
                sent.arguments().toString());
    }

    @Test
    void rowConditionsBecomeAMatchBeforeAllElse() {
        CompiledPolicy policy = policy("query,write", "same_department_only");
        Json.Obj pipeline = on("sales")
                .put(
                        "pipeline",
                        list(one("$group", Json.object().put("_id", "$customer").build())))
                .build();
        List<Finding> findings = decide(policy, principal("analyst"), call("up.aggregate", pipeline), Set.of());
        Finding.Redact redact = findings.stream()
                .filter(Finding.Redact.class::isInstance)
                .map(Finding.Redact.class::cast)
                .findFirst()
                .orElseThrow();
        assertTrue(
                redact.instead()
                        .arguments()
                        .toString()
                        .contains("\"pipeline\":[{\"$match\":{\"dept\":{\"$eq\":\"sales\"}}},"),
                redact.instead().arguments()::toString);
        List<Finding> counted = decide(
                policy, principal("analyst"), call("up.count", on("sales").build()), Set.of());
        assertTrue(counted.toString().contains("\"query\":{\"dept\":{\"$eq\":\"sales\"}}"), counted::toString);
        assertEquals("deny", verdictOf(policy, "up.find", on("customers")));
        assertEquals("deny", verdictOf(policy, "up.delete", on("sales")));
    }

    private static Optional<String> sent(CompiledPolicy policy, String tool, Json.Builder arguments) {
        return decide(policy, principal("analyst"), call(tool, arguments.build()), Set.of()).stream()
                .filter(Finding.Redact.class::isInstance)
                .map(found -> ((Finding.Redact) found).instead().arguments().toString())
                .findFirst();
    }

    @Test
    void masksAndLimitsBecomePartOfWhatIsSent() {
        Treatment treatment = new Treatment(
                Optional.empty(),
                new Treatment.Masks(Set.of("customers.email"), Set.of(), Set.of()),
                OptionalInt.of(5),
                List.of());
        Written written = new Written();
        CompiledPolicy policy =
                written(written.treated(treatment, "crm", "query,write")).compiled();
        Json both = Json.object().put("name", 1).put("email", 1).build();
        String find =
                sent(policy, "up.find", on("customers").put("projection", both)).orElseThrow();
        assertTrue(find.contains("\"email\":{\"$literal\":\"[email]\"}") && find.contains("\"limit\":5"), find);
        Map.of(3, 3, 5, 5, 0, 5, -4, 5, 50, 5).forEach((asked, given) -> {
            Optional<String> limited = sent(policy, "up.find", on("sales").put("limit", asked));
            assertEquals(
                    !asked.equals(given),
                    limited.filter(one -> one.contains("\"limit\":" + given)).isPresent(),
                    () -> asked + ": " + limited);
        });
        String pipeline = sent(policy, "up.aggregate", on("customers").put("pipeline", list()))
                .orElseThrow();
        assertTrue(pipeline.endsWith("{\"$limit\":5}]}"), pipeline);
        assertEquals(Optional.empty(), sent(policy, "up.count", on("sales")), "a number is one row");
        for (String tool : List.of("up.find", "up.delete")) {
            List<Finding> denied = decide(
                    policy,
                    principal("analyst"),
                    call(
                            tool,
                            on("customers")
                                    .put("filter", one("email", Json.of("a")))
                                    .build()),
                    Set.of());
            assertEquals("deny", verdict(denied), tool);
            assertTrue(denied.toString().contains("obligation_unmet"), denied::toString);
        }
    }

    @Test
    void anArgumentThatNobodyReadsIsRefused() {
        CompiledPolicy policy = policy("query");
        for (Json.Builder wrong : List.of(
                on("sales").put("hint", "x"),
                Json.object().put("database", "other").put("collection", "sales"),
                Json.object().put("collection", "sales"),
                Json.object().put("database", "crm").put("collection", 1),
                on("sales").put("limit", "x"))) {
            assertInstanceOf(
                    Reading.Unreadable.class,
                    policy.read(call("up.find", wrong.build())),
                    () -> wrong.build().toString());
        }
        assertInstanceOf(
                Reading.Touches.class,
                policy.read(
                        call("up.find", on("sales").put("responseBytesLimit", 1).build())));
    }
}
