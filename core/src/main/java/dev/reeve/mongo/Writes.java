package dev.reeve.mongo;

import dev.reeve.json.Json;
import dev.reeve.sql.SqlAction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What is stored: documents, updates (MongoDB manual, "Update Operators"), and the stages that write. Only declared fields can be written. */
final class Writes {
    private static final int MOST_DOCUMENTS = 10_000;
    private static final Set<String> OPERATORS = Set.of(
            "$set $setOnInsert $inc $mul $min $max $pop $pullAll $unset $currentDate $rename $push $addToSet $pull $bit"
                    .split(" "));
    private static final Set<String> MODIFIERS = Set.of("$each", "$slice", "$sort", "$position");

    private final Touches touches;
    private final Source target;
    private final SqlAction action;
    private final List<String> fields = new ArrayList<>();

    private Writes(Touches touches, String collection, SqlAction action) {
        this.touches = touches;
        this.target = touches.known(collection);
        this.action = action;
    }

    private void done() {
        touches.write(target.collection(), action, fields);
    }

    static void insert(String collection, Json documents, Touches touches) {
        Writes writes = new Writes(touches, collection, SqlAction.CREATE);
        List<Json> list = documents instanceof Json.Obj one ? List.of(one) : Literals.list(documents, "`documents`");
        if (list.size() > MOST_DOCUMENTS) {
            throw RefusedMongoException.malformed("at most " + MOST_DOCUMENTS + " documents are inserted at once");
        }
        list.forEach(one -> writes.document("", Literals.object(one, "a document")));
        writes.done();
    }

    private void document(String above, Json.Obj document) {
        document.members().forEach((name, value) -> {
            String path = above + Path.name(name);
            List<Json.Obj> within = documents(value);
            if (!within.isEmpty() && isAbove(path)) {
                within.forEach(one -> document(path + ".", one));
            } else {
                fields.add(target.one(path));
                Literals.check(value);
            }
        });
    }

    private boolean isAbove(String path) {
        return target.leaves(path).stream().anyMatch(field -> field.startsWith(path + "."));
    }

    /** The document that a value is, or the documents that it is a list of. */
    private static List<Json.Obj> documents(Json value) {
        List<Json> items = value instanceof Json.Arr list ? list.items() : List.of(value);
        List<Json.Obj> documents = new ArrayList<>();
        for (Json item : items) {
            if (!(item instanceof Json.Obj object) || Literals.isExtended(object)) {
                return List.of();
            }
            documents.add(object);
        }
        return documents;
    }

    /**
     * @param reading where the documents are found
     * @param upsert whether one is made of the filter and the update if none is found
     */
    static void update(Source reading, Json update, boolean upsert, Touches touches) {
        Writes writes = new Writes(touches, reading.collection(), SqlAction.UPDATE);
        switch (update) {
            case Json.Obj operators -> writes.operators(operators, reading);
            case Json.Arr stages -> writes.stages(stages, reading);
            default -> throw RefusedMongoException.malformed("`update` is an object of operators, or a list of stages");
        }
        writes.done();
        if (upsert) {
            writes.fields.addAll(reading.reads());
            touches.write(reading.collection(), SqlAction.CREATE, writes.fields);
        }
    }

    private void operators(Json.Obj operators, Source reading) {
        if (operators.members().isEmpty()) {
            throw RefusedMongoException.malformed("`update` is an object of operators, or a list of stages");
        }
        operators.members().forEach((name, operand) -> {
            if (!OPERATORS.contains(name)) {
                throw new RefusedMongoException(
                        "mongo_operator", "the operator `" + name + "` is not on the list of operators");
            }
            named(operand, name).members().forEach((path, value) -> operator(name, path, value, reading));
        });
    }

    /** Otherwise it would be decided as an update of no field at all. */
    private static Json.Obj named(Json operand, String name) {
        Json.Obj object = Literals.object(operand, "`" + name + "`");
        if (object.members().isEmpty()) {
            throw RefusedMongoException.malformed("`" + name + "` names at least one field");
        }
        return object;
    }

    private void operator(String name, String written, Json value, Source reading) {
        String field = target.one(place(written));
        fields.add(field);
        switch (name) {
            case "$unset", "$currentDate" -> constant(value);
            case "$rename" -> {
                // What was in one field can be read in the other from then on.
                reading.readOne(field);
                fields.add(target.one(Path.of(Literals.text(value, "a new name"))));
            }
            case "$push", "$addToSet" -> pushed(value);
            case "$pull" -> {
                Shape all = new Shape.Open(reading, false);
                Json.Obj condition = Json.object().put(field, value).build();
                if (Literals.isOperators(value)) {
                    Filters.read(condition, all, Set.of());
                } else {
                    Literals.check(value);
                    reading.readOne(field);
                }
            }
            case "$bit" -> {
                Literals.only(Literals.object(value, name), name, Set.of("and", "or", "xor"));
                Literals.check(value);
            }
            default -> Literals.check(value);
        }
    }

    /** Without the places in arrays that only updates know. */
    private static String place(String written) {
        return Path.of(written.replace(".$[].", ".").replace(".$.", ".").replaceFirst("\\.\\$(\\[])?$", ""));
    }

    /** What {@code $unset} and {@code $currentDate} take: a constant, or the kind of date. */
    private static void constant(Json value) {
        if (value instanceof Json.Obj object) {
            Literals.only(object, "`$currentDate`", Set.of("$type"));
            Literals.text(Literals.member(object, "$type", "`$currentDate`"), "`$type`");
        } else {
            Literals.check(value);
        }
    }

    private static void pushed(Json value) {
        if (Literals.isOperators(value)) {
            Json.Obj modifiers = Literals.object(value, "`$push`");
            Literals.only(modifiers, "`$push`", MODIFIERS);
            modifiers.members().values().forEach(Literals::check);
        } else {
            Literals.check(value);
        }
    }

    /** An update that is a pipeline sees whole documents. */
    private void stages(Json.Arr stages, Source reading) {
        Shape shape = new Shape.Open(reading, false);
        for (Json stage : Literals.list(stages, "`update`")) {
            Json.Obj object = Literals.object(stage, "a stage");
            String name = object.members().isEmpty()
                    ? ""
                    : object.members().keySet().iterator().next();
            if (object.members().size() != 1
                    || !Set.of("$set", "$addFields", "$unset").contains(name)) {
                throw new RefusedMongoException("mongo_stage", "the stage `" + name + "` is not accepted in an update");
            }
            shape = changed(name, Literals.member(object, name, "a stage"), shape);
        }
    }

    private Shape changed(String name, Json value, Shape shape) {
        Shape[] after = {shape};
        if (name.equals("$unset")) {
            for (Json one : Literals.isText(value) ? List.of(value) : Literals.list(value, "`$unset`")) {
                String path = Path.of(Literals.text(one, "`$unset`"));
                fields.add(target.one(path));
                after[0] = after[0].minus(path);
            }
        } else {
            Projection.flat("", named(value, name), (path, expression) -> {
                Expressions.read(expression, shape, Set.of());
                fields.add(target.one(path));
                after[0] = after[0].plus(path);
            });
        }
        return after[0];
    }

    /** {@code $out} replaces a collection, {@code $merge} adds to one and changes it. */
    static void pipeline(String name, Json value, Shape shape, Touches touches) {
        shape.readWhole();
        Optional<Json.Obj> merge = name.equals("$merge") ? Optional.of(Literals.object(value, name)) : Optional.empty();
        Json into = merge.map(one -> Literals.member(one, "into", name)).orElse(value);
        String collection = Literals.text(into, "the collection that is written to");
        Writes created = new Writes(touches, collection, SqlAction.CREATE);
        shape.names().forEach(path -> created.fields.add(created.target.one(path)));
        created.done();
        if (merge.isPresent()) {
            created.merge(merge.get(), shape);
        } else {
            touches.write(collection, SqlAction.DELETE, List.of());
        }
    }

    /** What becomes of documents that are there already. */
    private void merge(Json.Obj merge, Shape shape) {
        Literals.only(merge, "$merge", Set.of("into", "on", "whenMatched", "whenNotMatched"));
        choice(merge, "whenNotMatched", "insert", Set.of("insert", "discard", "fail"));
        switch (choice(merge, "whenMatched", "merge", Set.of("replace", "merge", "keepExisting", "fail"))) {
            case "replace" -> {
                // Whatever the pipeline does not write is gone by then.
                touches.write(target.collection(), SqlAction.UPDATE, target.declared());
                touches.write(target.collection(), SqlAction.DELETE, List.of());
            }
            case "merge" -> {
                // Of a document within, the whole is put in the place of the one that was there.
                shape.names().forEach(path -> target.one(path.split("\\.", 2)[0]));
                touches.write(target.collection(), SqlAction.UPDATE, fields);
            }
            default -> touches.write(target.collection(), SqlAction.UPDATE, fields);
        }
        on(merge.get("on"), touches.source(target.collection()));
    }

    private static String choice(Json.Obj merge, String name, String usual, Set<String> known) {
        String chosen =
                merge.get(name).map(one -> Literals.text(one, "`" + name + "`")).orElse(usual);
        if (!known.contains(chosen)) {
            throw new RefusedMongoException(
                    "mongo_not_supported", "`" + name + "` is one of " + String.join(", ", new TreeSet<>(known)));
        }
        return chosen;
    }

    private static void on(Optional<Json> on, Source target) {
        on.ifPresent(written -> {
            List<Json> paths = Literals.isText(written) ? List.of(written) : Literals.list(written, "`on`");
            paths.forEach(one -> target.readOne(Path.of(Literals.text(one, "`on`"))));
        });
    }
}
