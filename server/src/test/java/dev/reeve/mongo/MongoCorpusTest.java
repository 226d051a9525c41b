package dev.reeve.mongo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.mongodb.MongoException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import dev.reeve.sql.SqlAction;
import dev.reeve.sql.TableAccess;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.bson.Document;
import org.junit.jupiter.api.Test;

/** What is said of each request of {@code spec/vectors/mongo}, and that it is true: an independent evaluator finds nothing in the fields that were not named. */
final class MongoCorpusTest {
    static final Path FOLDER = Path.of("..", "spec", "vectors", "mongo");

    /** Here the evaluator does other than MongoDB: a projection of find within a document, and one within a list. */
    private static final List<String> NOT_AS_MONGODB =
            List.of("\"projection\": {\"address\": {", "{\"$unwind\": \"$items\"}");

    record Vector(String expected, String text) {
        MongoRequest request() {
            return MongoCorpusTest.request(json(text));
        }
    }

    static List<Vector> vectors() throws IOException {
        List<Vector> vectors = new ArrayList<>();
        List<String> lines = Files.readAllLines(FOLDER.resolve("requests.txt"));
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith("=") || lines.get(i).startsWith("!")) {
                vectors.add(new Vector(lines.get(i), lines.get(i + 1)));
            }
        }
        return vectors;
    }

    static Json.Obj json(String text) {
        try {
            return StrictJson.readObject(text.getBytes(StandardCharsets.UTF_8), JsonLimits.REQUEST);
        } catch (JsonRefusedException e) {
            throw new AssertionError(text, e);
        }
    }

    private static Json.Obj file(String name) throws IOException {
        return json(Files.readString(FOLDER.resolve(name)));
    }

    static MongoSchema schema() throws IOException {
        Map<String, List<String>> collections = new LinkedHashMap<>();
        file("schema.json")
                .members()
                .forEach((name, fields) -> collections.put(
                        name,
                        ((Json.Arr) fields)
                                .items().stream()
                                        .map(field -> ((Json.Str) field).value())
                                        .toList()));
        return new MongoSchema(collections);
    }

    private static MongoRequest request(Json.Obj given) {
        return new MongoRequest(
                MongoOperation.valueOf(given.string("operation").orElseThrow().toUpperCase(Locale.ROOT)),
                given.string("collection").orElse(""),
                given.get("filter"),
                given.get("projection"),
                given.get("sort"),
                given.get("pipeline"),
                given.get("documents"),
                given.get("update"),
                given.get("upsert").equals(Optional.of(Json.Bool.TRUE)));
    }

    private static String describe(MongoInspection found) {
        return switch (found) {
            case MongoInspection.Refused refused -> "! " + refused.code();
            case MongoInspection.Request request -> {
                Set<String> sorted = new TreeSet<>();
                for (TableAccess access : request.touched()) {
                    sorted.add(access.action().name().toLowerCase(Locale.ROOT) + " " + access.table() + "("
                            + String.join(",", new TreeSet<>(access.columns())) + ")");
                }
                yield "= " + String.join("; ", sorted);
            }
        };
    }

    @Test
    void eachRequestIsRefusedOrReportedInFull() throws Exception {
        List<String> wrong = new ArrayList<>();
        MongoSchema schema = schema();
        for (Vector vector : vectors()) {
            String found = describe(MongoInspector.inspect(vector.request(), schema, MongoRestriction.NONE));
            if (!found.equals(vector.expected())) {
                wrong.add(vector.text() + "\n  expected " + vector.expected() + "\n  found    " + found);
            }
        }
        assertTrue(wrong.isEmpty(), () -> "\n" + String.join("\n", wrong));
        assertTrue(vectors().size() >= 150);
    }

    /** The database with everything, the one with the declared fields only, and one with nothing but what was named. */
    static final class Databases implements AutoCloseable {
        private final MongoServer server = new MongoServer(new MemoryBackend());
        private final MongoClient client;
        private final MongoSchema schema = schema();
        private final Json.Obj documents = file("documents.json");
        private int narrowed;

        Databases() throws IOException {
            client = MongoClients.create(server.bindAndGetConnectionString());
            fill("whole", Optional.empty());
            fill("declared", Optional.of(schema.collections()));
        }

        String narrow(List<TableAccess> touched) {
            Map<String, List<String>> named = new HashMap<>();
            touched.stream()
                    .filter(access -> access.action() == SqlAction.QUERY)
                    .forEach(access -> named.put(access.table(), List.copyOf(access.columns())));
            String name = "narrow" + narrowed++;
            fill(name, Optional.of(named));
            return name;
        }

        /** One with what is left of each document, or without it. */
        String holding(BiFunction<String, Json.Obj, Optional<Json.Obj>> left) {
            String name = "narrow" + narrowed++;
            MongoDatabase database = client.getDatabase(name);
            documents
                    .members()
                    .forEach((collection, list) -> ((Json.Arr) list)
                            .items()
                            .forEach(one -> left.apply(collection, (Json.Obj) one)
                                    .ifPresent(kept -> database.getCollection(collection)
                                            .insertOne(Document.parse(JsonWriter.text(kept))))));
            return name;
        }

        private void fill(String name, Optional<Map<String, List<String>>> fields) {
            MongoDatabase database = client.getDatabase(name);
            documents.members().forEach((collection, list) -> {
                long number = 1000;
                for (Json one : ((Json.Arr) list).items()) {
                    Json.Obj kept =
                            (Json.Obj) fields.map(named -> keep("", one, named.getOrDefault(collection, List.of())))
                                    .orElse(one);
                    // There is no document without an _id: where it was not named it is another.
                    Json.Obj stored = kept.has("_id") ? kept : kept.with("_id", Json.of(number++));
                    database.getCollection(collection).insertOne(Document.parse(JsonWriter.text(stored)));
                }
            });
        }

        private static Json keep(String above, Json value, List<String> fields) {
            return switch (value) {
                case Json.Obj object -> {
                    Json.Builder kept = Json.object();
                    object.members().forEach((name, inner) -> {
                        String path = above + name;
                        if (fields.contains(path)) {
                            kept.put(name, inner);
                        } else if (fields.stream().anyMatch(field -> field.startsWith(path + "."))) {
                            kept.put(name, keep(path + ".", inner, fields));
                        }
                    });
                    yield kept.build();
                }
                case Json.Arr list ->
                    new Json.Arr(list.items().stream()
                            .map(item -> keep(above, item, fields))
                            .toList());
                default -> value;
            };
        }

        /** What is found; a failure of the evaluator is one, too. */
        String run(String database, MongoRequest request) {
            MongoDatabase there = client.getDatabase(database);
            var collection = there.getCollection(request.collection());
            List<Document> found = new ArrayList<>();
            switch (request.operation()) {
                case FIND -> {
                    var query = collection.find(document(request.filter()));
                    request.projection().ifPresent(one -> query.projection(document(Optional.of(one))));
                    request.sort().ifPresent(one -> query.sort(document(Optional.of(one))));
                    query.into(found);
                }
                case COUNT -> found.add(new Document("n", collection.countDocuments(document(request.filter()))));
                default -> {
                    Document wrapped = Document.parse(
                            "{\"p\": " + JsonWriter.text(request.pipeline().orElseThrow()) + "}");
                    collection.aggregate(wrapped.getList("p", Document.class)).into(found);
                }
            }
            return plain(found).toString();
        }

        private static Document document(Optional<Json> value) {
            return Document.parse(value.map(JsonWriter::text).orElse("{}"));
        }

        /** Without the order of fields, which nothing promises. */
        private static Object plain(Object value) {
            return switch (value) {
                case Document document -> {
                    Map<String, Object> sorted = new java.util.TreeMap<>();
                    document.forEach((name, inner) -> sorted.put(name, inner == null ? "null" : plain(inner)));
                    yield sorted;
                }
                case List<?> list ->
                    list.stream().map(one -> one == null ? "null" : plain(one)).toList();
                default -> value;
            };
        }

        @Override
        public void close() {
            client.close();
            server.shutdownNow();
        }
    }

    static MongoRequest sent(MongoRequest request, MongoInspection.Request found) {
        return new MongoRequest(
                request.operation(),
                request.collection(),
                found.filter(),
                found.projection(),
                request.sort(),
                found.pipeline(),
                request.documents(),
                request.update(),
                request.upsert());
    }

    @Test
    void whatIsSentFindsTheSameWithoutTheFieldsThatWereNotNamed() throws Exception {
        List<String> wrong = new ArrayList<>();
        List<String> notRun = new ArrayList<>();
        int run = 0;
        try (Databases databases = new Databases()) {
            for (Vector vector : vectors()) {
                MongoRequest request = vector.request();
                if (MongoInspector.inspect(request, databases.schema, MongoRestriction.NONE)
                                instanceof MongoInspection.Request found
                        && found.touched().stream().allMatch(access -> access.action() == SqlAction.QUERY)) {
                    try {
                        String meant = databases.run("declared", request);
                        MongoRequest sent = sent(request, found);
                        String whole = databases.run("whole", sent);
                        String narrow = databases.run(databases.narrow(found.touched()), sent);
                        run++;
                        // Of `leads` nobody declared the _id, which the text shows and the request does not.
                        boolean other = NOT_AS_MONGODB.stream().anyMatch(vector.text()::contains)
                                || found.touched().stream()
                                        .anyMatch(access -> access.table().equals("leads"));
                        if (!whole.equals(narrow) || (!other && !meant.equals(whole))) {
                            wrong.add(vector.text() + "\n  meant  " + meant + "\n  whole  " + whole + "\n  narrow "
                                    + narrow);
                        }
                    } catch (MongoException e) {
                        notRun.add(vector.text() + "\n  " + e.getMessage());
                    }
                }
            }
        }
        assertTrue(wrong.isEmpty(), () -> "\n" + String.join("\n", wrong));
        int those = run;
        assertTrue(run >= 45, () -> those + " run, not these:\n" + String.join("\n", notRun));
    }

    /** {@code sent.json} is for programs that are not Reeve: what was written, what is sent, and the fields that were named. */
    @Test
    void whatIsSentIsPublished() throws Exception {
        List<String> all = new ArrayList<>();
        for (Vector vector : vectors()) {
            MongoRequest request = vector.request();
            if (MongoInspector.inspect(request, schema(), MongoRestriction.NONE)
                            instanceof MongoInspection.Request found
                    && found.touched().stream().allMatch(access -> access.action() == SqlAction.QUERY)) {
                Json.Builder fields = Json.object();
                found.touched()
                        .forEach(access ->
                                fields.put(access.table(), Json.Arr.ofStrings(new TreeSet<>(access.columns()))));
                Json.Builder sent = Json.object();
                found.filter().ifPresent(one -> sent.put("filter", one));
                found.projection().ifPresent(one -> sent.put("projection", one));
                found.pipeline().ifPresent(one -> sent.put("pipeline", one));
                all.add(JsonWriter.text(Json.object()
                        .put("text", json(vector.text()))
                        .put("sent", sent)
                        .put("fields", fields)
                        .build()));
            }
        }
        String text = "[\n" + String.join(",\n", all) + "\n]\n";
        Path file = FOLDER.resolve("sent.json");
        if (Boolean.getBoolean("reeve.publish")) {
            Files.writeString(file, text);
        }
        assertEquals(Files.readString(file), text, "run this test with -Dreeve.publish=true");
    }

    /** What is sent touches no more than what was asked, and is accepted itself. */
    @Test
    void mutatedRequestsAreRefusedOrMeanWhatIsSent() throws Exception {
        long seed = 41;
        Random random = new Random(seed);
        MongoSchema schema = schema();
        List<Vector> vectors = vectors();
        List<Json> pieces = new ArrayList<>();
        vectors.forEach(vector -> collect(json(vector.text()), pieces));
        int accepted = 0;
        for (int round = 0; round < 20_000; round++) {
            Json.Obj base = json(vectors.get(random.nextInt(vectors.size())).text());
            Json.Obj mutated = (Json.Obj) mutate(base.without("operation"), pieces, random, 0);
            Json.Obj whole = mutated.with("operation", base.get("operation").orElseThrow());
            MongoRequest request = request(whole);
            if (MongoInspector.inspect(request, schema, MongoRestriction.NONE)
                    instanceof MongoInspection.Request found) {
                accepted++;
                MongoInspection again = MongoInspector.inspect(sent(request, found), schema, MongoRestriction.NONE);
                assertTrue(again instanceof MongoInspection.Request, () -> "seed " + seed + ": " + whole + " " + again);
                assertEquals(
                        Set.of(), beyond((MongoInspection.Request) again, found), () -> "seed " + seed + ": " + whole);
            }
        }
        assertTrue(accepted > 1_000, "only " + accepted + " were accepted");
    }

    private static Set<String> beyond(MongoInspection.Request again, MongoInspection.Request found) {
        Set<String> more = names(again);
        more.removeAll(names(found));
        // Documents that are only counted are sent with this one.
        more.removeIf(name -> name.endsWith("._id"));
        return more;
    }

    private static Set<String> names(MongoInspection.Request request) {
        Set<String> names = new TreeSet<>();
        request.touched()
                .forEach(access -> access.columns()
                        .forEach(column -> names.add(access.action() + " " + access.table() + "." + column)));
        return names;
    }

    private static void collect(Json value, List<Json> pieces) {
        pieces.add(value);
        switch (value) {
            case Json.Obj object -> object.members().values().forEach(one -> collect(one, pieces));
            case Json.Arr list -> list.items().forEach(one -> collect(one, pieces));
            default -> {}
        }
    }

    private static Json mutate(Json value, List<Json> pieces, Random random, int depth) {
        if (depth > 1 && random.nextInt(12) == 0) {
            return pieces.get(random.nextInt(pieces.size()));
        }
        return switch (value) {
            case Json.Obj object -> {
                Json.Builder copy = Json.object();
                object.members()
                        .forEach((name, inner) -> copy.put(
                                depth > 1 && random.nextInt(40) == 0 ? "$" + name : name,
                                mutate(inner, pieces, random, depth + 1)));
                yield copy.build();
            }
            case Json.Arr list ->
                new Json.Arr(list.items().stream()
                        .map(one -> mutate(one, pieces, random, depth + 1))
                        .toList());
            default -> value;
        };
    }

    @Test
    void limitsHoldBeforeReading() throws Exception {
        Json deep = Json.of("$name");
        for (int i = 0; i < 5_000; i++) {
            deep = Json.object().put("$toUpper", deep).build();
        }
        Json.Obj project =
                Json.object().put("$project", Json.object().put("x", deep)).build();
        MongoRequest request = request(Json.object()
                .put("operation", "aggregate")
                .put("collection", "customers")
                .put("pipeline", new Json.Arr(List.of(project)))
                .build());
        assertEquals("! mongo_too_large", describe(MongoInspector.inspect(request, schema(), MongoRestriction.NONE)));
        List<Json> many = new ArrayList<>();
        for (int i = 0; i < 60_000; i++) {
            many.add(Json.of(i));
        }
        MongoRequest wide = request(Json.object()
                .put("operation", "find")
                .put("collection", "customers")
                .put("filter", Json.object().put("name", Json.object().put("$in", new Json.Arr(many))))
                .build());
        assertEquals("! mongo_too_large", describe(MongoInspector.inspect(wide, schema(), MongoRestriction.NONE)));
    }
}
