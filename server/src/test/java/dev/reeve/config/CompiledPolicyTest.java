package dev.reeve.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.reeve.action.Action;
import dev.reeve.action.Attempt;
import dev.reeve.action.Operation;
import dev.reeve.condition.CelConditions;
import dev.reeve.gate.Deliberation;
import dev.reeve.gate.Denial;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import dev.reeve.policy.CompiledPolicy;
import dev.reeve.policy.PolicyCompiler;
import dev.reeve.policy.Problem;
import dev.reeve.policy.ToolSchemas;
import dev.reeve.sql.SqlDialect;
import dev.reeve.sql.SqlInspection;
import dev.reeve.sql.SqlInspector;
import dev.reeve.sql.SqlSchema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From files to what decides: the reader, the compiler of policies and CEL agree with each other. */
final class CompiledPolicyTest {
    private static final SqlInspector NO_SQL = new SqlInspector() {
        @Override
        public SqlInspection inspect(String sql, SqlDialect dialect, SqlSchema schema) {
            return new SqlInspection.Refused("not_here", "no SQL in this test");
        }

        @Override
        public SqlInspection restrict(String sql, SqlDialect dialect, SqlSchema schema, Restriction restriction) {
            return inspect(sql, dialect, schema);
        }
    };

    private static final ToolSchemas COMPANY = new ToolSchemas() {
        private final Map<String, List<String>> tools = new TreeMap<>(Map.of(
                "pg", List.of("query_database"),
                "analytics", List.of("forecast"),
                "hr", List.of("find_employee"),
                "leave", List.of("create_request", "delete_request"),
                "mail", List.of("send"),
                "files", List.of("read"),
                "web", List.of("fetch")));

        @Override
        public Optional<Json.Obj> inputSchema(String upstream, String tool) {
            Json.Obj days = Json.object()
                    .put("days", Json.object().put("type", "integer"))
                    .put("to", Json.object().put("type", "string"))
                    .build();
            return Optional.of(
                    Json.object().put("type", "object").put("properties", days).build());
        }

        @Override
        public Set<String> upstreams() {
            return tools.keySet();
        }

        @Override
        public List<String> tools(String upstream) {
            return tools.getOrDefault(upstream, List.of());
        }
    };

    private static PolicyCompiler.Outcome compile(Loaded<PolicySet> loaded) {
        assertEquals("", loaded.text());
        PolicySet set = loaded.value().orElseThrow();
        return PolicyCompiler.compile(set.version(), set.source(), new CelConditions(), NO_SQL, COMPANY);
    }

    private static Loaded<PolicySet> files(String catalog, String policies) {
        TreeMap<String, byte[]> files = new TreeMap<>();
        files.put("catalog/c.yaml", catalog.getBytes(StandardCharsets.UTF_8));
        files.put("catalog/s.sql", "CREATE TABLE customers (id INTEGER, email TEXT);".getBytes(StandardCharsets.UTF_8));
        files.put("policies/p.yaml", policies.getBytes(StandardCharsets.UTF_8));
        return PolicyFiles.read(new Snapshot(files, List.of()), TinySchemas::read);
    }

    @Test
    void theDemosPolicyCompiles() throws IOException {
        PolicyCompiler.Outcome outcome =
                compile(PolicyFiles.read(Path.of("src/main/resources/dev/reeve/demo/home"), TinySchemas::read));
        assertEquals(List.of(), outcome.problems());
        assertInstanceOf(PolicyCompiler.Outcome.Compiled.class, outcome);
    }

    @Test
    void theSourcesRolesCompileWithoutACatalogueAndWarn() {
        PolicyCompiler.Outcome outcome = compile(files("", PolicyFilesTest.SOURCES_ROLES));
        assertInstanceOf(
                PolicyCompiler.Outcome.Compiled.class,
                outcome,
                outcome.problems().toString());
        assertEquals(
                List.of(
                        "policies/p.yaml:4: warning: agent_roles.data_analyst: resource `sales_database` is in no catalogue",
                        "policies/p.yaml:8: warning: agent_roles.data_analyst: resource `analytics_tools` is in no catalogue",
                        "policies/p.yaml:13: warning: agent_roles.hr_assistant: resource `employee_directory` is in no catalogue",
                        "policies/p.yaml:17: warning: agent_roles.hr_assistant: resource `leave_system` is in no catalogue"),
                outcome.problems().stream()
                        .map(it -> it.toString().substring(0, it.toString().indexOf(',')))
                        .toList());
    }

    @Test
    void aMisspeltArgumentOfAConditionIsAnErrorWithItsPlace() {
        PolicyCompiler.Outcome outcome = compile(files(
                "resources: { leave: {} }\ntools: { leave.create_request: { acts_on: leave, action: create } }\n",
                """
                conditions:
                  few_days: arguments.dayz <= 5
                agent_roles:
                  a: { permissions: [ { resource: leave, actions: [create], conditions: [few_days] } ] }
                rules:
                  - deny: { tool: leave.create_request }
                    when: arguments.days > "5"
                """));
        assertEquals(2, outcome.problems().size(), outcome.problems().toString());
        String text = outcome.problems().toString();
        assertEquals(true, text.contains("there is no `dayz`; did you mean \"days\"?"), text);
        assertEquals(true, text.contains("`>` cannot be applied to (int, string)"), text);
        assertEquals(true, text.contains("policies/p.yaml:6"), text);
    }

    private static final String PAY = """
            openapi: 3.0.3
            paths:
              /payments:
                get: { parameters: [ { name: limit, in: query, schema: { type: integer } }, { name: state, in: query, schema: { type: string, enum: [open, done] } } ] }
                post: { operationId: send, requestBody: { content: { application/json: { schema: { $ref: "#/components/schemas/Payment" } } } } }
              /payments/{id}: { delete: {} }
            components:
              schemas:
                Payment:
                  type: object
                  properties:
                    amount: { type: number, minimum: 0, exclusiveMinimum: true }
                    note: { type: string, nullable: true, example: { $ref: nothing } }
                    parts: { type: array, items: { $ref: "#/components/schemas/Payment" } }
                    free: { type: object }
            """;

    private static PolicyCompiler.Outcome paying(String tools, String rules) {
        TreeMap<String, byte[]> files = new TreeMap<>();
        files.put(
                "catalog/c.yaml",
                ("resources: { bank: { api: { document: a.openapi.yaml, at: \"https://bank.example/v1\" } } }\n"
                                + tools)
                        .getBytes(StandardCharsets.UTF_8));
        files.put("catalog/a.openapi.yaml", PAY.getBytes(StandardCharsets.UTF_8));
        files.put("policies/p.yaml", rules.getBytes(StandardCharsets.UTF_8));
        return compile(PolicyFiles.read(new Snapshot(files, List.of()), TinySchemas::read));
    }

    private static CompiledPolicy good(PolicyCompiler.Outcome outcome) {
        return assertInstanceOf(
                        PolicyCompiler.Outcome.Compiled.class,
                        outcome,
                        outcome.problems().toString())
                .policy();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "arguments.request.query.limt > 5 | there is no `limt`; did you mean \"limit\"?",
                "arguments.request.query.limit > \"5\" | `>` cannot be applied to (int, string)",
                "arguments.request.query.state == \"opne\" | did you mean \"open\"?",
                "has(arguments.request.body.amuont) | there is no `amuont`; did you mean \"amount\"?",
                "arguments.request.body.parts.exists(p, p.amunt > 1) | there is no `amunt`; did you mean \"amount\"?",
                "arguments.request.boddy.amount > 1 | there is no `boddy`; did you mean \"body\"?",
                "arguments.request.body.amount == \"x\" | cannot be applied",
            })
    void whatIsMisspeltOfARequestFailsAtLoad(String when, String message) {
        PolicyCompiler.Outcome outcome = paying("", """
                agent_roles: { clerk: { permissions: [ { resource: "api:bank/**", actions: [read, create] } ] } }
                rules:
                  - name: misspelt
                    deny: { resource: "api:bank/payments" }
                    when: '%s'
                """.formatted(when));
        assertInstanceOf(PolicyCompiler.Outcome.Refused.class, outcome);
        Problem error = outcome.problems().stream()
                .filter(problem -> problem.severity() == Problem.Severity.ERROR)
                .findFirst()
                .orElseThrow();
        assertEquals(true, error.message().contains(message), error.message());
        assertEquals("policies/p.yaml:3 rules.misspelt.when", error.place() + " " + error.field());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arguments.request.query.limit > 5",
                "has(arguments.request.body.note) && arguments.request.body.note != null",
                "arguments.request.body.free.anything == 1",
                "arguments.resource.owner == \"x\" && !arguments.request.body_seen",
                "arguments[\"request\"].query.limit > 5",
            })
    void whatOneOperationHasIsGood(String when) {
        good(paying("", """
                agent_roles: { clerk: { permissions: [ { resource: "api:bank/**", actions: [read, create] } ] } }
                rules: [ { deny: { resource: "url:https://bank.example/v1/**" }, when: '%s' } ]
                """.formatted(when)));
    }

    private static String asked(CompiledPolicy policy, Json.Obj action) {
        return decided(
                policy,
                new Operation.AccessEvaluation(
                        "point",
                        "url:https://bank.example/v1/payments",
                        "create",
                        Json.object().put("action", action).build(),
                        true));
    }

    private static Json.Obj post(Json body) {
        return Json.object().put("method", "POST").put("body", body).build();
    }

    @Test
    void theBodyOfARequestByUrlIsTypedAndDecidedOn() {
        CompiledPolicy policy = good(paying("", """
                agent_roles: { clerk: { permissions: [ { resource: "api:bank/payments", actions: [create],
                  conditions: ["!has(arguments.request.body) || arguments.request.body.amount < 100"] } ] } }
                assign: [ { role: clerk, to: "*", when: "true" } ]
                """));
        Json.Obj small = Json.object().put("amount", 5).build();
        assertEquals("ALLOW allow", asked(policy, post(small)));
        assertEquals("DENY condition_failed", asked(policy, post(small.with("amount", Json.of(100)))));
        for (Json wrong : List.of(
                small.with("amount", Json.of(0)),
                small.with("amount", Json.of("5")),
                small.with("Amount", Json.of(5)),
                small.with("other", Json.of(5)),
                small.with(
                        "parts",
                        new Json.Arr(List.of(Json.object().put("amount", -1).build()))),
                Json.of("x"))) {
            assertEquals("DENY arguments_unreadable", asked(policy, post(wrong)), wrong.toString());
        }
        assertEquals("ALLOW allow", asked(policy, post(small.with("note", Json.Null.NULL))));
        assertEquals(
                "ALLOW allow",
                asked(policy, post(small.with("free", Json.object().put("x", 1).build()))));
        Json.Obj method = Json.object().put("method", "POST").build();
        assertEquals("ALLOW allow", asked(policy, method.with("has_body", Json.Bool.FALSE)));
        assertEquals("DENY condition_failed", asked(policy, method), "nobody says whether there is a body");
        assertEquals("DENY condition_failed", asked(policy, method.with("has_body", Json.Bool.TRUE)));
        assertEquals("DENY arguments_unreadable", asked(policy, method.with("media_type", Json.of("text/plain"))));
    }

    private static String called(CompiledPolicy policy, String tool, Json.Obj arguments) {
        String[] parts = tool.split("\\.", 2);
        return decided(policy, new Operation.ToolCall(parts[0], parts[1], arguments));
    }

    @Test
    void toolsSayWhereTheBodyStands() {
        CompiledPolicy policy = good(paying("""
                tools:
                  web.fetch: { acts_on: "url:{arguments.url}", action: create, body: arguments.json }
                  files.read: { acts_on: "url:{arguments.url}", action: create }
                  mail.send: { acts_on: bank, parameters: arguments, body: arguments }
                """, """
                agent_roles: { clerk: { permissions: [ { resource: bank, actions: [create],
                  conditions: [arguments.request.body.amount < 100] } ] } }
                assign: [ { role: clerk, to: "*", when: "true" } ]
                """));
        Json.Obj to =
                Json.object().put("url", "https://bank.example/v1/payments").build();
        Json.Obj small = Json.object().put("amount", 5).build();
        Json.Obj large = Json.object().put("amount", 500).build();
        assertEquals("ALLOW allow", called(policy, "web.fetch", to.with("json", small)));
        assertEquals("ALLOW allow", called(policy, "web.fetch", to.with("json", Json.of("{\"amount\": 5}"))));
        assertEquals("DENY condition_failed", called(policy, "web.fetch", to.with("json", large)));
        assertEquals(
                "DENY condition_failed", called(policy, "web.fetch", to.with("json", Json.of("{\"amount\": 500}"))));
        assertEquals(
                "DENY arguments_unreadable",
                called(policy, "web.fetch", to.with("json", Json.of("{\"amount\": 500, \"amount\": 5}"))));
        assertEquals("DENY condition_failed", called(policy, "web.fetch", to), "no body, so no amount");
        assertEquals(
                "DENY condition_failed",
                called(policy, "files.read", to.with("json", small)),
                "the catalogue does not say");
        assertEquals("ALLOW allow", called(policy, "mail.send", small));
        assertEquals("DENY condition_failed", called(policy, "mail.send", large));
        assertEquals("DENY arguments_unreadable", called(policy, "mail.send", small.with("x", Json.of(1))));
    }

    /** R20, with real conditions: an operation of an API has arguments beside those of the call. */
    @Test
    void answersToAServerAreTestedAsArgumentsOfAnApi() {
        TreeMap<String, byte[]> files = new TreeMap<>();
        files.put("catalog/c.yaml", """
                resources: { absence: { api: { document: a.openapi.yaml, at: "https://leave.example/v1" } } }
                tools: { "leave.*": { acts_on: absence, parameters: arguments } }
                """.getBytes(StandardCharsets.UTF_8));
        files.put("catalog/a.openapi.yaml", """
                openapi: 3.1.0
                info: { title: Leave, version: "1" }
                paths: { /requests: { post: { operationId: create_request, responses: { "200": { description: it } } } } }
                """.getBytes(StandardCharsets.UTF_8));
        files.put("policies/p.yaml", """
                agent_roles: { far: { permissions: [ { resource: absence, actions: [read] } ] } }
                assign: [ { role: far, to: "*", when: arguments.to == "ext" } ]
                rules:
                  - { name: short, allow: { tool: leave.create_request }, when: arguments.days < 10 }
                  - { name: no-far, deny: { tool: "leave.*", role: far } }
                """.getBytes(StandardCharsets.UTF_8));
        PolicyCompiler.Outcome outcome = compile(PolicyFiles.read(new Snapshot(files, List.of()), TinySchemas::read));
        CompiledPolicy policy = assertInstanceOf(
                        PolicyCompiler.Outcome.Compiled.class,
                        outcome,
                        outcome.problems().toString())
                .policy();
        assertEquals("ALLOW allow", answering(policy, "int", Json.object().put("size", "large")));
        assertEquals(
                "DENY condition_failed", answering(policy, "int", Json.object().put("days", 1_000_000)));
        assertEquals(
                "DENY denied_by_rule", answering(policy, "ext", Json.object().put("size", "large")));
        assertEquals(
                "DENY arguments_unreadable",
                answering(policy, "ext", Json.object().put("to", "int")));
        assertEquals(
                "DENY arguments_unreadable",
                answering(policy, "ext", Json.object().put("to", 1)));
    }

    /** With real conditions: an argument that is left out, and a clock that stepped back (R7). */
    @Test
    void whatForbidsByARoleHoldsWhereTheRoleCannotBeSaid() {
        PolicyCompiler.Outcome outcome = compile(files("", """
                        agent_roles:
                          all: { permissions: [ { resource: "tool:**", actions: [execute] } ] }
                          external: { permissions: [ { resource: "tool:mail.send", actions: [execute] } ] }
                          night: { permissions: [ { resource: "tool:mail.send", actions: [execute] } ] }
                        assign:
                          - { role: external, to: "*", when: arguments.dest == "ext" }
                          - { role: night, to: "*", when: time.getHours() >= 20 }
                        rules:
                          - { name: no-external, deny: { tool: leave.create_request, role: external } }
                          - { name: no-night, deny: { tool: leave.delete_request, role: night } }
                        """));
        CompiledPolicy policy = assertInstanceOf(
                        PolicyCompiler.Outcome.Compiled.class,
                        outcome,
                        outcome.problems().toString())
                .policy();
        assertEquals("DENY denied_by_rule", deciding(policy, "create_request", args("dest", "ext"), false));
        assertEquals("DENY denied_by_rule", deciding(policy, "create_request", Json.Obj.EMPTY, false), "left out");
        assertEquals("ALLOW allow", deciding(policy, "create_request", args("dest", "int"), false));
        assertEquals("ALLOW allow", deciding(policy, "other", Json.Obj.EMPTY, false), "no rule is about it");
        assertEquals("ALLOW allow", deciding(policy, "delete_request", Json.Obj.EMPTY, false), "ten in the morning");
        assertEquals("DENY denied_by_rule", deciding(policy, "delete_request", Json.Obj.EMPTY, true), "nobody knows");
    }

    private static Json.Obj args(String name, String value) {
        return Json.object().put(name, value).build();
    }

    private static String deciding(CompiledPolicy policy, String tool, Json.Obj arguments, boolean doubtful) {
        return deciding(policy, new Operation.ToolCall("leave", tool, arguments), Set.of("all"), doubtful);
    }

    private static String answering(CompiledPolicy policy, String to, Json.Builder content) {
        Json.Obj answers = Json.object()
                .put("q", Json.object().put("action", "accept").put("content", content))
                .build();
        Operation call = new Operation.ToolCall(
                "leave",
                "create_request",
                Json.object().put("days", 1).put("to", to).build(),
                Optional.of(new Operation.Input(answers, Optional.empty())));
        return decided(policy, call);
    }

    private static String decided(CompiledPolicy policy, Operation call) {
        return deciding(policy, call, Set.of(), false);
    }

    private static String deciding(CompiledPolicy policy, Operation call, Set<String> roles, boolean doubtful) {
        Principal who =
                new Principal("default", "a", "k", Optional.empty(), List.of(), roles, Optional.empty(), Map.of());
        Attempt attempt = new Attempt(who, 1, call, "s", "test", Optional.empty());
        Deliberation on = new Deliberation(policy, Action.of("id", Instant.EPOCH, attempt, call, Optional.empty()));
        on.gatherFacts(Set::of, Instant.parse("2026-11-26T10:00:00Z"), doubtful);
        on.runStages();
        return on.ruling() + " " + on.denial().map(Denial::code).orElse("allow");
    }
}
