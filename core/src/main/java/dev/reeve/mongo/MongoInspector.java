package dev.reeve.mongo;

import dev.reeve.json.Json;
import dev.reeve.mongo.MongoInspection.Refused;
import dev.reeve.mongo.MongoInspection.Request;
import dev.reeve.sql.SqlAction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Says what a request to MongoDB touches: every field that a filter, an expression, a projection, a sort, a join or a write names. Pure, bounded,
 * safe for use by many threads; never throws for bad requests.
 *
 * <p>Security guarantees: a collection, field, operator, stage or option that is not known here refuses the request. What is sent of {@code find}
 * and {@code aggregate} asks the database for the fields that were counted and no others, so that fields which nobody declared stay there. Not
 * guaranteed: what triggers and views of the database do; behind it belongs a login of least privilege.
 */
public final class MongoInspector {
    private static final int DEEPEST = 60;
    private static final int MOST_VALUES = 50_000;

    private MongoInspector() {}

    /** Documents whose {@code field} equals {@code value}. */
    public record FieldEquals(String field, String value) {}

    /**
     * @return refused if the restriction cannot be put in. The limit of {@code find} stands beside the request, and is not put in here
     */
    public static MongoInspection inspect(MongoRequest request, MongoSchema schema, MongoRestriction restriction) {
        try {
            int[] left = {MOST_VALUES};
            Stream.of(
                            request.filter(),
                            request.projection(),
                            request.sort(),
                            request.pipeline(),
                            request.documents(),
                            request.update())
                    .flatMap(Optional::stream)
                    .forEach(value -> bound(value, DEEPEST, left));
            Touches touches = new Touches(schema);
            Request found = read(request, touches, restriction);
            if (touches.writes() && !restriction.rows().isEmpty()) {
                throw new RefusedMongoException("mongo_rows", "only reading can be filtered by documents");
            }
            touches.mask(restriction);
            return found;
        } catch (RefusedMongoException e) {
            return new Refused(e.code(), String.valueOf(e.getMessage()));
        } catch (RuntimeException | StackOverflowError e) {
            return new Refused("mongo_malformed", "the request cannot be read");
        }
    }

    private static void bound(Json value, int depth, int[] left) {
        if (depth == 0 || --left[0] < 0) {
            throw new RefusedMongoException(
                    "mongo_too_large", "a request has at most " + MOST_VALUES + " values, " + DEEPEST + " deep");
        }
        switch (value) {
            case Json.Obj object -> object.members().values().forEach(one -> bound(one, depth - 1, left));
            case Json.Arr list -> list.items().forEach(one -> bound(one, depth - 1, left));
            case Json.Str ignored -> {}
            case Json.Num ignored -> {}
            case Json.Bool ignored -> {}
            case Json.Null ignored -> {}
        }
    }

    private static Request read(MongoRequest request, Touches touches, MongoRestriction restriction) {
        String collection = request.collection();
        Optional<Json> filter = request.filter();
        return switch (request.operation()) {
            case FIND -> find(request, touches, restriction);
            case COUNT -> {
                filter(filter, touches.source(collection));
                yield answer(touches, restricted(filter, collection, restriction));
            }
            case AGGREGATE -> {
                Pipeline pipeline = Pipeline.over(
                        touches.source(collection), required(request.pipeline(), "pipeline"), touches, Set.of(), true);
                Json.Arr written = pipeline.write(restriction);
                yield new Request(
                        touches.accesses(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(touches.writes() ? written : limited(written, restriction)));
            }
            case INSERT -> {
                Writes.insert(collection, required(request.documents(), "documents"), touches);
                yield answer(touches, Optional.empty());
            }
            case UPDATE -> {
                Source found = touches.source(collection);
                filter(filter, found);
                Writes.update(found, required(request.update(), "update"), request.upsert(), touches);
                yield answer(touches, filter);
            }
            case DELETE -> {
                filter(filter, touches.source(collection));
                touches.write(collection, SqlAction.DELETE, List.of());
                yield answer(touches, filter);
            }
        };
    }

    private static Json required(Optional<Json> value, String name) {
        return value.orElseThrow(() -> RefusedMongoException.malformed("`" + name + "` is missing"));
    }

    private static Request answer(Touches touches, Optional<Json> filter) {
        return new Request(touches.accesses(), filter, Optional.empty(), Optional.empty());
    }

    private static void filter(Optional<Json> filter, Source source) {
        filter.ifPresent(one -> Filters.read(one, new Shape.Open(source, false), Set.of()));
    }

    private static Json.Arr limited(Json.Arr stages, MongoRestriction restriction) {
        if (restriction.most().isEmpty()) {
            return stages;
        }
        List<Json> all = new ArrayList<>(stages.items());
        all.add(Json.object().put("$limit", restriction.most().getAsInt()).build());
        return new Json.Arr(all);
    }

    private static Optional<Json> restricted(Optional<Json> filter, String collection, MongoRestriction restriction) {
        List<FieldEquals> rows = restriction.rowsOf(collection);
        if (rows.isEmpty()) {
            return filter;
        }
        return Optional.of(
                filter.map(given -> (Json) both(Source.all(rows), given)).orElse(Source.all(rows)));
    }

    static Json.Obj both(Json one, Json other) {
        return Json.object().put("$and", new Json.Arr(List.of(one, other))).build();
    }

    private static Request find(MongoRequest request, Touches touches, MongoRestriction restriction) {
        Source source = touches.source(request.collection());
        filter(request.filter(), source);
        request.sort().ifPresent(sort -> Stages.sort(sort, new Shape.Open(source, false)));
        Json.Obj projection = request.projection()
                .map(written -> Literals.object(written, "a projection"))
                .orElse(Json.Obj.EMPTY);
        Json.Obj shown = shown(projection, source, restriction);
        return new Request(
                touches.accesses(),
                restricted(request.filter(), request.collection(), restriction),
                Optional.of(shown),
                Optional.empty());
    }

    /** The projection with each field named that is shown; counts them. */
    private static Json.Obj shown(Json.Obj written, Source source, MongoRestriction restriction) {
        Projection projection = Projection.of(written);
        Map<String, Json> shown = new LinkedHashMap<>();
        if (projection.names()) {
            projection.listed().stream()
                    .filter(path -> !path.equals(Source.ID) || source.declares(path))
                    .forEach(path ->
                            source.read(path).forEach(field -> shown.put(field, source.shown(field, restriction))));
            projection.computed().forEach((path, expression) -> {
                computed(expression);
                Expressions.read(expression, new Shape.Open(source, false), Set.of());
                shown.put(path, expression);
            });
        } else {
            source.declared().stream()
                    .filter(field -> projection.listed().stream().noneMatch(gone -> Path.covers(gone, field)))
                    .filter(field -> !field.equals(Source.ID) || projection.id())
                    .forEach(field ->
                            source.read(field).forEach(one -> shown.put(one, source.shown(one, restriction))));
        }
        if (shown.isEmpty()) {
            throw RefusedMongoException.malformed("the projection leaves nothing");
        }
        Json.Builder all = Json.object();
        shown.forEach(all::put);
        if (!shown.containsKey(Source.ID)) {
            all.put(Source.ID, 0);
        }
        return all.build();
    }

    /**
     * In {@code find} some operators are no expressions; they show a field, or all others. And what is no object shows the field of that name on servers before 4.4.
     */
    private static void computed(Json expression) {
        if (!(expression instanceof Json.Obj object) || !Literals.isOperators(expression)) {
            throw new RefusedMongoException(
                    "mongo_not_supported",
                    "a projection of `find` takes 1, 0 or an operator; other values by `$project`");
        }
        if (object.has("$slice") || object.has("$elemMatch") || object.has("$meta")) {
            throw new RefusedMongoException(
                    "mongo_operator",
                    "`$slice`, `$elemMatch` and `$meta` are not accepted in the projection of `find`");
        }
    }
}
