package dev.reeve.condition;

import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads types out of a tool's {@code inputSchema}. What it does not understand is anything: a type that is claimed wrongly would refuse good
 * conditions, one that is missing only checks less. References inside the schema are followed, others never (R8).
 */
final class SchemaTypes {
    private static final int DEEPEST = 12;
    private static final int MOST_TYPES = 2_000;

    private final Json.Obj root;
    private int types;

    private SchemaTypes(Json.Obj root) {
        this.root = root;
    }

    static ValueType of(Json.Obj schema) {
        return new SchemaTypes(schema).type(schema, 0);
    }

    private ValueType type(Json schema, int depth) {
        if (!(schema instanceof Json.Obj object) || depth > DEEPEST || ++types > MOST_TYPES) {
            return ValueType.Anything.ONE;
        }
        Optional<Json> target = object.string("$ref").map(this::referenced);
        if (target.isPresent()) {
            return type(target.get(), depth + 1);
        }
        Optional<Json.Arr> any = object.array("anyOf").or(() -> object.array("oneOf"));
        if (any.isPresent()) {
            return orNull(any.get(), depth);
        }
        if (object.has("allOf") || object.has("if") || object.has("not")) {
            return ValueType.Anything.ONE;
        }
        return object.array("enum").flatMap(SchemaTypes::choices).orElseGet(() -> named(object, depth));
    }

    private Json referenced(String reference) {
        if (!reference.startsWith("#/$defs/") && !reference.startsWith("#/definitions/")) {
            return Json.Null.NULL;
        }
        String[] parts = reference.substring(2).split("/", -1);
        return parts.length == 2
                ? root.object(parts[0]).flatMap(it -> it.get(parts[1])).orElse(Json.Null.NULL)
                : Json.Null.NULL;
    }

    /** {@code anyOf: [T, null]} is how several libraries write an optional argument. */
    private ValueType orNull(Json.Arr any, int depth) {
        List<Json> others = any.items().stream()
                .filter(it -> !(it instanceof Json.Obj object
                        && object.string("type").filter("null"::equals).isPresent()))
                .toList();
        if (others.size() != 1) {
            return ValueType.Anything.ONE;
        }
        ValueType type = type(others.getFirst(), depth + 1);
        return others.size() == any.items().size() ? type : nullable(type);
    }

    private static ValueType nullable(ValueType type) {
        return switch (type) {
            case ValueType.Anything anything -> anything;
            case ValueType.OrNull already -> already;
            case ValueType.Text text -> new ValueType.OrNull(text);
            case ValueType.Whole whole -> new ValueType.OrNull(whole);
            case ValueType.Decimal number -> new ValueType.OrNull(number);
            case ValueType.Flag flag -> new ValueType.OrNull(flag);
            case ValueType.Items items -> new ValueType.OrNull(items);
            case ValueType.Members members -> new ValueType.OrNull(members);
        };
    }

    private static Optional<ValueType> choices(Json.Arr values) {
        List<String> texts = new ArrayList<>();
        for (Json value : values.items()) {
            if (!(value instanceof Json.Str text)) {
                return Optional.of(ValueType.Anything.ONE);
            }
            texts.add(text.value());
        }
        return texts.isEmpty() ? Optional.empty() : Optional.of(new ValueType.Text(texts));
    }

    private ValueType named(Json.Obj schema, int depth) {
        Optional<Json> type = schema.get("type");
        if (type.isPresent() && type.get() instanceof Json.Arr several) {
            List<Json> others = several.items().stream()
                    .filter(it -> !it.equals(Json.of("null")))
                    .toList();
            boolean single = others.size() == 1 && others.getFirst() instanceof Json.Str;
            ValueType only = single ? named(schema, others.getFirst(), depth) : ValueType.Anything.ONE;
            return others.size() == several.items().size() ? only : nullable(only);
        }
        return named(schema, type.orElse(Json.Null.NULL), depth);
    }

    private ValueType named(Json.Obj schema, Json type, int depth) {
        return switch (type instanceof Json.Str text ? text.value() : "") {
            case "string" -> ValueType.Text.ANY;
            case "integer" -> new ValueType.Whole();
            case "number" -> new ValueType.Decimal();
            case "boolean" -> new ValueType.Flag();
            case "array" ->
                new ValueType.Items(
                        schema.get("items").map(it -> type(it, depth + 1)).orElse(ValueType.Anything.ONE));
            case "object" -> object(schema, depth);
            default -> ValueType.Anything.ONE;
        };
    }

    /**
     * Members that nobody declared are refused before any condition runs (R4), unless the schema itself admits them, or says of an argument that it is an
     * object and nothing about its members.
     */
    private ValueType object(Json.Obj schema, int depth) {
        boolean isFree = depth > 0 && !schema.has("properties") && !schema.has("additionalProperties");
        boolean admitsOthers = isFree
                || schema.has("patternProperties")
                || schema.get("additionalProperties")
                        .filter(it -> it != Json.Bool.FALSE)
                        .isPresent();
        if (admitsOthers) {
            return ValueType.Anything.ONE;
        }
        Map<String, ValueType> members = new TreeMap<>();
        schema.object("properties")
                .orElse(Json.Obj.EMPTY)
                .members()
                .forEach((name, property) -> members.put(name, type(property, depth + 1)));
        return new ValueType.Members(members);
    }
}
