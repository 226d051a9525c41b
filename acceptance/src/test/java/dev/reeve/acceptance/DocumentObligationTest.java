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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What permissions say of results, for filters and pipelines: the packaged product before tools that another's evaluator answers. */
final class DocumentObligationTest {
    /** In every mail address, and in nothing that an agent sends. */
    private static final String SECRET = "zqhidden-";

    private static final String DOCUMENTS = """
            {"customers": [
              {"_id": 1, "name": "Ann", "email": "zqhidden-ann", "department": "sales", "internal": "zqhidden-1"},
              {"_id": 2, "name": "Bob", "email": "zqhidden-bob", "department": "sales", "internal": "zqhidden-2"},
              {"_id": 3, "name": "Cyd", "email": "zqhidden-cyd", "department": "sales", "internal": "zqhidden-3"},
              {"_id": 4, "name": "Dora", "email": "zqhidden-dora", "department": "legal", "internal": "zqhidden-4"}]}""";
    private static final String CATALOGUE = """
            resources:
              shop:
                database: { dialect: mongodb, collections: { customers: [_id, name, email, department] } }
                tags: { customers.email: pii }
            tools:
              db.find: { acts_on: shop, mongodb: find, rows_at: /rows }
              db.count: { acts_on: shop, mongodb: count, rows_at: /rows }
              db.aggregate: { acts_on: shop, mongodb: aggregate, rows_at: /rows }
            """;
    private static final String POLICY = """
            agent_roles:
              masked: { permissions: [ { resource: shop, actions: [read], conditions: [same_department_only],
                redact: { tags: pii }, limit: 2, warn: ask before you call } ] }
              narrow: { permissions: [ { resource: shop, actions: [read], columns: [_id, name] } ] }
            agents:
              masked: { roles: [masked], owner: ana@x.example, department: sales }
              narrow: { roles: [narrow], owner: ana@x.example }
            """;

    /** What the agent with masks asks, and the rows that it gets. */
    private static final Map<String, String> MASKED = new LinkedHashMap<>();

    static {
        MASKED.put(
                "find {}",
                "[{\"name\":\"Ann\",\"department\":\"sales\",\"_id\":1,\"email\":\"[email]\"},"
                        + "{\"name\":\"Bob\",\"department\":\"sales\",\"_id\":2,\"email\":\"[email]\"}]");
        MASKED.put(
                "find {\"projection\": {\"name\": 1, \"_id\": 0}, \"limit\": 0}",
                "[{\"name\":\"Ann\"},{\"name\":\"Bob\"}]");
        MASKED.put("find {\"projection\": {\"email\": 1, \"_id\": 0}, \"limit\": 1}", "[{\"email\":\"[email]\"}]");
        MASKED.put("find {\"filter\": {\"name\": \"Dora\"}}", "[]");
        MASKED.put("find {\"filter\": {\"department\": \"legal\"}}", "[]");
        MASKED.put("count {}", "[{\"n\":3}]");
        MASKED.put(
                "aggregate {\"pipeline\": [{\"$group\": {\"_id\": \"$email\", \"n\": {\"$sum\": 1}}}]}",
                "[{\"_id\":\"[email]\",\"n\":3}]");
        MASKED.put(
                "aggregate {\"pipeline\": [{\"$match\": {\"email\": {\"$regex\": \"ann$\"}}}, {\"$project\": {\"name\": 1}}]}",
                "[]");
        MASKED.put(
                "aggregate {\"pipeline\": [{\"$sort\": {\"email\": -1, \"_id\": 1}}, {\"$project\": {\"_id\": 1}}]}",
                "[{\"_id\":1},{\"_id\":2}]");
        MASKED.put(
                "aggregate {\"pipeline\": [{\"$project\": {\"_id\": 0, \"x\": {\"$concat\": [\"$email\", \"!\"]}}}, {\"$limit\": 9}]}",
                "[{\"x\":\"[email]!\"},{\"x\":\"[email]!\"}]");
        MASKED.put(
                "aggregate {\"pipeline\": [{\"$limit\": 1}, {\"$unionWith\": {\"coll\": \"customers\", \"pipeline\": "
                        + "[{\"$match\": {\"_id\": {\"$gt\": 2}}}]}}, {\"$project\": {\"_id\": 1, \"email\": 1}}]}",
                "[{\"_id\":1,\"email\":\"[email]\"},{\"_id\":3,\"email\":\"[email]\"}]");
    }

    private static final List<String> DENIED = List.of(
            "find {\"filter\": {\"email\": {\"$gt\": \"a\"}}, \"projection\": {\"name\": 1}}",
            "find {\"sort\": {\"email\": 1}, \"projection\": {\"name\": 1}}",
            "find {\"projection\": {\"x\": {\"$toUpper\": \"$email\"}}}",
            "find {\"projection\": {\"internal\": 1}}",
            "count {\"query\": {\"email\": {\"$gt\": \"a\"}}}",
            "aggregate {\"pipeline\": [{\"$match\": {\"$where\": \"this.email\"}}]}",
            "aggregate {\"pipeline\": [{\"$project\": {\"x\": \"$internal\"}}]}");

    @TempDir
    static Path folder;

    private static final List<Json.Obj> REACHED = new CopyOnWriteArrayList<>();
    private static Company company;
    private static Product product;
    private static RawClient masked;
    private static RawClient narrow;

    @BeforeAll
    static void open() throws Exception {
        Path evaluator = Outside.documents();
        company = Company.open(
                0,
                List.of(Desk.of(
                        "db",
                        tool("find", evaluator, "filter", "projection", "sort"),
                        tool("count", evaluator, "query"),
                        tool("aggregate", evaluator))));
        Path home = Homes.home(
                folder.resolve("home"),
                "db: { url: \"http://127.0.0.1:" + company.port() + "/db\", definitions: trust-first-use }");
        Homes.file(home, "catalog/systems.yaml", CATALOGUE);
        Homes.file(home, "policies/company.yaml", POLICY);
        product = Product.start(home);
        Tools.waitUntilPinned(product, List.of("db"));
        masked = client("masked");
        narrow = client("narrow");
    }

    @AfterAll
    static void close() {
        if (product != null) {
            product.close();
            company.close();
        }
    }

    private static RawClient client(String agent) {
        Commands.Ran made = product.reeve("key", "create", agent, "--json");
        return new RawClient(product.mcp(), Text.find(made.out(), "\"key\"\\s*:\\s*\"(reeve_[A-Za-z0-9]+)\""));
    }

    private static DeskTool tool(String name, Path evaluator, String... objects) {
        Json.Builder properties = Json.object().put("collection", DeskTool.text());
        for (String object : objects) {
            properties.put(object, Json.object().put("type", "object"));
        }
        properties.put("limit", Json.object().put("type", "number"));
        properties.put("pipeline", Json.object().put("type", "array"));
        Json.Obj definition = Json.object()
                .put("name", name)
                .put("description", "Asks the shop.")
                .put(
                        "inputSchema",
                        Json.object()
                                .put("type", "object")
                                .put("properties", properties)
                                .put("required", Json.Arr.ofStrings(List.of("collection"))))
                .build();
        return new DeskTool(definition, arguments -> answer(name, evaluator, arguments));
    }

    private static Json.Obj answer(String tool, Path evaluator, Json.Obj arguments) throws Desk.DeskException {
        REACHED.add(arguments);
        Json.Obj request = tool.equals("count")
                ? arguments
                        .with("filter", arguments.get("query").orElse(Json.Obj.EMPTY))
                        .with("count", Json.Bool.TRUE)
                : arguments;
        Commands.Ran ran = Commands.run(
                evaluator, Map.of(), 60, List.of("node", "answer.mjs", DOCUMENTS, JsonWriter.text(request)));
        try {
            return json(ran.out());
        } catch (JsonRefusedException e) {
            throw new Desk.DeskException(ran.err());
        }
    }

    private static Json.Obj json(String text) throws JsonRefusedException {
        return StrictJson.readObject(text.strip().getBytes(StandardCharsets.UTF_8), JsonLimits.ANSWER);
    }

    /** @param asked the tool, and the arguments but the collection */
    private static String ask(RawClient client, String asked)
            throws IOException, InterruptedException, JsonRefusedException {
        int space = asked.indexOf(' ');
        Json.Obj arguments = json(asked.substring(space)).with("collection", new Json.Str("customers"));
        String body = client.call("db." + asked.substring(0, space), JsonWriter.text(arguments))
                .body();
        assertFalse(body.contains(SECRET), asked + "\n" + body);
        return body;
    }

    private static String rows(String body) throws JsonRefusedException {
        return json(body)
                .object("result")
                .flatMap(result -> result.object("structuredContent"))
                .flatMap(content -> content.array("rows"))
                .map(JsonWriter::text)
                .orElse(body);
    }

    @Test
    void whatIsMaskedIsNotThereHoweverItIsAskedFor() throws Exception {
        for (Map.Entry<String, String> one : MASKED.entrySet()) {
            String body = ask(masked, one.getKey());
            assertEquals(plain(one.getValue()), plain(rows(body)), one.getKey() + "\n" + REACHED.getLast());
            assertTrue(body.contains("ask before you call"), body);
        }
        int before = REACHED.size();
        for (String asked : DENIED) {
            String body = ask(masked, asked);
            assertTrue(body.contains("\"ticket\""), asked + "\n" + body);
        }
        assertEquals(before, REACHED.size(), "nothing of what was denied was sent");
        String record =
                product.reeve("audit", "search", "--limit", "0", "--json").out();
        for (String said : List.of(
                "customers.email masked",
                "at most 2 rows",
                "rows are filtered by `same_department_only`",
                "do so in a stage of `aggregate`")) {
            assertTrue(record.contains(said), said + " not in\n" + record);
        }
        assertFalse(record.contains(SECRET), record);
    }

    /** The order of members is nobody's promise. */
    private static String plain(String rows) throws JsonRefusedException {
        return Answers.plain(rows);
    }

    @Test
    void fieldsThatAreNotNamedAreNotGranted() throws Exception {
        assertEquals(
                plain("[{\"_id\":4,\"name\":\"Dora\"}]"),
                plain(rows(ask(narrow, "find {\"filter\": {\"name\": \"Dora\"}, \"projection\": {\"name\": 1}}"))));
        for (String asked : List.of(
                "find {}",
                "find {\"filter\": {\"email\": \"a\"}, \"projection\": {\"name\": 1}}",
                "aggregate {\"pipeline\": [{\"$project\": {\"all\": \"$$ROOT\"}}]}",
                "aggregate {\"pipeline\": [{\"$group\": {\"_id\": \"$department\"}}]}")) {
            assertTrue(ask(narrow, asked).contains("\"ticket\""), asked);
        }
    }
}
