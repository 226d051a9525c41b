package dev.reeve.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.demo.Company;
import dev.reeve.demo.Desk;
import dev.reeve.demo.Desk.DeskTool;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What permissions say of results, from outside: the packaged product before tools on a real SQLite. An agent whose permission narrows gets from
 * each statement what the same statement gives on a database that holds no more than the agent may see, or a denial.
 */
final class ObligationTest {
    /** In every mail address, and in nothing that an agent sends. */
    private static final String SECRET = "zqhidden-";

    private static final String SCHEMA = """
            CREATE TABLE customers (id INTEGER, name TEXT, email TEXT, department TEXT);
            CREATE TABLE hints (id INTEGER, guess TEXT, department TEXT);
            """;
    private static final String ROWS = """
            INSERT INTO customers VALUES (1, 'Ann', 'zqhidden-ann@x.example', 'sales'), (2, 'Bob', 'zqhidden-bob@x.example', 'sales'),
              (3, 'Cyd', 'zqhidden-cyd@x.example', 'sales'), (4, 'Dora', 'zqhidden-dora@x.example', 'legal');
            INSERT INTO hints VALUES (1, 'zqhidden-bob@x.example', 'sales'), (2, 'zqhidden-dora@x.example', 'sales'), (3, 'Cyd', 'sales');
            """;
    /** All that the agent with masks may know of it. */
    private static final String SHOWN = """
            INSERT INTO customers VALUES (1, 'Ann', '[email]', 'sales'), (2, 'Bob', '[email]', 'sales'), (3, 'Cyd', '[email]', 'sales');
            INSERT INTO hints VALUES (1, 'zqhidden-bob@x.example', 'sales'), (2, 'zqhidden-dora@x.example', 'sales'), (3, 'Cyd', 'sales');
            """;

    private static final String CATALOGUE = """
            resources:
              crm: { database: { dialect: sqlite, schema: crm.sql }, tags: { customers.email: pii } }
              people: {}
            tools:
              db.query: { acts_on: crm, sql: arguments.sql }
              db.find: { acts_on: people, action: read, rows_at: /rows }
            """;
    private static final String POLICY = """
            agent_roles:
              masked: { permissions: [ { resource: crm, actions: [read], conditions: [same_department_only],
                redact: { tags: pii }, limit: 2, warn: numbers of today are provisional } ] }
              narrow: { permissions: [
                { resource: crm, actions: [read], columns: [id, name] },
                { resource: people, actions: [read], columns: [id, name, email], redact: { fields: email }, limit: 2, warn: ask before you call } ] }
              own: { permissions: [ { resource: people, actions: [read], conditions: [same_department_only], limit: 2 } ] }
              whole: { permissions: [ { resource: crm, actions: [read] }, { resource: people, actions: [read] } ] }
            enforcement_points:
              gate: { agents: whole }
            agents:
              gate: {}
              masked: { roles: [masked], owner: ana@x.example, department: sales }
              narrow: { roles: [narrow], owner: ana@x.example }
              own: { roles: [own], owner: ana@x.example, department: sales }
              whole: { roles: [whole], owner: ana@x.example }
            """;

    /** Each finds out something of a hidden column or row where nothing stands in its way; all give at most two rows to the agent with masks. */
    private static final List<String> ATTEMPTS = List.of(
            "SELECT email AS name FROM customers WHERE id = 1",
            "SELECT c.* FROM customers c WHERE c.id = 2",
            "SELECT substr(email, 10, 9) AS s FROM customers WHERE id < 3 ORDER BY id",
            "SELECT id FROM customers WHERE email LIKE 'z%' ORDER BY id",
            "SELECT name FROM customers WHERE id < 3 ORDER BY email DESC, id",
            "SELECT min(email) AS e, count(DISTINCT email) AS n FROM customers",
            "SELECT count(*) AS n FROM customers GROUP BY email ORDER BY 1",
            "SELECT h.id FROM hints h JOIN customers c ON c.email = h.guess ORDER BY h.id",
            "SELECT name FROM customers WHERE id = 4 UNION SELECT email FROM customers",
            "SELECT guess FROM hints WHERE id = 3 UNION ALL SELECT email FROM customers WHERE id = 1",
            "SELECT x.e FROM (SELECT email AS e, id FROM customers) x WHERE x.id = 3",
            "WITH x AS (SELECT email AS e, department AS d FROM customers) SELECT e, d FROM x WHERE d <> 'sales' OR e > '[x'",
            "WITH hints AS (SELECT email AS guess FROM customers) SELECT guess FROM hints",
            "SELECT id FROM hints WHERE guess IN (SELECT email FROM customers) ORDER BY id",
            "SELECT h.id FROM hints h WHERE EXISTS (SELECT 1 FROM customers c WHERE c.email = h.guess) ORDER BY h.id",
            "SELECT (SELECT max(email) FROM customers) AS e",
            "SELECT id FROM customers WHERE email > (SELECT email FROM customers WHERE id = 2) ORDER BY id",
            "SELECT name, (SELECT count(*) FROM customers k WHERE k.email < c.email) AS n FROM customers c WHERE id < 3 ORDER BY id",
            "SELECT count(*) AS n FROM customers WHERE department = 'legal'",
            "SELECT id, CASE WHEN email = 'x' THEN 1 ELSE 0 END AS y FROM customers ORDER BY id DESC LIMIT 2",
            "SELECT id FROM customers ORDER BY id LIMIT 2 OFFSET 2",
            "SELECT group_concat(email) AS g FROM customers",
            "SELECT json_object('e', email) AS j FROM customers WHERE id = 1",
            "SELECT json_group_array(email) AS j FROM customers",
            "SELECT customers FROM customers",
            "SELECT count(c) FROM customers c",
            "SELECT rowid, email FROM customers",
            "UPDATE customers SET name = email",
            "DELETE FROM customers RETURNING email");

    /** So many at the end are denied: functions of JSON, whole rows, system columns and changes. The others run. */
    private static final int UNREADABLE = 7;

    /** With what the agent may see of it; what an analyst would ask. */
    private static final List<String> HONEST = List.of(
            "SELECT id, name FROM customers ORDER BY id LIMIT 2",
            "SELECT id, email FROM customers WHERE name = 'Cyd'",
            "SELECT count(*) AS n FROM customers",
            "WITH x AS (SELECT id, name FROM customers) SELECT name FROM x ORDER BY id DESC LIMIT 1",
            "SELECT h.id FROM hints h WHERE h.guess IN (SELECT name FROM customers)");

    @TempDir
    static Path folder;

    private static SqliteTables tables;
    private static SqliteTables twin;
    private static Company company;
    private static Product product;
    private static final Map<String, RawClient> CLIENTS = new HashMap<>();

    @BeforeAll
    static void open() throws Exception {
        tables = SqliteTables.of(SCHEMA + ROWS);
        twin = SqliteTables.of(SCHEMA + SHOWN);
        Desk desk = Desk.of(
                "db",
                DeskTool.of(
                        "query",
                        "Runs SQL.",
                        true,
                        text("sql"),
                        it -> rows(it.string("sql").orElse(""))),
                DeskTool.of(
                        "find",
                        "Finds people.",
                        true,
                        text("name"),
                        it -> rows("SELECT * FROM customers ORDER BY id")
                                .with("by_department", rows("SELECT * FROM customers WHERE id = 4"))
                                .with("total", Json.of(4))));
        company = Company.open(0, List.of(desk));
        Path home = Homes.home(
                folder.resolve("home"),
                "db: { url: \"http://127.0.0.1:" + company.port() + "/db\", definitions: trust-first-use }");
        Homes.file(home, "catalog/systems.yaml", CATALOGUE);
        Homes.file(home, "catalog/crm.sql", SCHEMA);
        Homes.file(home, "policies/company.yaml", POLICY);
        product = Product.start(home);
        Tools.waitUntilPinned(product, List.of("db"));
        for (String agent : List.of("masked", "narrow", "own", "whole")) {
            CLIENTS.put(agent, new RawClient(product.mcp(), key(agent)));
        }
    }

    private static String key(String agent) {
        Commands.Ran made = product.reeve("key", "create", agent, "--json");
        return Text.find(made.out(), "\"key\"\\s*:\\s*\"(reeve_[A-Za-z0-9]+)\"");
    }

    @AfterAll
    static void close() throws Exception {
        product.close();
        company.close();
        tables.close();
        twin.close();
    }

    private static Json.Obj text(String name) {
        return Json.object().put(name, DeskTool.text()).build();
    }

    private static Json.Obj rows(String sql) throws Desk.DeskException {
        return Json.object().put("rows", tables.query(sql)).build();
    }

    private static String query(String agent, String sql) throws IOException, InterruptedException {
        return call(agent, "db.query", "sql", sql);
    }

    private static String call(String agent, String tool, String name, String value)
            throws IOException, InterruptedException {
        String arguments = JsonWriter.text(Json.object().put(name, value).build());
        return Objects.requireNonNull(CLIENTS.get(agent)).call(tool, arguments).body();
    }

    private static String rowsOf(String body) throws JsonRefusedException {
        Json.Obj message = (Json.Obj) StrictJson.read(body.getBytes(StandardCharsets.UTF_8), JsonLimits.ANSWER);
        return message.object("result")
                .flatMap(result -> result.object("structuredContent"))
                .flatMap(content -> content.array("rows"))
                .map(JsonWriter::text)
                .orElse("");
    }

    private static boolean isDenied(String body) {
        return body.contains("\"isError\":true") && body.contains("\"ticket\"");
    }

    private static String first(Json.Arr rows, int most) {
        return JsonWriter.text(
                new Json.Arr(rows.items().subList(0, Math.min(most, rows.items().size()))));
    }

    @Test
    void whatIsHiddenIsNotThereHoweverItIsAskedFor() throws Exception {
        List<String> wrong = new ArrayList<>();
        List<String> denied = new ArrayList<>();
        for (String sql : ATTEMPTS) {
            String body = query("masked", sql);
            assertFalse(body.contains(SECRET), sql + "\n" + body);
            if (isDenied(body)) {
                denied.add(sql);
            } else if (!rowsOf(body).equals(first(twin.query(sql), 2))) {
                wrong.add(sql + "\n  got " + rowsOf(body) + "\n  not " + first(twin.query(sql), 2));
            }
        }
        assertEquals(List.of(), wrong);
        assertEquals(ATTEMPTS.subList(ATTEMPTS.size() - UNREADABLE, ATTEMPTS.size()), denied);
        assertEquals(
                "[{\"n\":4}]",
                JsonWriter.text(tables.query("SELECT count(*) AS n FROM customers")),
                "nothing was changed");
    }

    @Test
    void whoAsksForWhatMayBeSeenGetsItAndIsWarned() throws Exception {
        for (String sql : HONEST) {
            String body = query("masked", sql);
            assertEquals(first(twin.query(sql), 2), rowsOf(body), sql + "\n" + body);
            assertTrue(body.contains("numbers of today are provisional"), body);
            String whole = query("whole", sql);
            assertEquals(JsonWriter.text(tables.query(sql)), rowsOf(whole), sql + "\n" + whole);
            assertFalse(whole.contains("provisional"), whole);
        }
        assertTrue(query("whole", ATTEMPTS.getFirst()).contains(SECRET), "it is there for who may see it");
    }

    /** Two rows of those that may be seen, and the number is a part of what is sent. */
    @Test
    void theRecordSaysWhatWasObliged() throws Exception {
        String body = query("masked", "SELECT id, email FROM customers ORDER BY id");
        assertEquals("[{\"id\":1,\"email\":\"[email]\"},{\"id\":2,\"email\":\"[email]\"}]", rowsOf(body), body);
        assertTrue(tables.last().contains("'[email]'") && tables.last().contains("LIMIT 2"), tables.last());
        query("narrow", "SELECT name, email FROM customers");
        call("narrow", "db.find", "name", "all");
        String record =
                product.reeve("audit", "search", "--limit", "0", "--json").out();
        for (String said : List.of(
                "customers.email masked",
                "at most 2 rows",
                "rows are filtered by `same_department_only`",
                "numbers of today are provisional",
                "its `columns` leave `db:crm/customers.email` out",
                "only the columns email, id, name",
                "2 of 4 rows cut",
                "masked: email ")) {
            assertTrue(record.contains(said), said + " not in\n" + record);
        }
        assertFalse(record.contains(SECRET), record);
        assertEquals(0, product.reeve("audit", "verify").exit());
    }

    @Test
    void columnsThatAreNotNamedAreNotGrantedInSqlWhateverReadsThem() throws Exception {
        assertEquals("[{\"name\":\"Dora\"}]", rowsOf(query("narrow", "SELECT name FROM customers WHERE id = 4")));
        for (String sql : List.of(
                "SELECT email FROM customers",
                "SELECT * FROM customers",
                "SELECT id FROM customers WHERE email LIKE 'z%'",
                "SELECT id FROM customers ORDER BY department",
                "WITH x AS (SELECT * FROM customers) SELECT name FROM x",
                "SELECT name FROM customers UNION SELECT email FROM customers",
                "SELECT name FROM customers WHERE id IN (SELECT id FROM customers WHERE email > 'a')")) {
            String body = query("narrow", sql);
            assertTrue(isDenied(body) && !body.contains(SECRET), sql + "\n" + body);
        }
    }

    /** What a point sends itself is no other text than the one that was decided on. */
    @Test
    void aPointIsAllowedNoStatementThatWouldBeWrittenAnew() throws Exception {
        String point = key("gate");
        query("whole", "SELECT * FROM hints");
        String written = tables.last();
        assertTrue(written.contains("guess"), written);
        assertTrue(evaluate(point, written).contains("\"decision\":true"), written);
        for (String sql : List.of("SELECT * FROM hints", "SELECT h FROM hints h", "select id from hints")) {
            String body = evaluate(point, sql);
            assertTrue(body.contains("\"decision\":false"), sql + "\n" + body);
        }
        assertTrue(evaluate(point, "SELECT * FROM hints").contains("obligation_unmet"));
    }

    private static String evaluate(String key, String sql) throws IOException, InterruptedException {
        Json.Obj arguments = Json.object().put("sql", sql).build();
        Json.Obj question = Json.object()
                .put("subject", Json.object().put("type", "agent").put("id", "whole"))
                .put("action", Json.object().put("name", "call"))
                .put(
                        "resource",
                        Json.object()
                                .put("type", "tool")
                                .put("id", "db.query")
                                .put("properties", Json.object().put("arguments", arguments)))
                .build();
        HttpRequest request = HttpRequest.newBuilder(URI.create(product.mcp()).resolve("/access/v1/evaluation"))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + key)
                .POST(HttpRequest.BodyPublishers.ofString(JsonWriter.text(question)))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }

    @Test
    void aStructuredResultLeavesItsRowsColumnsAndCopiesBehind() throws Exception {
        String body = call("narrow", "db.find", "name", "all");
        assertEquals(
                "[{\"id\":1,\"name\":\"Ann\",\"email\":\"[email]\"},{\"id\":2,\"name\":\"Bob\",\"email\":\"[email]\"}]",
                rowsOf(body),
                body);
        assertFalse(body.contains(SECRET) || body.contains("Cyd") || body.contains("department"), body);
        assertTrue(body.contains("the first 2 of 4 rows") && body.contains("ask before you call"), body);
        String own = call("own", "db.find", "name", "all");
        assertTrue(rowsOf(own).contains("Bob") && !rowsOf(own).contains("Cyd"), own);
        assertFalse(own.contains("Dora") || own.contains("by_department") || own.contains("total"), own);
        String whole = call("whole", "db.find", "name", "all");
        assertTrue(whole.contains("zqhidden-dora") && whole.contains("legal"), whole);
    }
}
