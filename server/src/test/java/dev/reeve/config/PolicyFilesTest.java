package dev.reeve.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.gate.Hours;
import dev.reeve.policy.Guardrail;
import dev.reeve.policy.Place;
import dev.reeve.policy.PolicySource;
import dev.reeve.policy.PolicySource.Effect;
import dev.reeve.policy.PolicySource.Mode;
import dev.reeve.policy.PolicySource.Target;
import dev.reeve.sql.SqlDialect;
import dev.reeve.sql.SqlSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PolicyFilesTest {
    /** As it stands in the source's document, its trailing spaces included. */
    static final String SOURCES_ROLES = """
            agent_roles:
              data_analyst:
                permissions:
                  - resource: sales_database
                    actions: [read, query]
                    conditions:
                      - no_pii_access
                  - resource: analytics_tools
                    actions: [execute]
            \s\s
              hr_assistant:
                permissions:
                  - resource: employee_directory
                    actions: [read]
                    conditions:
                      - same_department_only
                  - resource: leave_system
                    actions: [read, create]
            """;

    @TempDir
    private Path home;

    private void write(String name, String text) throws IOException {
        Path file = home.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private Loaded<PolicySet> load() {
        return PolicyFiles.read(home, TinySchemas::read);
    }

    private PolicySource good() {
        Loaded<PolicySet> loaded = load();
        assertEquals("", loaded.text());
        return loaded.value().orElseThrow().source();
    }

    private void bad(String... lines) {
        Loaded<PolicySet> loaded = load();
        assertEquals(
                List.of(lines), loaded.problems().stream().map(ProblemText::of).toList());
        assertTrue(loaded.value().isEmpty());
    }

    @Test
    void theSourcesRolesLoadByteForByte() throws IOException {
        write("policies/roles.yaml", SOURCES_ROLES);
        assertEquals(
                List.of(
                        new PolicySource.Role(
                                "data_analyst",
                                List.of(
                                        new PolicySource.Permission(
                                                "sales_database",
                                                List.of("read", "query"),
                                                List.of("no_pii_access"),
                                                new Place("policies/roles.yaml", 4, 9)),
                                        new PolicySource.Permission(
                                                "analytics_tools",
                                                List.of("execute"),
                                                List.of(),
                                                new Place("policies/roles.yaml", 8, 9))),
                                new Place("policies/roles.yaml", 2, 3)),
                        new PolicySource.Role(
                                "hr_assistant",
                                List.of(
                                        new PolicySource.Permission(
                                                "employee_directory",
                                                List.of("read"),
                                                List.of("same_department_only"),
                                                new Place("policies/roles.yaml", 13, 9)),
                                        new PolicySource.Permission(
                                                "leave_system",
                                                List.of("read", "create"),
                                                List.of(),
                                                new Place("policies/roles.yaml", 17, 9))),
                                new Place("policies/roles.yaml", 11, 3))),
                good().roles());
    }

    @Test
    void theCatalogueIsRead() throws IOException {
        write("policies/p.yaml", SOURCES_ROLES);
        write("catalog/sales.sql", "CREATE TABLE customers (id INTEGER, email TEXT, phone TEXT);\n");
        write("catalog/c.yaml", """
                reeve: 1
                resources:
                  sales_database:
                    database: { dialect: postgresql, schema: sales.sql }
                    tags: { "customers.email": pii, "Customers.Phone": [pii, contact] }
                  directory: { row: { dept: department }, tags: [internal, hr] }
                  "file:/customers/**": { tags: pii }
                  leave: {}
                  empty:
                tools:
                  pg.query: { acts_on: sales_database, sql: arguments.sql, result: untrusted }
                  hr.find: { acts_on: directory, action: read, rows_at: /structuredContent/rows, result: { trusted: [id], untrusted: [note, x] } }
                  leave.ask: { acts_on: leave, action: create, idempotent: true }
                  "web.*": { acts_on: "url:{arguments.url}", action: read }
                """);
        PolicySource source = good();
        assertEquals(
                List.of(
                        new PolicySource.Resource(
                                "sales_database",
                                Optional.of(new PolicySource.Database(
                                        SqlDialect.POSTGRESQL,
                                        new SqlSchema(Map.of("customers", List.of("id", "email", "phone"))))),
                                Set.of(),
                                Map.of("customers.email", Set.of("pii"), "customers.phone", Set.of("pii", "contact")),
                                Map.of(),
                                new Place("catalog/c.yaml", 3, 3)),
                        new PolicySource.Resource(
                                "directory",
                                Optional.empty(),
                                Set.of("internal", "hr"),
                                Map.of(),
                                Map.of("dept", "department"),
                                new Place("catalog/c.yaml", 6, 3)),
                        new PolicySource.Resource(
                                "file:/customers/**",
                                Optional.empty(),
                                Set.of("pii"),
                                Map.of(),
                                Map.of(),
                                new Place("catalog/c.yaml", 7, 3)),
                        new PolicySource.Resource(
                                "leave",
                                Optional.empty(),
                                Set.of(),
                                Map.of(),
                                Map.of(),
                                new Place("catalog/c.yaml", 8, 3)),
                        new PolicySource.Resource(
                                "empty",
                                Optional.empty(),
                                Set.of(),
                                Map.of(),
                                Map.of(),
                                new Place("catalog/c.yaml", 9, 3))),
                source.resources());
        assertEquals(
                List.of(
                        new PolicySource.Tool(
                                "pg.query",
                                "sales_database",
                                Optional.empty(),
                                Optional.of("arguments.sql"),
                                Optional.empty(),
                                false,
                                new PolicySource.Trust(Set.of(), Set.of(), true),
                                new Place("catalog/c.yaml", 11, 3)),
                        new PolicySource.Tool(
                                "hr.find",
                                "directory",
                                Optional.of("read"),
                                Optional.empty(),
                                Optional.of("/structuredContent/rows"),
                                false,
                                new PolicySource.Trust(Set.of("id"), Set.of("note", "x"), false),
                                new Place("catalog/c.yaml", 12, 3)),
                        new PolicySource.Tool(
                                "leave.ask",
                                "leave",
                                Optional.of("create"),
                                Optional.empty(),
                                Optional.empty(),
                                true,
                                PolicySource.Trust.UNSAID,
                                new Place("catalog/c.yaml", 13, 3)),
                        new PolicySource.Tool(
                                "web.*",
                                "url:{arguments.url}",
                                Optional.of("read"),
                                Optional.empty(),
                                Optional.empty(),
                                false,
                                PolicySource.Trust.UNSAID,
                                new Place("catalog/c.yaml", 14, 3))),
                source.tools());
    }

    @Test
    void rulesConditionsAndAgentsAreRead() throws IOException {
        write("policies/more.yaml", """
                conditions:
                  same_department_only: { rows: row.department == principal.department }
                  small_amount: arguments.amount <= 500
                rules:
                  - deny: { tool: "web.*" }
                    when: '"pii" in session.read'
                    reason: personal data was read in this session
                    tell: agent
                  - name: mail-out
                    require_approval: { resource: "mail:*@*", except: "mail:*@example.com", action: create, agent: a, role: r }
                    by: [owner, role:supervisors]
                  - allow: { tool: "x.y" }
                    mode: shadow
                    until: 2027-01-31T00:00:00Z
                agents:
                  data_analyst_001: { roles: [data_analyst], owner: ana@example.com, department: sales, level: 3 }
                """);
        PolicySource source = good();
        assertEquals(
                List.of(
                        new PolicySource.NamedCondition(
                                "same_department_only",
                                new PolicySource.ConditionText.Rows("row.department == principal.department"),
                                new Place("policies/more.yaml", 2, 3)),
                        new PolicySource.NamedCondition(
                                "small_amount",
                                new PolicySource.ConditionText.When("arguments.amount <= 500"),
                                new Place("policies/more.yaml", 3, 3))),
                source.conditions());
        assertEquals(
                List.of(
                        new PolicySource.Rule(
                                "policies/more.yaml:5",
                                Effect.DENY,
                                new Target(
                                        Optional.of("web.*"),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty()),
                                Optional.of("\"pii\" in session.read"),
                                "personal data was read in this session",
                                true,
                                List.of(),
                                new Mode.Enforce(),
                                new Place("policies/more.yaml", 5, 5)),
                        new PolicySource.Rule(
                                "mail-out",
                                Effect.REQUIRE_APPROVAL,
                                new Target(
                                        Optional.empty(),
                                        Optional.of("mail:*@*"),
                                        Optional.of("create"),
                                        Optional.of("a"),
                                        Optional.of("r"),
                                        Optional.of("mail:*@example.com")),
                                Optional.empty(),
                                "",
                                false,
                                List.of("owner", "role:supervisors"),
                                new Mode.Enforce(),
                                new Place("policies/more.yaml", 9, 5)),
                        new PolicySource.Rule(
                                "policies/more.yaml:12",
                                Effect.ALLOW,
                                new Target(
                                        Optional.of("x.y"),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty()),
                                Optional.empty(),
                                "",
                                false,
                                List.of(),
                                new Mode.Shadow(Optional.of(Instant.parse("2027-01-31T00:00:00Z"))),
                                new Place("policies/more.yaml", 12, 5))),
                source.rules());
        assertEquals(
                List.of(new PolicySource.FileAgent(
                        "data_analyst_001",
                        List.of("data_analyst"),
                        Optional.of("ana@example.com"),
                        Map.of("department", "sales", "level", "3"),
                        new Place("policies/more.yaml", 16, 3))),
                source.agents());
    }

    @Test
    void aMisspeltKeyIsToldWithTheNearestOne() throws IOException {
        write("policies/roles.yaml", SOURCES_ROLES.replaceFirst("actions", "actoins"));
        bad(
                "policies/roles.yaml:4: agent_roles.data_analyst.permissions[0]: \"actions\" is missing; What may be done to it."
                        + " `read` covers `query`; `write` covers `create`, `update` and `delete`.",
                "policies/roles.yaml:5: agent_roles.data_analyst.permissions[0].actoins: unknown key; did you mean \"actions\"?");
    }

    @Test
    void severalRulesMayStandOnOneLine() throws IOException {
        write("policies/r.yaml", "rules: [ { deny: { tool: \"a.b\" } }, { allow: { tool: \"a.c\" } } ]\n");
        assertEquals(
                List.of("policies/r.yaml:1", "policies/r.yaml:1:37"),
                load().value().orElseThrow().source().rules().stream()
                        .map(PolicySource.Rule::name)
                        .toList());
    }

    @Test
    void theSameNameInTwoFilesIsAnErrorThatNamesBothPlaces() throws IOException {
        write(
                "policies/a.yaml",
                SOURCES_ROLES + "conditions: { c: a == b }\nrules: [ { name: r, deny: { tool: x.y } } ]\n");
        write("policies/b.yml", """
                agent_roles: { hr_assistant: { permissions: [] } }
                conditions: { c: a == b }
                rules: [ { name: r, deny: { tool: x.z } } ]
                agents: { a: {} }
                """);
        write("policies/c.yaml", "agents: { a: {} }\n");
        write("catalog/a.yaml", "resources: { r: {} }\ntools: { x.y: { acts_on: r, action: read } }\n");
        write("catalog/b.yaml", "resources: { r: {} }\ntools: { x.y: { acts_on: r, action: read } }\n");
        bad(
                "catalog/b.yaml:1: resources.r: is defined twice; first in catalog/a.yaml:1; keep one",
                "catalog/b.yaml:2: tools[\"x.y\"]: is defined twice; first in catalog/a.yaml:2; keep one",
                "policies/b.yml:1: agent_roles.hr_assistant: is defined twice; first in policies/a.yaml:11; keep one",
                "policies/b.yml:2: conditions.c: is defined twice; first in policies/a.yaml:19; keep one",
                "policies/b.yml:3: rules[0]: the rule \"r\" is defined twice; first in policies/a.yaml:20",
                "policies/c.yaml:1: agents.a: is defined twice; first in policies/b.yml:4; keep one");
    }

    @Test
    void everyMistakeOfAllFilesIsToldAtOnce() throws IOException {
        write("catalog/a.yaml", """
                resources:
                  r: { database: { dialect: oracle, schema: "../x.sql" }, tags: { a.b: x } }
                  s: { database: { dialect: sqlite, schema: none.sql } }
                  t: { database: { dialect: sqlite, schema: bad.sql } }
                  u: { tags: { a.b: x } }
                  v: { database: { dialect: sqlite, schema: good.sql }, tags: { "customers.emial": pii } }
                  w: { table: employees }
                tools:
                  x.y: { acts_on: r }
                  x.z: { acts_on: r, action: read, sql: arguments.sql }
                  nodot: { acts_on: r, action: read }
                  x.v: { action: Read, sensitive: [to], scan: [body], idempotent: yes, result: trusted }
                rules: []
                """);
        write("catalog/bad.sql", "BROKEN\n");
        write("catalog/good.sql", "CREATE TABLE customers (id INTEGER, email TEXT);\n");
        write("policies/b.yaml", """
                user_roles: {}
                limits: []
                agent_role: {}
                rules:
                  - reason: nothing
                  - { allow: { tool: a.b }, deny: { tool: a.b } }
                  - { deny: { agent: x } }
                  - { allow: { tool: a.b }, by: owner, tell: agent, until: 2027-01-31T00:00:00Z }
                  - { deny: { tool: a.b }, mode: shadow, until: 2027-13-31T00:00:00Z }
                  - { deny: { tool: a.b }, secret: x, mode: shadwo }
                agents:
                  "a b": {}
                  c: { role: x, user: y, Level: 3 }
                tools: {}
                """);
        write("policies/c.yaml", "a: [\n");
        write("policies/sub/d.yaml", "");
        bad(
                "catalog/a.yaml:2: resources.r.database.dialect: \"oracle\" is not one of \"postgresql\", \"mysql\", \"sqlite\", \"mongodb\"",
                "catalog/a.yaml:2: resources.r.database.schema: \"../x.sql\" is not the name of an .sql file beside this file",
                "catalog/a.yaml:3: resources.s.database.schema: there is no file catalog/none.sql; write the CREATE statements of"
                        + " the database there (a dump of its schema)",
                "catalog/a.yaml:5: resources.u.tags: only a database has columns; write `tags: [pii]` for all of it",
                "catalog/a.yaml:6: resources.v.tags[\"customers.emial\"]: the schema has no column \"customers.emial\"; did you"
                        + " mean \"customers.email\"?",
                "catalog/a.yaml:7: resources.w.table: not supported yet; remove it",
                "catalog/a.yaml:9: tools[\"x.y\"]: has neither `action` nor `sql`; write what it does, or where the statement"
                        + " stands that says it",
                "catalog/a.yaml:10: tools[\"x.z\"]: has both `action` and `sql`; write what it does, or where the statement"
                        + " stands that says it",
                "catalog/a.yaml:11: tools.nodot: \"nodot\" is not a tool as upstream.tool",
                "catalog/a.yaml:12: tools[\"x.v\"]: \"acts_on\" is missing; What it acts on: a resource by name, or a form such as"
                        + " `mail:{arguments.to}` or `url:{arguments.url}`.",
                "catalog/a.yaml:12: tools[\"x.v\"].action: \"Read\" is not a word of small letters",
                "catalog/a.yaml:12: tools[\"x.v\"].sensitive: not supported yet; remove it",
                "catalog/a.yaml:12: tools[\"x.v\"].scan: not supported yet; remove it",
                "catalog/a.yaml:12: tools[\"x.v\"].idempotent: \"yes\" is not true or false",
                "catalog/a.yaml:12: tools[\"x.v\"].result: \"trusted\" is not \"untrusted\"",
                "catalog/a.yaml:13: rules: unknown key; rules stand in a file of the folder `policies`",
                "catalog/bad.sql:1: not understood",
                "policies/b.yaml:1: user_roles: not supported yet; remove it",
                "policies/b.yaml:3: agent_role: unknown key; did you mean \"agent_roles\"?",
                "policies/b.yaml:5: rules[0]: says not what it does; a rule has one of `allow`, `deny`, `require_approval`",
                "policies/b.yaml:6: rules[1]: says two things: allow, deny; a rule has one of `allow`, `deny`, `require_approval`",
                "policies/b.yaml:7: rules[2].deny: names neither `tool` nor `resource`; `tool: \"*\"` means every tool",
                "policies/b.yaml:8: rules[3].by: means nothing without `require_approval`; remove it",
                "policies/b.yaml:8: rules[3].tell: means nothing without `deny` or `require_approval`; remove it",
                "policies/b.yaml:8: rules[3].until: means nothing without `mode: shadow`; remove it",
                "policies/b.yaml:9: rules[4].until: \"2027-13-31T00:00:00Z\" is not a time as 2027-01-31T00:00:00Z",
                "policies/b.yaml:10: rules[5].secret: not supported yet; remove it",
                "policies/b.yaml:10: rules[5].mode: \"shadwo\" is not one of \"enforce\", \"shadow\"; did you mean \"shadow\"?",
                "policies/b.yaml:12: agents[\"a b\"]: \"a b\" is not the name of an agent",
                "policies/b.yaml:13: agents.c.role: unknown key; did you mean \"roles\"?",
                "policies/b.yaml:13: agents.c.user: every agent has this by itself; take another name",
                "policies/b.yaml:13: agents.c.Level: unknown key; known are roles, owner",
                "policies/b.yaml:14: tools: unknown key; what tools act on stands in a file of the folder `catalog`",
                "policies/c.yaml:2: not YAML: while parsing a flow node: expected the node content, but found '<stream end>'",
                "policies/sub: folders inside this folder are not read; move its files up");
    }

    @Test
    void whatIsSaidOfResultsIsReadAndItsMistakesAreTold() throws IOException {
        write("policies/a.yaml", """
                agent_roles:
                  r: { permissions: [ { resource: x, actions: [read], columns: id, redact: { fields: [Email], find: personal }, limit: 5, warn: look out } ] }
                rules:
                  - { allow: { tool: a.b }, limit: 7 }
                """);
        PolicySource source = good();
        assertEquals(
                List.of("only the columns id", "email, found personal masked", "at most 5 rows"),
                source.roles().getFirst().permissions().getFirst().treatment().said());
        assertEquals(
                List.of("look out"),
                source.roles().getFirst().permissions().getFirst().treatment().warnings());
        assertEquals(
                List.of("at most 7 rows"), source.rules().getFirst().treatment().said());
        write("policies/a.yaml", """
                agent_roles:
                  r: { permissions: [ { resource: x, actions: [read], columns: [], redact: [email], limit: 0 } ] }
                rules:
                  - { deny: { tool: a.b }, limit: 7 }
                  - { allow: { tool: a.b }, ask: client, warn: w }
                  - { allow: { tool: a.b }, columns: ["a b"], rows: x }
                obligations: []
                """);
        bad(
                "policies/a.yaml:2: agent_roles.r.permissions[0].columns: needs at least 1 item",
                "policies/a.yaml:2: agent_roles.r.permissions[0].redact: is a list, where a mapping is expected",
                "policies/a.yaml:2: agent_roles.r.permissions[0].limit: \"0\" is not a whole number from 1 to 1000000",
                "policies/a.yaml:4: rules[0].limit: means nothing without `allow`; remove it",
                "policies/a.yaml:5: rules[1].warn: means nothing without a result that comes through here; with `ask: client` none does; remove it",
                "policies/a.yaml:6: rules[2].columns[0]: \"a b\" is not the name of a column or field, or `table.column`",
                "policies/a.yaml:6: rules[2].rows: unknown key; a condition of a permission filters rows:"
                        + " `conditions: NAME: { rows: ... }`",
                "policies/a.yaml:7: obligations: unknown key; they stand with what they are of: `columns`, `redact`, `limit`,"
                        + " `warn` of a permission");
    }

    @Test
    void aTimeThatIsNoneIsToldOnceAndNotComparedWithAnother() throws IOException {
        write("policies/asks.yaml", """
                rules:
                  - require_approval: { tool: "mail.*" }
                    by: [owner]
                    expires: 1h
                    escalate: { after: soon, to: [group:security] }
                """);
        Loaded<PolicySet> loaded = load();
        assertEquals(1, loaded.problems().size(), loaded.text());
        assertTrue(loaded.text().contains("policies/asks.yaml:5"), loaded.text());
        assertTrue(loaded.value().isEmpty());
    }

    @Test
    void hoursOfQuestionsMayGoOverMidnight() throws IOException {
        write("policies/asks.yaml", """
                rules:
                  - require_approval: { tool: "mail.*" }
                    by: [owner]
                    hours: Mon-Fri 18:00-08:00 Europe/Berlin
                """);
        Loaded<PolicySet> loaded = load();
        assertTrue(loaded.value().isPresent(), loaded.text());
    }

    @Test
    void aFileInShadowIsTheModeOfItsRulesThatNameNone() throws IOException {
        write("policies/a.yaml", """
                rules:
                  - { deny: { tool: a.b } }
                """);
        write("policies/b.yaml", """
                mode: shadow
                until: 2027-01-31T00:00:00Z
                conditions: { small: arguments.amount <= 500 }
                rules:
                  - { deny: { tool: a.b } }
                  - { deny: { tool: a.c }, mode: enforce }
                  - { allow: { tool: a.d }, mode: shadow }
                """);
        assertEquals(
                List.of(
                        new Mode.Enforce(),
                        new Mode.Shadow(Optional.of(Instant.parse("2027-01-31T00:00:00Z"))),
                        new Mode.Enforce(),
                        new Mode.Shadow(Optional.empty())),
                good().rules().stream().map(PolicySource.Rule::mode).toList());
    }

    @Test
    void aFileInShadowHoldsNothingThatHasNone() throws IOException {
        write("policies/b.yaml", """
                mode: shadow
                agent_roles: { r: { permissions: [ { resource: "db:a/b", actions: [read] } ] } }
                rules:
                  - { deny: { tool: a.b }, until: 2027-01-31T00:00:00Z }
                guardrails:
                  - { find: card, do: deny }
                """);
        write("policies/c.yaml", "until: 2027-01-31T00:00:00Z\n");
        bad(
                "policies/b.yaml:2: agent_roles: is in force whatever the `mode` of the file is: only rules can be in shadow;"
                        + " move it to another file",
                "policies/b.yaml:4: rules[0].until: means nothing without `mode: shadow`; remove it",
                "policies/b.yaml:5: guardrails: is in force whatever the `mode` of the file is: only rules can be in shadow;"
                        + " move it to another file",
                "policies/c.yaml:1: until: means nothing without `mode: shadow`; remove it");
    }

    @Test
    void aFolderThatEverybodyMayWriteIsNotRead() throws IOException {
        write("policies/roles.yaml", SOURCES_ROLES);
        Files.setPosixFilePermissions(home.resolve("policies"), PosixFilePermissions.fromString("rwxrwxrwx"));
        bad("policies: everybody on this machine may change this folder; chmod o-w policies");
    }

    @Test
    void noPolicyIsAWarning() throws IOException {
        assertEquals(
                "policies: warning: there is no role and no rule: nothing is allowed; write a policy\n", load().text());
        assertEquals(PolicySource.EMPTY, load().value().orElseThrow().source());
    }

    @Test
    void theVersionIsOfTheBytesAndNothingElse() throws IOException {
        write("policies/a.yaml", SOURCES_ROLES);
        PolicySet first = load().value().orElseThrow();
        assertEquals(first.version(), load().value().orElseThrow().version());
        assertEquals(Map.of("policies/a.yaml", SOURCES_ROLES), first.files());
        write("policies/a.yaml", SOURCES_ROLES + "#");
        assertNotEquals(first.version(), load().value().orElseThrow().version());
        Files.move(home.resolve("policies/a.yaml"), home.resolve("policies/b.yaml"));
        write("policies/b.yaml", SOURCES_ROLES);
        assertNotEquals(first.version(), load().value().orElseThrow().version());
        write("policies/notes.txt", "not read");
        write("policies/.b.yaml.swp", "not read");
        assertEquals(1, load().value().orElseThrow().files().size());
    }

    @Test
    void theDemosHomeLoads() throws IOException {
        Path demo = Path.of("src/main/resources/dev/reeve/demo/home");
        Loaded<PolicySet> loaded = PolicyFiles.read(demo, TinySchemas::read);
        assertEquals("", loaded.text());
        assertEquals(3, loaded.value().orElseThrow().source().agents().size());
    }

    /** Whatever stands in a file, it ends in a set or in problems. */
    @Test
    void damagedPoliciesNeverThrow() throws IOException {
        long seed = 5898;
        Random random = new Random(seed);
        String catalog = Files.readString(Path.of("src/main/resources/dev/reeve/demo/home/catalog/systems.yaml"));
        String office = Files.readString(Path.of("src/main/resources/dev/reeve/demo/home/policies/office.yaml"));
        List<String> words = List.of(
                "tags", "deny", "allow", "rules", "[", "]", "{", "}", ": ", "- ", "~", "1", "true", "\n", "  ", "'",
                "\"", "*", "&a ", "!b ");
        for (int round = 0; round < 3_000; round++) {
            String first = damaged(catalog, words, random);
            String second = damaged(office, words, random);
            java.util.TreeMap<String, byte[]> files = new java.util.TreeMap<>();
            files.put("catalog/a.yaml", first.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            files.put("policies/a.yaml", second.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            try {
                PolicyFiles.read(new Snapshot(files, List.of()), TinySchemas::read)
                        .text();
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + " round " + round + "\n" + first + "\n" + second, e);
            }
        }
    }

    private static String damaged(String text, List<String> words, Random random) {
        StringBuilder damaged = new StringBuilder(text);
        for (int i = random.nextInt(5); i >= 0; i--) {
            int at = random.nextInt(damaged.length());
            int end = Math.min(damaged.length(), at + random.nextInt(20));
            switch (random.nextInt(3)) {
                case 0 -> damaged.delete(at, end);
                case 1 -> damaged.insert(at, words.get(random.nextInt(words.size())));
                default -> damaged.insert(at, damaged.substring(at, end));
            }
        }
        return damaged.toString();
    }

    @Test
    void readsHowActionsAreRecorded() throws IOException {
        write("policies/roles.yaml", SOURCES_ROLES);
        write("policies/record.yaml", """
                record:
                  - lazy: { tool: "crm.*", action: read }
                  - full: { resource: "db:pay", role: clerk }
                """);
        assertEquals(
                List.of(
                        new PolicySource.Keeping(
                                PolicySource.Kept.LAZY,
                                new Target(
                                        Optional.of("crm.*"),
                                        Optional.empty(),
                                        Optional.of("read"),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty()),
                                new Place("policies/record.yaml", 2, 5)),
                        new PolicySource.Keeping(
                                PolicySource.Kept.FULL,
                                new Target(
                                        Optional.empty(),
                                        Optional.of("db:pay"),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.of("clerk"),
                                        Optional.empty()),
                                new Place("policies/record.yaml", 3, 5))),
                good().records());
    }

    @Test
    void anEntryOfRecordSaysOneThing() throws IOException {
        write("policies/record.yaml", """
                record:
                  - { lazy: { tool: "crm.*" }, full: { tool: "crm.*" } }
                  - { }
                """);
        List<String> told = load().problems().stream().map(ProblemText::of).toList();
        assertEquals(2, told.size(), told.toString());
        assertTrue(told.stream().allMatch(line -> line.contains("`less`, `full`, `lazy`")), told.toString());
    }

    @Test
    void guardrailsAreReadInEachForm() throws IOException {
        write("policies/a.yaml", SOURCES_ROLES + """
                guardrails:
                  - { name: out, find: [card, secrets], in: arguments, on: { tool: "mail.*" }, do: redact, reason: "no cards" }
                  - { data: pii, may_go_to: [crm, "mail:*@example.com"] }
                  - { data: [secret], may_be_kept_by: [] }
                  - { prohibit: { tool: "*.drop_*" }, tell: agent }
                  - hours: { zone: Europe/Berlin, from: 08:00, to: 18:00, days: mon-fri }
                    on: { resource: crm, action: write }
                """);
        List<Guardrail> read = good().guardrails();
        Guardrail.Content content = (Guardrail.Content) read.get(0);
        assertEquals("out", content.common().name());
        assertEquals(List.of("card", "secrets"), content.find());
        assertEquals(Guardrail.Where.ARGUMENTS, content.in());
        assertEquals(Guardrail.Response.REDACT, content.response());
        assertEquals(List.of("crm", "mail:*@example.com"), ((Guardrail.Flow) read.get(1)).places());
        assertTrue(((Guardrail.Flow) read.get(2)).keepingOnly());
        assertTrue(((Guardrail.Prohibition) read.get(3)).hours().isEmpty());
        Hours hours = ((Guardrail.Prohibition) read.get(4)).hours().orElseThrow();
        assertEquals(5, hours.days().size());
        assertEquals("Europe/Berlin", hours.zone().getId());
    }

    @Test
    void aGuardrailThatSaysTooLittleOrTooMuchIsAnError() throws IOException {
        write("policies/a.yaml", """
                guardrails:
                  - { find: card }
                  - { find: card, do: deny, prohibit: { tool: x } }
                  - { prohibit: { tool: "x" }, do: deny }
                  - { hours: { zone: Europe/Berlim, from: 08:00, to: 18:00 } }
                  - { data: pii }
                  - { find: card, do: deny, mode: shadow }
                """);
        List<String> found = load().problems().stream().map(ProblemText::of).toList();
        assertEquals(
                6, found.stream().filter(line -> line.contains("guardrails[")).count(), found.toString());
        assertTrue(found.stream().anyMatch(line -> line.contains("a guardrail is always in force")), found.toString());
    }
}
