package dev.reeve.policy;

import dev.reeve.action.Operation;
import dev.reeve.json.Json;
import dev.reeve.mongo.MongoInspection;
import dev.reeve.mongo.MongoInspector;
import dev.reeve.mongo.MongoOperation;
import dev.reeve.mongo.MongoRequest;
import dev.reeve.mongo.MongoRestriction;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Calls of tools that take MongoDB's filters and pipelines as JSON: from arguments to a request, and back. */
public final class DocumentCalls {
    /** What they are called by MongoDB's own MCP server, for each operation. */
    private static final Map<MongoOperation, List<String>> PARTS = Map.of(
            MongoOperation.FIND, List.of("database", "collection", "filter", "projection", "sort", "limit", "skip"),
            MongoOperation.COUNT, List.of("database", "collection", "filter"),
            MongoOperation.AGGREGATE, List.of("database", "collection", "pipeline"),
            MongoOperation.INSERT, List.of("database", "collection", "documents"),
            MongoOperation.UPDATE, List.of("database", "collection", "filter", "update", "upsert"),
            MongoOperation.DELETE, List.of("database", "collection", "filter"));

    /** Arguments of that server that change nothing that is touched. */
    private static final Set<String> HARMLESS = Set.of("responseBytesLimit", "connectionId");

    private DocumentCalls() {}

    /**
     * What the arguments of an operation are called where the catalogue does not say it.
     *
     * @param written those that it says
     */
    public static Map<String, String> arguments(MongoOperation operation, Map<String, String> written) {
        Map<String, String> all = new java.util.HashMap<>();
        for (String part : PARTS.getOrDefault(operation, List.of())) {
            boolean query = part.equals("filter") && operation == MongoOperation.COUNT;
            all.put(part, written.getOrDefault(part, query ? "query" : part));
        }
        return all;
    }

    /** The parts that an operation has. */
    public static List<String> parts(MongoOperation operation) {
        return PARTS.getOrDefault(operation, List.of());
    }

    /** @throws ResourceNames.RefusedException if an argument is missing, unknown or of the wrong kind */
    static MongoInspection inspect(
            Operation.ToolCall call, Takes.Mongo mongo, Holding.Documents documents, MongoRestriction restriction)
            throws ResourceNames.RefusedException {
        known(call.arguments(), mongo);
        database(call.arguments(), mongo, documents);
        String collection = text(call.arguments(), mongo, "collection")
                .orElseThrow(() -> new ResourceNames.RefusedException("the argument for the collection is no text"));
        MongoRequest request = new MongoRequest(
                mongo.operation(),
                collection,
                part(call.arguments(), mongo, "filter"),
                part(call.arguments(), mongo, "projection"),
                part(call.arguments(), mongo, "sort"),
                part(call.arguments(), mongo, "pipeline"),
                part(call.arguments(), mongo, "documents"),
                part(call.arguments(), mongo, "update"),
                flag(call.arguments(), mongo, "upsert"));
        for (String number : List.of("limit", "skip")) {
            Optional<Json> value = part(call.arguments(), mongo, number);
            if (value.isPresent() && !(value.get() instanceof Json.Num)) {
                throw new ResourceNames.RefusedException("`" + number + "` is no number");
            }
        }
        return MongoInspector.inspect(request, documents.schema(), restriction);
    }

    /** An argument that nobody reads could say what nobody decided. */
    private static void known(Json.Obj arguments, Takes.Mongo mongo) throws ResourceNames.RefusedException {
        Set<String> first = new HashSet<>(HARMLESS);
        mongo.arguments().values().forEach(path -> first.add(path.split("\\.", 2)[0]));
        for (String name : arguments.members().keySet()) {
            if (!first.contains(name)) {
                throw new ResourceNames.RefusedException("the argument `" + name + "` is not known to the catalogue");
            }
        }
        for (String path : mongo.arguments().values()) {
            int dot = path.lastIndexOf('.');
            if (dot >= 0) {
                within(arguments, mongo, path.substring(0, dot));
            }
        }
    }

    private static void within(Json.Obj arguments, Takes.Mongo mongo, String above)
            throws ResourceNames.RefusedException {
        if (Template.at(arguments, above).orElse(Json.Obj.EMPTY) instanceof Json.Obj object) {
            for (String name : object.members().keySet()) {
                if (mongo.arguments().values().stream()
                        .noneMatch(
                                path -> path.equals(above + "." + name) || path.startsWith(above + "." + name + "."))) {
                    throw new ResourceNames.RefusedException(
                            "the argument `" + above + "." + name + "` is not known to the catalogue");
                }
            }
        }
    }

    private static void database(Json.Obj arguments, Takes.Mongo mongo, Holding.Documents documents)
            throws ResourceNames.RefusedException {
        Optional<Json> named = part(arguments, mongo, "database");
        Optional<Json> wanted = documents.database().map(Json.Str::new);
        if (!named.equals(wanted)) {
            throw new ResourceNames.RefusedException("the argument for the database does not name the catalogue's");
        }
    }

    private static Optional<Json> part(Json.Obj arguments, Takes.Mongo mongo, String name) {
        return Optional.ofNullable(mongo.arguments().get(name)).flatMap(path -> Template.at(arguments, path));
    }

    private static Optional<String> text(Json.Obj arguments, Takes.Mongo mongo, String name) {
        return part(arguments, mongo, name).filter(Json.Str.class::isInstance).map(value -> ((Json.Str) value).value());
    }

    private static boolean flag(Json.Obj arguments, Takes.Mongo mongo, String name)
            throws ResourceNames.RefusedException {
        Optional<Json> value = part(arguments, mongo, name);
        if (value.isPresent() && !(value.get() instanceof Json.Bool)) {
            throw new ResourceNames.RefusedException("`" + name + "` is neither true nor false");
        }
        return value.equals(Optional.of(Json.Bool.TRUE));
    }

    /** The arguments as they are sent. */
    static Json.Obj arguments(Json.Obj given, Takes.Mongo mongo, MongoInspection.Request request) {
        Json.Obj sent = given;
        Map<String, Optional<Json>> parts =
                Map.of("filter", request.filter(), "projection", request.projection(), "pipeline", request.pipeline());
        for (Map.Entry<String, Optional<Json>> part : parts.entrySet()) {
            String path = mongo.arguments().get(part.getKey());
            if (path != null && part.getValue().isPresent()) {
                sent = Catalogue.replace(sent, path, part.getValue().get());
            }
        }
        return sent;
    }

    /** With the lower of the number that {@code find} asks for and the one that it may have. 0 and less ask for all. */
    static Json.Obj limited(Json.Obj given, Takes.Mongo mongo, OptionalInt most) {
        if (most.isEmpty() || mongo.operation() != MongoOperation.FIND) {
            return given;
        }
        boolean fewer = part(given, mongo, "limit")
                .filter(Json.Num.class::isInstance)
                .flatMap(asked -> ((Json.Num) asked).whole())
                .filter(asked -> asked > 0 && asked <= most.getAsInt())
                .isPresent();
        String path = mongo.arguments().getOrDefault("limit", "limit");
        return fewer ? given : Catalogue.replace(given, path, Json.of(most.getAsInt()));
    }
}
