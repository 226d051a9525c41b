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

    private static String answering(CompiledPolicy policy, String to, Json.Builder content) {
        Json.Obj answers = Json.object()
                .put("q", Json.object().put("action", "accept").put("content", content))
                .build();
        Operation call = new Operation.ToolCall(
                "leave",
                "create_request",
                Json.object().put("days", 1).put("to", to).build(),
                Optional.of(new Operation.Input(answers, Optional.empty())));
        Principal who =
                new Principal("default", "a", "k", Optional.empty(), List.of(), Set.of(), Optional.empty(), Map.of());
        Attempt attempt = new Attempt(who, 1, call, "s", "test", Optional.empty());
        Deliberation on = new Deliberation(policy, Action.of("id", Instant.EPOCH, attempt, call, Optional.empty()));
        on.gatherFacts(Set::of, Instant.parse("2026-11-26T10:00:00Z"), false);
        on.runStages();
        return on.ruling() + " " + on.denial().map(Denial::code).orElse("allow");
    }
}
