package dev.reeve.mongo;

import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The stages of one pipeline: MongoDB manual, "Aggregation Stages". A stage that is not named here is refused.
 */
final class Stages {
    private static final Set<String> GATHERING = Set.of(
            ("$addToSet $avg $bottom $bottomN $count $first $firstN $last $lastN $max $maxN $median $mergeObjects $min $minN "
                            + "$percentile $push $stdDevPop $stdDevSamp $sum $top $topN")
                    .split(" "));
    private static final Set<String> RANKING = Set.of("$rank", "$denseRank", "$documentNumber");

    private final Touches touches;
    private final Set<String> variables;
    private final boolean top;
    private boolean written;

    /** @param top whether it may end by writing */
    Stages(Touches touches, Set<String> variables, boolean top) {
        this.touches = touches;
        this.variables = Set.copyOf(variables);
        this.top = top;
    }

    /** What a stage is sent as, and what there is behind it. */
    record Step(Pipeline.Part part, Shape after) {}

    boolean isWritten() {
        return written;
    }

    Step read(Json stage, Shape shape) {
        Json.Obj object = Literals.object(stage, "a stage");
        if (object.members().size() != 1 || written) {
            throw RefusedMongoException.malformed("a stage has one name, and nothing follows one that writes");
        }
        Map.Entry<String, Json> only = object.members().entrySet().iterator().next();
        String name = only.getKey();
        Json value = only.getValue();
        return switch (name) {
            case "$lookup", "$graphLookup", "$unionWith" ->
                new Joins(touches, variables)
                        .read(name, Literals.isText(value) ? value : Literals.object(value, name), shape);
            case "$facet" -> facet(Literals.object(value, name), shape);
            case "$out", "$merge" -> {
                if (!top) {
                    throw new RefusedMongoException("mongo_stage", "`" + name + "` is not accepted here");
                }
                written = true;
                Writes.pipeline(name, value, shape, touches);
                yield new Step(as(object), shape);
            }
            default -> new Step(as(object), plain(name, value, shape));
        };
    }

    static Pipeline.Part as(Json stage) {
        return restriction -> List.of(stage);
    }

    private Shape plain(String name, Json value, Shape shape) {
        return switch (name) {
            case "$match" -> {
                Filters.read(value, shape, variables);
                yield shape;
            }
            case "$project" -> project(Literals.object(value, name), shape);
            case "$addFields", "$set" -> fields(Literals.object(value, name), shape);
            case "$unset" -> unset(value, shape);
            case "$group" -> group(Literals.object(value, name), shape);
            case "$sort" -> {
                sort(value, shape);
                yield shape;
            }
            case "$limit", "$skip" -> {
                Literals.number(value, name);
                yield shape;
            }
            case "$sample" -> {
                Json.Obj sample = Literals.object(value, name);
                Literals.only(sample, name, Set.of("size"));
                Literals.number(Literals.member(sample, "size", name), "`size`");
                yield shape;
            }
            case "$count" -> new Shape.Closed(Set.of(Path.name(Literals.text(value, name))));
            case "$sortByCount" -> {
                Expressions.read(value, shape, variables);
                yield new Shape.Closed(Set.of(Source.ID, "count"));
            }
            case "$unwind" -> unwind(value, shape);
            case "$replaceWith" -> replace(value, shape);
            case "$replaceRoot" -> {
                Json.Obj root = Literals.object(value, name);
                Literals.only(root, name, Set.of("newRoot"));
                yield replace(Literals.member(root, "newRoot", name), shape);
            }
            case "$bucket", "$bucketAuto" -> bucket(name, Literals.object(value, name), shape);
            case "$setWindowFields" -> windows(Literals.object(value, name), shape);
            default ->
                throw new RefusedMongoException("mongo_stage", "the stage `" + name + "` is not on the list of stages");
        };
    }

    private Shape project(Json.Obj value, Shape shape) {
        if (value.members().isEmpty()) {
            throw RefusedMongoException.malformed("`$project` names at least one field");
        }
        Projection projection = Projection.of(value);
        if (!projection.names()) {
            Shape left = projection.id() ? shape : shape.minus(Source.ID);
            for (String path : projection.listed()) {
                left = left.minus(path);
            }
            return left;
        }
        Set<String> names = new HashSet<>(projection.computed().keySet());
        projection.computed().values().forEach(one -> Expressions.read(one, shape, variables));
        for (String path : projection.listed()) {
            if (!path.equals(Source.ID) || knows(shape, path)) {
                shape.read(path);
                names.add(path);
            }
        }
        return new Shape.Closed(names);
    }

    /** Every document has an {@code _id}; where it was not declared, or is gone, a projection does not bring it back. */
    private static boolean knows(Shape shape, String path) {
        return shape instanceof Shape.Counted || shape.names().contains(path);
    }

    private Shape fields(Json.Obj value, Shape shape) {
        Shape[] after = {shape};
        Projection.flat("", value, (path, expression) -> {
            Expressions.read(expression, shape, variables);
            after[0] = after[0].plus(path);
        });
        return after[0];
    }

    private static Shape unset(Json value, Shape shape) {
        Shape left = shape;
        for (Json one : Literals.isText(value) ? List.of(value) : Literals.list(value, "`$unset`")) {
            left = left.minus(Path.of(Literals.text(one, "`$unset`")));
        }
        return left;
    }

    private Shape group(Json.Obj value, Shape shape) {
        Expressions.read(Literals.member(value, Source.ID, "$group"), shape, variables);
        Set<String> names = new HashSet<>(Set.of(Source.ID));
        value.members().forEach((name, gathered) -> {
            if (!name.equals(Source.ID)) {
                names.add(Path.name(name));
                gather(gathered, shape);
            }
        });
        return new Shape.Closed(names);
    }

    /** An accumulator. {@code $accumulator} itself runs code, and is not on the list. */
    private void gather(Json value, Shape shape) {
        Json.Obj object = Literals.object(value, "an accumulator");
        String name = object.members().isEmpty()
                ? ""
                : object.members().keySet().iterator().next();
        if (object.members().size() != 1 || !GATHERING.contains(name)) {
            throw new RefusedMongoException(
                    "mongo_operator", "the accumulator `" + name + "` is not on the list of accumulators");
        }
        gathered(name, Literals.member(object, name, "an accumulator"), shape);
    }

    private void gathered(String name, Json operand, Shape shape) {
        if (operand instanceof Json.Obj named
                && named.has("sortBy")
                && Set.of("$top", "$topN", "$bottom", "$bottomN").contains(name)) {
            sort(Literals.member(named, "sortBy", name), shape);
            Expressions.read(named.without("sortBy"), shape, variables);
        } else {
            Expressions.read(operand, shape, variables);
        }
    }

    static void sort(Json value, Shape shape) {
        Literals.object(value, "`sort`").members().forEach((path, direction) -> {
            Literals.number(direction, "a direction");
            shape.read(Path.of(path));
        });
    }

    private static Shape unwind(Json value, Shape shape) {
        Json.Obj unwind =
                Literals.isText(value) ? Json.object().put("path", value).build() : Literals.object(value, "$unwind");
        Literals.only(unwind, "$unwind", Set.of("path", "includeArrayIndex", "preserveNullAndEmptyArrays"));
        String path = Literals.text(Literals.member(unwind, "path", "$unwind"), "`path`");
        if (!path.startsWith("$") || path.startsWith("$$")) {
            throw RefusedMongoException.malformed("`path` of `$unwind` begins with one `$`");
        }
        shape.read(Path.of(path.substring(1)));
        return unwind.get("includeArrayIndex")
                .map(index -> shape.plus(Path.of(Literals.text(index, "`includeArrayIndex`"))))
                .orElse(shape);
    }

    private Shape replace(Json value, Shape shape) {
        Expressions.read(value, shape, variables);
        if (value instanceof Json.Obj object && !Literals.isOperators(object) && !Literals.isExtended(object)) {
            Set<String> names = new HashSet<>();
            object.members().keySet().forEach(name -> names.add(Path.name(name)));
            return new Shape.Closed(names);
        }
        return new Shape.Counted();
    }

    private Shape bucket(String what, Json.Obj value, Shape shape) {
        Literals.only(value, what, Set.of("groupBy", "boundaries", "default", "buckets", "granularity", "output"));
        Expressions.read(Literals.member(value, "groupBy", what), shape, variables);
        for (String constant : List.of("boundaries", "default", "buckets", "granularity")) {
            value.get(constant).ifPresent(Literals::check);
        }
        Set<String> names = new HashSet<>(Set.of(Source.ID));
        value.get("output")
                .ifPresentOrElse(
                        output -> Literals.object(output, "`output`").members().forEach((name, one) -> {
                            names.add(Path.name(name));
                            gather(one, shape);
                        }),
                        () -> names.add("count"));
        return new Shape.Closed(names);
    }

    private Shape windows(Json.Obj value, Shape shape) {
        Literals.only(value, "$setWindowFields", Set.of("partitionBy", "sortBy", "output"));
        value.get("partitionBy").ifPresent(one -> Expressions.read(one, shape, variables));
        value.get("sortBy").ifPresent(one -> sort(one, shape));
        Shape after = shape;
        for (Map.Entry<String, Json> one : Literals.object(
                        Literals.member(value, "output", "$setWindowFields"), "`output`")
                .members()
                .entrySet()) {
            Json.Obj window = Literals.object(one.getValue(), "a window");
            window.get("window").ifPresent(Literals::check);
            Json.Obj operator = window.without("window");
            String name = operator.members().isEmpty()
                    ? ""
                    : operator.members().keySet().iterator().next();
            if (!RANKING.contains(name) || operator.members().size() != 1) {
                gather(operator, shape);
            }
            after = after.plus(Path.of(one.getKey()));
        }
        return after;
    }

    private Step facet(Json.Obj value, Shape shape) {
        Map<String, Pipeline> facets = new java.util.LinkedHashMap<>();
        value.members()
                .forEach((name, stages) ->
                        facets.put(Path.name(name), Pipeline.within(shape, stages, touches, variables)));
        Pipeline.Part part = restriction -> {
            Json.Builder written = Json.object();
            facets.forEach((name, pipeline) -> written.put(name, pipeline.write(restriction)));
            return new ArrayList<>(
                    List.of(Json.object().put("$facet", written.build()).build()));
        };
        return new Step(part, new Shape.Closed(facets.keySet()));
    }
}
