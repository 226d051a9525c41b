package dev.reeve.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.json.Json;
import dev.reeve.mongo.MongoOperation;
import dev.reeve.mongo.MongoSchema;
import dev.reeve.openapi.ApiBody;
import dev.reeve.openapi.ApiOperation;
import dev.reeve.openapi.ApiParameter;
import dev.reeve.openapi.BodySchema;
import dev.reeve.policy.Holding;
import dev.reeve.policy.PolicySource;
import dev.reeve.policy.Takes;
import dev.reeve.policy.Widening;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Databases of documents and APIs in the catalogue: what is understood, and each mistake with its place. */
final class CatalogHoldingsTest {
    private static Loaded<PolicySet> load(String catalog, String document) {
        TreeMap<String, byte[]> files = new TreeMap<>();
        files.put("catalog/c.yaml", catalog.getBytes(StandardCharsets.UTF_8));
        files.put("catalog/shop.openapi.yaml", document.getBytes(StandardCharsets.UTF_8));
        return PolicyFiles.read(new Snapshot(files, List.of()), TinySchemas::read);
    }

    private static PolicySource good(String catalog, String document) {
        Loaded<PolicySet> loaded = load(catalog, document);
        assertEquals(
                "policies: warning: there is no role and no rule: nothing is allowed; write a policy",
                loaded.text().strip());
        return loaded.value().orElseThrow().source();
    }

    @Test
    void aDatabaseOfDocumentsNamesItsCollections() {
        PolicySource source = good("""
                resources:
                  crm:
                    database: { dialect: mongodb, name: crm, collections: { customers: [_id, email, address.city] } }
                    tags: { customers.email: pii, customers.address.city: pii }
                tools:
                  m.find: { acts_on: crm, mongodb: find }
                  m.rows: { acts_on: crm, mongodb: { operation: count, arguments: { filter: arguments.q.where } } }
                """, "openapi: 3.0.3\npaths: {}\n");
        assertEquals(
                Optional.of(new Holding.Documents(
                        Optional.of("crm"),
                        new MongoSchema(Map.of("customers", List.of("_id", "email", "address.city"))))),
                source.resources().getFirst().holding());
        Takes.Mongo find = (Takes.Mongo) source.tools().getFirst().takes().orElseThrow();
        assertEquals(MongoOperation.FIND, find.operation());
        assertEquals("projection", find.arguments().get("projection"));
        Takes.Mongo rows = (Takes.Mongo) source.tools().get(1).takes().orElseThrow();
        assertEquals(Map.of("database", "database", "collection", "collection", "filter", "q.where"), rows.arguments());
    }

    @Test
    void anApiNamesItsOperations() {
        PolicySource source = good("""
                resources:
                  shop: { api: { document: shop.openapi.yaml, at: "https://shop.example/v1" } }
                tools:
                  "s.*": { acts_on: shop, parameters: arguments }
                  t.x: { acts_on: shop, parameters: arguments.path }
                """, """
                openapi: 3.1.0
                info: { title: Shop, version: "1" }
                paths:
                  x-note: passed over
                  /orders/{id}:
                    summary: one order
                    parameters: [ { name: id, in: path, required: true, schema: { $ref: "#/components/schemas/Id" } } ]
                    get: { operationId: getOrder, responses: { "200": { description: it } } }
                    post: { operationId: find, x-reeve-action: query }
                    trace: {}
                components: { schemas: { Id: { type: string } } }
                """);
        Holding.Api api = (Holding.Api) source.resources().getFirst().holding().orElseThrow();
        assertEquals(List.of("https://shop.example/v1"), api.at());
        assertEquals(
                List.of("getOrder GET /orders/{id} read", "find POST /orders/{id} query"),
                api.document().operations().stream()
                        .map(CatalogHoldingsTest::text)
                        .toList());
        assertEquals(
                List.of(Optional.of(new Takes.Parameters("")), Optional.of(new Takes.Parameters("path"))),
                source.tools().stream().map(PolicySource.Tool::takes).toList());
    }

    @Test
    void parametersOfQueriesAreTypedByTheirSchemas() {
        PolicySource source = good("resources: { shop: { api: { document: shop.openapi.yaml } } }\n", """
                openapi: 3.1.0
                paths:
                  /orders:
                    parameters:
                      - { $ref: "#/components/parameters/Page" }
                      - { name: q, in: query, schema: { type: string, maxLength: 20 } }
                    get:
                      parameters:
                        - { name: q, in: query, required: true, schema: { type: string } }
                        - { name: state, in: query, explode: false, schema: { type: array, items: { $ref: "#/components/schemas/State" } } }
                        - { name: paid, in: query, schema: { anyOf: [ { type: boolean }, { type: "null" } ] } }
                        - { name: low, in: query, schema: { type: [number, "null"], minimum: 0.5 } }
                        - { name: filter, in: query, style: deepObject, schema: { type: object } }
                        - { name: loop, in: query, schema: { $ref: "#/components/schemas/Loop" } }
                        - { name: X-Trace, in: header, schema: { type: string } }
                    post: {}
                components:
                  parameters: { Page: { name: page, in: query, schema: { type: integer, minimum: 1, maximum: 9 } } }
                  schemas:
                    State: { type: string, enum: [open, done] }
                    Loop: { $ref: "#/components/schemas/Loop" }
                """);
        Holding.Api api = (Holding.Api) source.resources().getFirst().holding().orElseThrow();
        assertEquals(
                List.of(
                        "page WHOLE from 1.0 to 9.0",
                        "q TEXT required",
                        "state TEXT with commas [done, open]",
                        "paid FLAG",
                        "low NUMBER from 0.5",
                        "filter UNREAD",
                        "loop UNREAD"),
                api.document().operations().getFirst().query().stream()
                        .map(CatalogHoldingsTest::said)
                        .toList());
        assertEquals(
                List.of("page WHOLE from 1.0 to 9.0", "q TEXT to 20.0"),
                api.document().operations().getLast().query().stream()
                        .map(CatalogHoldingsTest::said)
                        .toList());
    }

    @Test
    void bodiesAreTakenWithTheSchemasThatTheyLeadTo() {
        Loaded<PolicySet> loaded = load("resources: { shop: { api: { document: shop.openapi.yaml } } }\n", """
                openapi: 3.1.0
                paths:
                  /a: { post: { requestBody: { $ref: "#/components/requestBodies/Order" } } }
                  /b: { post: { requestBody: { content: { application/json: { schema: { $ref: "other.yaml#/X" } } } } } }
                  /c: { post: { requestBody: { content: { text/csv: {}, "Application/Problem+JSON; charset=utf-8": {} } } } }
                  /d: { post: { requestBody: { $ref: "#/components/requestBodies/None" } } }
                components:
                  requestBodies: { Order: { required: true, content: { application/json: { schema: { $ref: "#/components/schemas/Order" } } } } }
                  schemas:
                    Order: { type: object, properties: { title: { type: string, title: shown }, next: { $ref: "#/components/schemas/Order" } } }
                    Unused: { $ref: "other.yaml" }
                """);
        assertEquals("""
                catalog/shop.openapi.yaml:4: warning: paths["/b"].post.requestBody.content["application/json"].schema: refers to something that is none of the document's schemas, so a request with a body in JSON is denied; write the body of this operation in plain JSON Schema, with references to `components` of this document
                catalog/shop.openapi.yaml:6: warning: paths["/d"].post.requestBody: is a body that cannot be found, so a request with a body in JSON is denied; write the body of this operation in plain JSON Schema, with references to `components` of this document
                policies: warning: there is no role and no rule: nothing is allowed; write a policy
                """.strip(), loaded.text().strip());
        PolicySource source = loaded.value().orElseThrow().source();
        Holding.Api api = (Holding.Api) source.resources().getFirst().holding().orElseThrow();
        ApiBody order = api.document().operations().getFirst().body().orElseThrow();
        assertEquals(
                "true [application/json] {\"$ref\":\"#/$defs/Order\"} "
                        + "{\"Order\":{\"type\":\"object\",\"properties\":{\"title\":{\"type\":\"string\"},"
                        + "\"next\":{\"$ref\":\"#/$defs/Order\"}}}}",
                order.required() + " " + order.media() + " "
                        + order.json().orElseThrow().type() + " "
                        + order.json().orElseThrow().definitions());
        assertEquals(
                List.of("text/csv", "application/problem+json"),
                api.document().operations().get(2).body().orElseThrow().media());
    }

    private static final String SHOP = "resources: { shop: { api: { document: shop.openapi.yaml } } }\n";

    private static List<BodySchema> bodies(PolicySet set) {
        Holding.Api api =
                (Holding.Api) set.source().resources().getFirst().holding().orElseThrow();
        return api.document().operations().stream()
                .map(operation -> operation.body().orElseThrow().json().orElseThrow())
                .toList();
    }

    private static String refusal(BodySchema schema, Json body) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, () -> schema.check(body))
                .getMessage());
    }

    private static Json whole(String name, long value) {
        return Json.object().put(name, value).build();
    }

    /** Each of a thousand operations leads to all of three hundred schemas. */
    @Test
    void schemasThatReferToEachOtherAreCompiledTogether() {
        StringBuilder document = new StringBuilder("openapi: 3.1.0\npaths:\n");
        for (int i = 0; i < 1_000; i++) {
            document.append("  /p")
                    .append(i)
                    .append(": { post: { requestBody: { content: { application/json: { schema:")
                    .append(" { allOf: [ { $ref: \"#/components/schemas/S")
                    .append(i % 300)
                    .append("\" } ], properties: { n")
                    .append(i)
                    .append(": { type: integer } } } } } } } }\n");
        }
        document.append("components:\n  schemas:\n");
        for (int i = 0; i < 300; i++) {
            document.append("    S")
                    .append(i)
                    .append(": { type: object, properties: { s")
                    .append(i)
                    .append(": { type: integer }, next: { $ref: \"#/components/schemas/S")
                    .append((i + 1) % 300)
                    .append("\" } } }\n");
        }
        PolicySource source = good(SHOP, document.toString());
        Holding.Api api = (Holding.Api) source.resources().getFirst().holding().orElseThrow();
        for (int i : List.of(0, 299, 300, 999)) {
            BodySchema schema = api.document()
                    .at(List.of("p" + i))
                    .getFirst()
                    .body()
                    .orElseThrow()
                    .json()
                    .orElseThrow();
            schema.check(whole("n" + i, 1));
            schema.check(Json.object()
                    .put("next", whole("s" + (i + 1) % 300, 1))
                    .build());
            assertEquals(
                    "`body/n" + (i + 1) + "` is not declared by the API's document",
                    refusal(schema, whole("n" + (i + 1), 1)));
            assertEquals(300, schema.definitions().members().size());
        }
    }

    @Test
    void aSchemaThatCannotBeCompiledTakesNoOthersWithIt() {
        StringBuilder document = new StringBuilder("openapi: 3.1.0\npaths:\n");
        for (int i = 0; i < 40; i++) {
            String type = i == 7 ? "{ type: string, pattern: \"(a)\\\\1\" }" : "{ type: integer }";
            String schema = i % 10 == 3
                    ? "{ $ref: \"#/components/schemas/Bad\" }"
                    : "{ type: object, properties: { n" + i + ": " + type + " } }";
            document.append("  /p")
                    .append(100 + i)
                    .append(": { post: { requestBody: { content: { application/json: { schema: ")
                    .append(schema)
                    .append(" } } } } }\n");
        }
        document.append("components: { schemas: { Bad: { type: string, pattern: \"(a)\\\\1\" } } }\n");
        Loaded<PolicySet> loaded = load(SHOP, document.toString());
        List<BodySchema> bodies = bodies(loaded.value().orElseThrow());
        List<Integer> unread = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            if (bodies.get(i).type().equals(Json.Obj.EMPTY)) {
                unread.add(i);
                assertTrue(refusal(bodies.get(i), whole("n" + i, 1)).contains("is not read"));
            } else {
                bodies.get(i).check(whole("n" + i, 1));
            }
        }
        assertEquals(List.of(3, 7, 13, 23, 33), unread);
    }

    /** Otherwise whatever is changed would wait for a second person wherever an API has bodies. */
    @Test
    void aDocumentThatIsReadAgainIsTheSame() {
        String document = """
                openapi: 3.1.0
                paths:
                  /a: { post: { requestBody: { content: { application/json: { schema: { type: object, properties: { n: { type: %s } } } } } } } }
                """;
        PolicySet before = load(SHOP, document.formatted("integer")).value().orElseThrow();
        PolicySet again = load(SHOP, document.formatted("integer")).value().orElseThrow();
        PolicySet other = load(SHOP, document.formatted("number")).value().orElseThrow();
        assertEquals(List.of(), again.widerThan(before));
        assertEquals(
                List.of("resources.shop"),
                other.widerThan(before).stream().map(Widening::field).toList());
    }

    private static String said(ApiParameter parameter) {
        return parameter.name() + " " + parameter.kind()
                + (parameter.required() ? " required" : "")
                + (parameter.list() ? (parameter.exploded() ? " repeated" : " with commas") : "")
                + (parameter.allowed().isEmpty() ? "" : " " + new TreeSet<>(parameter.allowed()))
                + (parameter.least().isPresent() ? " from " + parameter.least().getAsDouble() : "")
                + (parameter.most().isPresent() ? " to " + parameter.most().getAsDouble() : "");
    }

    private static String text(ApiOperation operation) {
        return operation.id().orElse("") + " " + operation.method() + " " + operation.path() + " " + operation.verb();
    }

    @Test
    void eachMistakeOfTheCatalogueIsTold() {
        Loaded<PolicySet> loaded = load("""
                resources:
                  a: { database: { dialect: mongodb, schema: x.sql } }
                  b: { database: { dialect: sqlite, collections: { t: [id] } } }
                  c: { database: { dialect: mongodb, collections: { t: [a, a.b] } } }
                  d: { database: { dialect: mongodb, collections: { t: [a] } }, tags: { t.b: pii } }
                  e: { api: { document: none.openapi.yaml } }
                tools:
                  m.a: { acts_on: c, mongodb: find, action: read }
                  m.b: { acts_on: c, mongodb: { operation: count, arguments: { pipeline: arguments.p } } }
                  m.c: { acts_on: "url:{arguments.url}", action: create, body: arguments }
                  m.d: { acts_on: c, action: create, body: arguments.json }
                """, "openapi: 3.0.3\npaths: {}\n");
        assertEquals("""
                catalog/c.yaml:2: resources.a.database: a database of documents has `collections` and no `schema`; write `collections: { customers: [_id, name] }`
                catalog/c.yaml:3: resources.b.database: a database that speaks SQL has a `schema` and no `collections`; write `schema: NAME.sql`
                catalog/c.yaml:4: resources.c.database.collections: `a` already covers `a.b`
                catalog/c.yaml:5: resources.d.tags["t.b"]: the schema has no column "t.b"; did you mean "t.a"?
                catalog/c.yaml:6: resources.e.api.document: there is no file catalog/none.openapi.yaml; put the OpenAPI document of the API there
                catalog/c.yaml:8: tools["m.a"]: has more than one of `action`, `sql`, `mongodb` and `parameters`; write what it does, or where the statement stands that says it
                catalog/c.yaml:9: tools["m.b"].mongodb.arguments.pipeline: `count` has no "pipeline"
                catalog/c.yaml:10: tools["m.c"].body: names no single argument; write `body: arguments.NAME`: the URL is an argument too
                catalog/c.yaml:11: tools["m.d"].body: `body` is for tools that act on a `url:` or have `parameters`; take it away
                """.strip(), loaded.text().strip());
    }

    @Test
    void eachMistakeOfADocumentIsTold() {
        String catalog = "resources: { shop: { api: { document: shop.openapi.yaml } } }\n";
        Loaded<PolicySet> loaded = load(catalog, """
                openapi: 2.0.0
                paths:
                  orders: {}
                  /a/{x}{y}: {}
                  /b: { $ref: "other.yaml" }
                  /c: { GET: {} }
                  /d: { get: { x-reeve-action: peek } }
                """);
        assertEquals("""
                catalog/shop.openapi.yaml:1: is no OpenAPI document of version 3.0 or 3.1; convert it (`openapi: 3.1.0`)
                catalog/shop.openapi.yaml:3: paths.orders: the path `orders`: a path begins with `/`, and has at most 1024 characters
                catalog/shop.openapi.yaml:4: paths["/a/{x}{y}"]: the path `/a/{x}{y}`: a segment has at most one parameter in braces
                catalog/shop.openapi.yaml:5: paths["/b"]["$ref"]: references of whole paths are not followed; write the path item in its place
                catalog/shop.openapi.yaml:6: paths["/c"].GET: `GET` is no operation; methods are written in small letters
                catalog/shop.openapi.yaml:7: paths["/d"].get: `x-reeve-action` is none of the usual actions
                """.strip(), loaded.text().strip().replaceAll("; they are .*", ""));
        assertEquals(
                "catalog/shop.openapi.yaml: paths: the paths `/a/{x}` and `/a/{y}` are the same; OpenAPI allows each once",
                load(catalog, "openapi: 3.0.0\npaths: { \"/a/{x}\": { get: {} }, \"/a/{y}\": { post: {} } }\n")
                        .text()
                        .strip());
    }
}
