package dev.reeve.mongo;

import dev.reeve.json.Json;
import dev.reeve.mongo.MongoInspector.FieldEquals;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The stages that bring in documents of other collections. Each is sent so that it brings in nothing but what was decided about. */
final class Joins {
    private final Touches touches;
    private final Set<String> variables;

    Joins(Touches touches, Set<String> variables) {
        this.touches = touches;
        this.variables = variables;
    }

    Stages.Step read(String name, Json value, Shape shape) {
        return switch (name) {
            case "$unionWith" -> union(value, shape);
            case "$lookup" -> lookup(Literals.object(value, name), shape);
            default -> graph(Literals.object(value, name), shape);
        };
    }

    private Stages.Step union(Json value, Shape shape) {
        Json.Obj union = Literals.isText(value)
                ? Json.object().put("coll", value).build()
                : Literals.object(value, "$unionWith");
        Literals.only(union, "$unionWith", Set.of("coll", "pipeline"));
        String collection = Literals.text(Literals.member(union, "coll", "$unionWith"), "`coll`");
        Pipeline inner = Pipeline.over(
                touches.source(collection), union.get("pipeline").orElse(Json.Arr.EMPTY), touches, variables, false);
        return new Stages.Step(
                restriction -> List.of(stage("$unionWith", union.with("pipeline", inner.write(restriction)))),
                new Shape.Either(List.of(shape, inner.end())));
    }

    private static Json stage(String name, Json.Obj value) {
        return Json.object().put(name, value).build();
    }

    private Stages.Step lookup(Json.Obj value, Shape shape) {
        Literals.only(value, "$lookup", Set.of("from", "localField", "foreignField", "let", "pipeline", "as"));
        Source from = touches.source(Literals.text(Literals.member(value, "from", "$lookup"), "`from`"));
        if (value.has("localField") != value.has("foreignField")
                || !(value.has("localField") || value.has("pipeline"))) {
            throw RefusedMongoException.malformed("`$lookup` has `localField` and `foreignField`, or a `pipeline`");
        }
        path(value, "localField").ifPresent(shape::read);
        path(value, "foreignField").ifPresent(from::readOne);
        Set<String> inner = value.get("let")
                .map(let -> Expressions.define(let, shape, variables))
                .orElse(variables);
        Pipeline pipeline = Pipeline.over(from, value.get("pipeline").orElse(Json.Arr.EMPTY), touches, inner, false);
        return new Stages.Step(
                restriction -> List.of(stage("$lookup", value.with("pipeline", pipeline.write(restriction)))),
                shape.plus(as(value, "$lookup")));
    }

    private static Optional<String> path(Json.Obj value, String name) {
        return value.get(name).map(one -> Path.of(Literals.text(one, "`" + name + "`")));
    }

    private static String as(Json.Obj value, String what) {
        return Path.of(Literals.text(Literals.member(value, "as", what), "`as`"));
    }

    private Stages.Step graph(Json.Obj value, Shape shape) {
        String what = "$graphLookup";
        Literals.only(
                value,
                what,
                Set.of(
                        "from",
                        "startWith",
                        "connectFromField",
                        "connectToField",
                        "as",
                        "maxDepth",
                        "depthField",
                        "restrictSearchWithMatch"));
        Source from = touches.source(Literals.text(Literals.member(value, "from", what), "`from`"));
        Expressions.read(Literals.member(value, "startWith", what), shape, variables);
        for (String name : List.of("connectFromField", "connectToField")) {
            from.readOne(Path.of(Literals.text(Literals.member(value, name, what), "`" + name + "`")));
        }
        value.get("maxDepth").ifPresent(depth -> Literals.number(depth, "`maxDepth`"));
        // It sees whole documents, before anything is hidden.
        value.get("restrictSearchWithMatch")
                .ifPresent(match -> Filters.read(match, new Shape.Open(from, false), Set.of()));
        Optional<String> depth = value.get("depthField").map(one -> Path.name(Literals.text(one, "`depthField`")));
        from.readAll(List.of());
        String as = Path.name(as(value, what));
        return new Stages.Step(
                restriction ->
                        List.of(stage(what, restricted(value, from, restriction)), shown(as, from, restriction, depth)),
                shape.plus(as));
    }

    private static Json.Obj restricted(Json.Obj value, Source from, MongoRestriction restriction) {
        List<FieldEquals> rows = restriction.rowsOf(from.collection());
        if (rows.isEmpty()) {
            return value;
        }
        Json match = value.get("restrictSearchWithMatch")
                .map(given -> MongoInspector.both(Source.all(rows), given))
                .orElse(Source.all(rows));
        return value.with("restrictSearchWithMatch", match);
    }

    /** It has no pipeline that could hide the fields that nobody declared, so the found documents are written anew. */
    private static Json shown(String as, Source from, MongoRestriction restriction, Optional<String> depth) {
        Map<String, Object> tree = new LinkedHashMap<>();
        from.declared()
                .forEach(field -> grow(
                        tree,
                        field,
                        restriction.masks(from.collection(), field)
                                ? MongoRestriction.mask(field)
                                : new Json.Str("$$reeve." + field)));
        depth.ifPresent(name -> tree.put(name, new Json.Str("$$reeve." + name)));
        Json.Builder map =
                Json.object().put("input", "$" + as).put("as", "reeve").put("in", json(tree));
        return stage(
                "$addFields",
                Json.object().put(as, Json.object().put("$map", map)).build());
    }

    @SuppressWarnings("unchecked") // a tree of values and trees that is made here
    private static void grow(Map<String, Object> tree, String path, Json value) {
        int dot = path.indexOf('.');
        if (dot < 0) {
            tree.put(path, value);
        } else {
            grow(
                    (Map<String, Object>)
                            tree.computeIfAbsent(path.substring(0, dot), ignored -> new LinkedHashMap<>()),
                    path.substring(dot + 1),
                    value);
        }
    }

    private static Json json(Map<?, ?> tree) {
        Json.Builder object = Json.object();
        tree.forEach((name, value) ->
                object.put(String.valueOf(name), value instanceof Map<?, ?> inner ? json(inner) : (Json) value));
        return object.build();
    }
}
