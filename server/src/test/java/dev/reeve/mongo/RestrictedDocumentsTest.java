package dev.reeve.mongo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.mongodb.MongoException;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import dev.reeve.mongo.MongoCorpusTest.Databases;
import dev.reeve.mongo.MongoCorpusTest.Vector;
import dev.reeve.mongo.MongoInspector.FieldEquals;
import dev.reeve.sql.SqlAction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Each request of the corpus, restricted: an independent evaluator finds what it finds for the request without restriction where the documents hold no
 * more than may be seen.
 */
final class RestrictedDocumentsTest {
    /** Not within documents, and `find` as a pipeline: this evaluator computes neither as MongoDB does. The other one does ({@code restricted.json}). */
    private static final Map<String, Set<String>> MASKS = Map.of(
            "customers", Set.of("email"), "sales", Set.of("region"), "leads", Set.of("note"), "staff", Set.of("name"));

    private static final MongoRestriction NESTED = new MongoRestriction(
            Map.of(),
            Map.of(
                    "customers", Set.of("email", "address.zip"),
                    "sales", Set.of("items.sku", "region"),
                    "leads", Set.of("note"),
                    "staff", Set.of("name")),
            OptionalInt.empty());

    private static final Map<String, Set<String>> OTHERS =
            Map.of("customers", Set.of("name", "tags"), "sales", Set.of("customer"), "staff", Set.of("boss"));
    private static final Map<String, List<FieldEquals>> ROWS = Map.of(
            "customers", List.of(new FieldEquals("email", "a@x")), "sales", List.of(new FieldEquals("region", "n")));

    private static final List<MongoRestriction> CASES = List.of(
            new MongoRestriction(Map.of(), MASKS, OptionalInt.empty()),
            new MongoRestriction(Map.of(), OTHERS, OptionalInt.empty()),
            new MongoRestriction(ROWS, MASKS, OptionalInt.empty()));

    private static Optional<Json.Obj> left(MongoRestriction restriction, String collection, Json.Obj document) {
        for (FieldEquals row : restriction.rowsOf(collection)) {
            if (!document.get(row.field()).equals(Optional.of(new Json.Str(row.value())))) {
                return Optional.empty();
            }
        }
        Json.Obj kept = document;
        for (String field : restriction.masked().getOrDefault(collection, Set.of())) {
            kept = kept.with(field, new Json.Str("[" + field + "]"));
        }
        return Optional.of(kept);
    }

    private static MongoRequest piped(MongoRequest find) {
        if (find.operation() != MongoOperation.FIND) {
            return find;
        }
        List<Json> stages = new ArrayList<>();
        find.filter()
                .ifPresent(one -> stages.add(Json.object().put("$match", one).build()));
        find.sort().ifPresent(one -> stages.add(Json.object().put("$sort", one).build()));
        find.projection()
                .ifPresent(one -> stages.add(Json.object().put("$project", one).build()));
        return new MongoRequest(
                MongoOperation.AGGREGATE,
                find.collection(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(new Json.Arr(stages)),
                Optional.empty(),
                Optional.empty(),
                false);
    }

    @Test
    void whatIsFoundIsWhatWouldBeFoundIfThereWereNoMore() throws Exception {
        List<String> wrong = new ArrayList<>();
        List<String> notRun = new ArrayList<>();
        int run = 0;
        int refused = 0;
        MongoSchema schema = MongoCorpusTest.schema();
        try (Databases databases = new Databases()) {
            for (MongoRestriction restriction : CASES) {
                String twin = databases.holding((collection, one) -> left(restriction, collection, one));
                for (Vector vector : MongoCorpusTest.vectors()) {
                    MongoRequest request = vector.request();
                    if (!(MongoInspector.inspect(request, schema, MongoRestriction.NONE)
                                    instanceof MongoInspection.Request plain)
                            || plain.touched().stream().anyMatch(access -> access.action() != SqlAction.QUERY)) {
                        continue;
                    }
                    switch (MongoInspector.inspect(request, schema, restriction)) {
                        case MongoInspection.Refused(String code, String reason) -> {
                            assertEquals("mongo_masked", code, reason);
                            refused++;
                        }
                        case MongoInspection.Request sent -> {
                            try {
                                String found = databases.run("whole", piped(MongoCorpusTest.sent(request, sent)));
                                String meant = databases.run(twin, piped(MongoCorpusTest.sent(request, plain)));
                                run++;
                                if (!found.equals(meant)) {
                                    wrong.add(vector.text() + "\n  sent  " + sent + "\n  meant " + meant + "\n  found "
                                            + found);
                                }
                            } catch (MongoException e) {
                                notRun.add(vector.text() + "\n  sent " + sent + "\n  " + e.getMessage());
                            }
                        }
                    }
                }
            }
        }
        assertTrue(wrong.isEmpty(), () -> "\n" + String.join("\n", wrong));
        String many = run + " run, " + refused + " refused, not these:\n" + String.join("\n", notRun);
        assertTrue(run >= 110 && refused >= 20 && refused < run, many);
    }

    /** Nothing is in both regions. */
    @Test
    void twoConditionsAboutOneFieldBothHold() throws Exception {
        FieldEquals north = new FieldEquals("region", "n");
        FieldEquals south = new FieldEquals("region", "s");
        try (Databases databases = new Databases()) {
            for (String text : List.of(
                    "{\"operation\": \"find\", \"collection\": \"sales\", \"filter\": {\"amount\": {\"$gt\": 0}}}",
                    "{\"operation\": \"aggregate\", \"collection\": \"sales\", \"pipeline\": [{\"$project\": {\"amount\": 1}}]}")) {
                assertTrue(restrictedTo(List.of(north), text, databases).contains("2.5"), text);
                assertEquals("[]", restrictedTo(List.of(north, south), text, databases));
                assertEquals("[]", restrictedTo(List.of(south, north), text, databases));
            }
        }
    }

    private static String restrictedTo(List<FieldEquals> rows, String text, Databases databases) throws Exception {
        MongoRestriction restriction = new MongoRestriction(Map.of("sales", rows), Map.of(), OptionalInt.empty());
        MongoInspection.Request sent = (MongoInspection.Request) restrict(text, restriction);
        return databases.run("whole", piped(MongoCorpusTest.sent(new Vector("", text).request(), sent)));
    }

    private static MongoInspection restrict(String text, MongoRestriction restriction) throws Exception {
        return MongoInspector.inspect(new Vector("", text).request(), MongoCorpusTest.schema(), restriction);
    }

    /** What the database looks at before anything can be put in its place, and what writes. */
    @Test
    void whatCannotBeMaskedIsRefused() throws Exception {
        for (String text : List.of(
                "{\"operation\": \"find\", \"collection\": \"customers\", \"filter\": {\"email\": \"a@x\"}, \"projection\": {\"name\": 1}}",
                "{\"operation\": \"find\", \"collection\": \"customers\", \"sort\": {\"address.zip\": 1}, \"projection\": {\"name\": 1}}",
                "{\"operation\": \"find\", \"collection\": \"customers\", \"projection\": {\"x\": {\"$toUpper\": \"$email\"}}}",
                "{\"operation\": \"count\", \"collection\": \"customers\", \"filter\": {\"email\": {\"$gt\": \"a\"}}}",
                "{\"operation\": \"aggregate\", \"collection\": \"sales\", \"pipeline\": [{\"$lookup\": {\"from\": \"customers\", \"localField\": \"customer\", \"foreignField\": \"email\", \"as\": \"c\"}}]}",
                "{\"operation\": \"aggregate\", \"collection\": \"sales\", \"pipeline\": [{\"$graphLookup\": {\"from\": \"customers\", \"startWith\": \"$customer\", \"connectFromField\": \"_id\", \"connectToField\": \"email\", \"as\": \"c\"}}]}",
                "{\"operation\": \"aggregate\", \"collection\": \"customers\", \"pipeline\": [{\"$project\": {\"_id\": 0, \"note\": \"$email\"}}, {\"$out\": \"leads\"}]}",
                "{\"operation\": \"update\", \"collection\": \"customers\", \"filter\": {\"email\": \"a@x\"}, \"update\": {\"$set\": {\"name\": \"x\"}}}",
                "{\"operation\": \"delete\", \"collection\": \"customers\", \"filter\": {\"email\": \"a@x\"}}")) {
            MongoInspection found = restrict(text, NESTED);
            assertTrue(
                    found instanceof MongoInspection.Refused refused
                            && refused.code().equals("mongo_masked"),
                    text + "\n" + found);
        }
    }

    @Test
    void aPipelineGivesNoMoreThanItMay() throws Exception {
        MongoRestriction two = new MongoRestriction(Map.of(), Map.of(), OptionalInt.of(2));
        MongoInspection.Request found = (MongoInspection.Request) restrict(
                "{\"operation\": \"aggregate\", \"collection\": \"leads\", \"pipeline\": [{\"$limit\": 9}]}", two);
        assertTrue(
                JsonWriter.text(found.pipeline().orElseThrow()).endsWith("{\"$limit\":9},{\"$limit\":2}]"),
                found::toString);
        MongoInspection.Request writes = (MongoInspection.Request) restrict(
                "{\"operation\": \"aggregate\", \"collection\": \"leads\", \"pipeline\": [{\"$project\": {\"note\": 1}}, {\"$out\": \"leads\"}]}",
                two);
        assertTrue(
                JsonWriter.text(writes.pipeline().orElseThrow()).endsWith("{\"$out\":\"leads\"}]"), writes::toString);
    }

    /** {@code restricted.json} is for programs that are not Reeve: a request, what is sent in its place, and what is masked. */
    @Test
    void whatIsSentIsPublished() throws Exception {
        List<String> all = new ArrayList<>();
        Json.Builder masks = Json.object();
        new java.util.TreeMap<>(NESTED.masked())
                .forEach((name, fields) -> masks.put(name, Json.Arr.ofStrings(new java.util.TreeSet<>(fields))));
        for (Vector vector : MongoCorpusTest.vectors()) {
            MongoRequest request = vector.request();
            if (MongoInspector.inspect(request, MongoCorpusTest.schema(), NESTED)
                            instanceof MongoInspection.Request sent
                    && MongoInspector.inspect(request, MongoCorpusTest.schema(), MongoRestriction.NONE)
                            instanceof MongoInspection.Request plain
                    && sent.touched().stream().allMatch(access -> access.action() == SqlAction.QUERY)) {
                all.add(JsonWriter.text(Json.object()
                        .put("text", MongoCorpusTest.json(vector.text()))
                        .put("plain", parts(plain))
                        .put("sent", parts(sent))
                        .build()));
            }
        }
        String text = "{\"masked\":" + JsonWriter.text(masks.build()) + ",\"requests\":[\n" + String.join(",\n", all)
                + "\n]}\n";
        Path file = MongoCorpusTest.FOLDER.resolve("restricted.json");
        if (Boolean.getBoolean("reeve.publish")) {
            Files.writeString(file, text);
        }
        assertEquals(Files.readString(file), text, "run this test with -Dreeve.publish=true");
    }

    private static Json.Obj parts(MongoInspection.Request request) {
        Json.Builder parts = Json.object();
        request.filter().ifPresent(one -> parts.put("filter", one));
        request.projection().ifPresent(one -> parts.put("projection", one));
        request.pipeline().ifPresent(one -> parts.put("pipeline", one));
        return parts.build();
    }
}
