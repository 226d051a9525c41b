package dev.reeve.mongo;

import dev.reeve.json.Json;
import dev.reeve.mongo.MongoInspector.FieldEquals;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** One place where documents of a collection come into a request, and which of their fields are read there. */
final class Source {
    static final String ID = "_id";

    private final String collection;
    private final List<String> declared;
    private final Set<String> read = new TreeSet<>();
    private final Set<String> raw = new TreeSet<>();

    Source(String collection, MongoSchema schema) {
        this.collection = collection;
        List<String> fields = schema.collections().get(collection);
        if (fields == null) {
            throw new RefusedMongoException("mongo_unknown_collection", "unknown collection `" + collection + "`");
        }
        this.declared = fields;
    }

    /** Fields that the database looks at before anything can be put in their place. */
    Set<String> raw() {
        return raw;
    }

    String collection() {
        return collection;
    }

    List<String> declared() {
        return declared;
    }

    Set<String> reads() {
        return read;
    }

    boolean declares(String path) {
        return !leaves(path).isEmpty();
    }

    /** The declared fields that are meant by a path: the one that covers it, or those below it. */
    List<String> leaves(String path) {
        return declared.stream()
                .filter(field -> Path.covers(field, path) || Path.covers(path, field))
                .toList();
    }

    /** @return the declared fields, at least one */
    List<String> read(String path) {
        List<String> leaves = leaves(path);
        if (leaves.isEmpty()) {
            throw RefusedMongoException.unknownField(path);
        }
        read.addAll(leaves);
        return leaves;
    }

    /** Where the database sees whole documents: what is above declared fields has others below it that nobody knows. */
    String readOne(String path) {
        String one = one(path);
        read.add(one);
        raw.add(one);
        return one;
    }

    /** The declared field that covers the path. */
    String one(String path) {
        List<String> leaves = leaves(path);
        if (leaves.isEmpty()) {
            throw RefusedMongoException.unknownField(path);
        }
        if (!Path.covers(leaves.getFirst(), path)) {
            throw new RefusedMongoException(
                    "mongo_subdocument", "`" + path + "` is a document with several fields; name one of them");
        }
        return leaves.getFirst();
    }

    void readAll(Collection<String> without) {
        declared.stream()
                .filter(field -> without.stream().noneMatch(gone -> Path.covers(gone, field)))
                .forEach(read::add);
    }

    /** What a pipeline over the collection begins with: the rows that may be seen, and of them the fields that were decided about. */
    List<Json> opening(MongoRestriction restriction) {
        List<Json> stages = new ArrayList<>();
        List<FieldEquals> rows = restriction.rowsOf(collection);
        if (!rows.isEmpty()) {
            stages.add(Json.object().put("$match", all(rows)).build());
        }
        stages.add(Json.object().put("$project", projection(restriction)).build());
        return stages;
    }

    /** All of them, also where several are about one field: of two members of one name only the last would count. */
    static Json.Obj all(List<FieldEquals> rows) {
        List<Json> each = new ArrayList<>();
        for (FieldEquals row : rows) {
            each.add(Json.object()
                    .put(row.field(), Json.object().put("$eq", row.value()))
                    .build());
        }
        return each.size() == 1
                ? (Json.Obj) each.getFirst()
                : Json.object().put("$and", new Json.Arr(each)).build();
    }

    /** The fields that are read and no others. Where there are none, the documents are still counted. */
    private Json.Obj projection(MongoRestriction restriction) {
        Json.Builder projection = Json.object();
        read.stream()
                .filter(field -> !field.equals(ID))
                .forEach(field -> projection.put(field, shown(field, restriction)));
        if (read.contains(ID)) {
            return projection.put(ID, shown(ID, restriction)).build();
        }
        return projection.put(ID, read.isEmpty() ? 1 : 0).build();
    }

    /** What a projection says of a field that is read. */
    Json shown(String field, MongoRestriction restriction) {
        return restriction.masks(collection, field) ? MongoRestriction.mask(field) : Json.of(1);
    }
}
