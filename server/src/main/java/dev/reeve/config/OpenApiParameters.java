package dev.reeve.config;

import dev.reeve.openapi.ApiParameter;
import dev.reeve.openapi.ApiParameter.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * The parameters in the queries of an OpenAPI document. Of a schema its type, {@code enum}, bounds of numbers and lengths of texts are read; references
 * within the document are followed. What is described otherwise is {@code UNREAD}, so that a request that has it is refused.
 */
final class OpenApiParameters {
    private static final int DEEPEST = 8;
    private static final String REFERENCE = "$ref";
    private static final String COMPONENTS = "#/components/";

    private final Node.Mapping document;
    private final Problems problems;

    OpenApiParameters(Node.Mapping document, Problems problems) {
        this.document = document;
        this.problems = problems;
    }

    /** Those of the operation take the place of those of its path. */
    List<ApiParameter> of(Node.Mapping path, Node.Mapping operation) {
        Map<String, ApiParameter> all = new LinkedHashMap<>();
        for (Node.Mapping level : List.of(path, operation)) {
            if (level.get("parameters").orElse(level) instanceof Node.Sequence list) {
                list.items().forEach(node -> add(node, all));
            }
        }
        return List.copyOf(all.values());
    }

    private void add(Node node, Map<String, ApiParameter> all) {
        Optional<Node.Mapping> found = followed(node, "parameters", DEEPEST);
        if (found.isEmpty()) {
            problems.warning(
                    node.place(),
                    node.field(),
                    "is a parameter that cannot be found, so a query that has it is denied",
                    "write it here, or in `components` of this document");
            return;
        }
        Node.Mapping parameter = found.get();
        Optional<String> name = parameter.text("name");
        if (name.isPresent() && parameter.text("in").equals(Optional.of("query"))) {
            all.put(name.get(), parameter(name.get(), parameter));
        }
    }

    private Optional<Node.Mapping> followed(Node node, String kind, int depth) {
        if (!(node instanceof Node.Mapping mapping) || depth == 0) {
            return Optional.empty();
        }
        if (!mapping.mentions(REFERENCE)) {
            return Optional.of(mapping);
        }
        String above = COMPONENTS + kind + "/";
        return mapping.text(REFERENCE)
                .filter(to -> to.startsWith(above))
                .flatMap(to -> document.mapping("components")
                        .flatMap(components -> components.mapping(kind))
                        .flatMap(named -> named.get(to.substring(above.length()))))
                .flatMap(there -> followed(there, kind, depth - 1));
    }

    private ApiParameter parameter(String name, Node.Mapping parameter) {
        boolean form = parameter.text("style").orElse("form").equals("form") && !parameter.mentions("content");
        Schema schema = parameter
                .get("schema")
                .map(node -> schema(node, DEEPEST))
                .filter(ignored -> form)
                .orElse(Schema.UNREAD);
        return new ApiParameter(
                name,
                parameter.text("required").equals(Optional.of("true")),
                schema.kind(),
                schema.list(),
                !parameter.text("explode").equals(Optional.of("false")),
                schema.allowed(),
                schema.least(),
                schema.most());
    }

    /** What is understood of a schema. */
    private record Schema(Kind kind, boolean list, Set<String> allowed, OptionalDouble least, OptionalDouble most) {
        static final Schema UNREAD =
                new Schema(Kind.UNREAD, false, Set.of(), OptionalDouble.empty(), OptionalDouble.empty());

        Schema asList() {
            return list ? UNREAD : new Schema(kind, true, allowed, least, most);
        }
    }

    private Schema schema(Node node, int depth) {
        Optional<Node.Mapping> found = followed(node, "schemas", depth);
        if (found.isEmpty()) {
            return Schema.UNREAD;
        }
        Node.Mapping schema = found.get();
        for (String choice : List.of("anyOf", "oneOf", "allOf")) {
            if (schema.mentions(choice)) {
                return one(schema, choice, depth);
            }
        }
        List<String> types = schema.texts("type").stream()
                .filter(type -> !type.equals("null"))
                .toList();
        if (types.size() > 1) {
            return Schema.UNREAD;
        }
        return switch (types.isEmpty() ? "string" : types.getFirst()) {
            case "string" -> plain(schema, Kind.TEXT, "minLength", "maxLength");
            case "integer" -> plain(schema, Kind.WHOLE, "minimum", "maximum");
            case "number" -> plain(schema, Kind.NUMBER, "minimum", "maximum");
            case "boolean" -> plain(schema, Kind.FLAG, "", "");
            case "array" ->
                schema.get("items")
                        .map(items -> schema(items, depth - 1).asList())
                        .orElse(Schema.UNREAD);
            default -> Schema.UNREAD;
        };
    }

    /** A choice between one thing and nothing is that thing. */
    private Schema one(Node.Mapping schema, String choice, int depth) {
        List<Node> left = new ArrayList<>();
        if (schema.get(choice).orElse(schema) instanceof Node.Sequence list) {
            list.items().stream()
                    .filter(node -> !(node instanceof Node.Mapping mapping
                            && mapping.text("type").equals(Optional.of("null"))))
                    .forEach(left::add);
        }
        return left.size() == 1 ? schema(left.getFirst(), depth - 1) : Schema.UNREAD;
    }

    private static Schema plain(Node.Mapping schema, Kind kind, String least, String most) {
        Set<String> allowed = new LinkedHashSet<>(schema.texts("enum"));
        return new Schema(kind, false, allowed, number(schema, least), number(schema, most));
    }

    private static OptionalDouble number(Node.Mapping schema, String name) {
        Optional<Node.Scalar> written = schema.scalar(name)
                .filter(scalar -> scalar.type() == Node.Type.WHOLE || scalar.type() == Node.Type.DECIMAL);
        return written.map(scalar -> OptionalDouble.of(Double.parseDouble(scalar.text())))
                .orElse(OptionalDouble.empty());
    }
}
