package dev.reeve.definitions;

import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Rewrites a server's schema into the one that arguments are checked against: one dialect (2020-12), references only within itself, and
 * closed: a member that the schema does not declare is refused, unless the schema says {@code additionalProperties} by name, or says of an
 * argument that it is an object and nothing at all about its members (R4). The arguments themselves are never such an object.
 */
final class ClosedSchema {
    private static final int DEEPEST = 32;
    private static final int MOST_NODES = 20_000;

    /** Keywords whose value is one schema that applies to a child value: there an object must declare its members. */
    private static final Set<String> CHILD = Set.of("items", "contains", "propertyNames");

    /** Keywords whose value is one schema that applies to the same value. */
    private static final Set<String> SAME = Set.of("not", "if", "then", "else");

    private static final Set<String> SAME_LIST = Set.of("allOf", "anyOf", "oneOf");
    private static final Set<String> DEFINITIONS = Set.of("$defs", "definitions");
    private static final Set<String> DESCRIBES_OBJECTS =
            Set.of("properties", "patternProperties", "allOf", "anyOf", "oneOf", "$ref", "if");
    private static final Set<String> DIALECTS = Set.of(
            "http://json-schema.org/draft-06/schema",
            "http://json-schema.org/draft-07/schema",
            "https://json-schema.org/draft/2019-09/schema",
            "https://json-schema.org/draft/2020-12/schema");

    /** What says of an object which members it has, directly or through another schema. */
    private static final Set<String> DECLARES_MEMBERS = Set.of(
            "properties",
            "patternProperties",
            "propertyNames",
            "required",
            "dependentRequired",
            "dependentSchemas",
            "minProperties",
            "maxProperties",
            "allOf",
            "not",
            "if",
            "then",
            "else");

    private static final int MOST_HOPS = 8;

    private final Set<String> references = new HashSet<>();
    private final Json.Obj root;
    private int nodes;

    private ClosedSchema(Json.Obj root) {
        this.root = root;
    }

    static Json.Obj of(Json.Obj schema) {
        schema.string("$schema").ifPresent(ClosedSchema::checkDialect);
        ClosedSchema closing = new ClosedSchema(schema);
        Json.Obj closed = (Json.Obj) closing.schema(schema.without("$schema"), true, 0);
        for (String reference : closing.references) {
            if (!reference.equals("#") && at(closed, reference).isEmpty()) {
                throw new UnsafeSchemaException("the schema refers to a part of itself that is not there");
            }
        }
        return closed;
    }

    /** What a local reference, {@code #/...}, points at (RFC 6901). */
    static Optional<Json.Obj> at(Json.Obj schema, String reference) {
        if (!reference.startsWith("#/")) {
            return Optional.empty();
        }
        Json here = schema;
        for (String step : reference.substring(2).split("/", -1)) {
            String name = step.replace("~1", "/").replace("~0", "~");
            if (!(here instanceof Json.Obj object) || !object.has(name)) {
                return Optional.empty();
            }
            here = object.members().get(name);
        }
        return here instanceof Json.Obj found ? Optional.of(found) : Optional.empty();
    }

    private static void checkDialect(String uri) {
        String plain = uri.endsWith("#") ? uri.substring(0, uri.length() - 1) : uri;
        if (!DIALECTS.contains(plain)) {
            throw new UnsafeSchemaException("the schema is written in a dialect that Reeve does not know");
        }
    }

    private Json schema(Json schema, boolean close, int depth) {
        if (depth > DEEPEST || ++nodes > MOST_NODES) {
            throw new UnsafeSchemaException("the schema is too deep or too large");
        }
        if (!(schema instanceof Json.Obj object)) {
            return schema;
        }
        Map<String, Json> out = new LinkedHashMap<>();
        for (Map.Entry<String, Json> entry : object.members().entrySet()) {
            keyword(entry.getKey(), entry.getValue(), object, out, depth + 1);
        }
        if (close && isOpen(object) && (depth == 0 || !isFree(object, 0))) {
            out.put("unevaluatedProperties", Json.Bool.FALSE);
        }
        return new Json.Obj(out);
    }

    private void keyword(String name, Json value, Json.Obj whole, Map<String, Json> out, int depth) {
        if (name.equals("$ref") || name.equals("$dynamicRef") || name.equals("$recursiveRef")) {
            out.put("$ref", localReference(name, value));
        } else if (name.equals("$id") || name.equals("$schema")) {
            if (depth > 1) {
                throw new UnsafeSchemaException("a schema inside the schema has an identity of its own");
            }
        } else if (name.equals("items") && value instanceof Json.Arr tuple) {
            out.put("prefixItems", list(tuple, true, depth));
            whole.get("additionalItems").ifPresent(rest -> out.put("items", schema(rest, true, depth)));
        } else if (name.equals("additionalItems")) {
            return;
        } else if (name.equals("dependencies")) {
            throw new UnsafeSchemaException("the schema uses `dependencies`, which later dialects have split");
        } else if (CHILD.contains(name)) {
            out.put(name, schema(value, true, depth));
        } else if (name.equals("prefixItems") && value instanceof Json.Arr tuple) {
            out.put(name, list(tuple, true, depth));
        } else if (name.equals("additionalProperties") || name.equals("unevaluatedProperties")) {
            out.put(name, schema(value, true, depth));
        } else if (name.equals("properties") || name.equals("patternProperties")) {
            out.put(name, members(value, true, depth));
        } else if (name.equals("dependentSchemas") || DEFINITIONS.contains(name)) {
            out.put(name, members(value, false, depth));
        } else if (SAME.contains(name)) {
            out.put(name, schema(value, false, depth));
        } else if (SAME_LIST.contains(name) && value instanceof Json.Arr alternatives) {
            out.put(name, list(alternatives, false, depth));
        } else {
            out.put(name, value);
        }
    }

    private Json localReference(String name, Json value) {
        if (name.equals("$ref")
                && value instanceof Json.Str text
                && text.value().startsWith("#")) {
            references.add(text.value());
            return value;
        }
        throw new UnsafeSchemaException("the schema refers to something outside itself, which is never fetched");
    }

    private Json members(Json value, boolean close, int depth) {
        if (!(value instanceof Json.Obj object)) {
            throw new UnsafeSchemaException("the schema is malformed");
        }
        Map<String, Json> out = new LinkedHashMap<>();
        object.members().forEach((name, member) -> out.put(name, schema(member, close, depth)));
        return new Json.Obj(out);
    }

    private Json list(Json.Arr value, boolean close, int depth) {
        List<Json> out = new ArrayList<>();
        value.items().forEach(item -> out.add(schema(item, close, depth)));
        return new Json.Arr(out);
    }

    private static boolean isOpen(Json.Obj schema) {
        if (schema.has("additionalProperties") || schema.has("unevaluatedProperties")) {
            return false;
        }
        return DESCRIBES_OBJECTS.stream().anyMatch(schema::has) || mayBeObject(schema);
    }

    /** An object of which nothing is declared: whatever it holds is what the tool asked for, and rules see all of it. */
    private boolean isFree(Json.Obj schema, int hops) {
        if (hops > MOST_HOPS || !isOpen(schema) || DECLARES_MEMBERS.stream().anyMatch(schema::has)) {
            return false;
        }
        Optional<String> reference = schema.string("$ref");
        boolean chooses = schema.has("anyOf") || schema.has("oneOf");
        if (reference.isPresent()) {
            return !chooses
                    && at(root, reference.get())
                            .filter(to -> isFree(to, hops + 1))
                            .isPresent();
        }
        return chooses ? oneIsFree(schema, hops) : mayBeObject(schema);
    }

    private boolean oneIsFree(Json.Obj schema, int hops) {
        return List.of("anyOf", "oneOf").stream()
                .flatMap(name -> schema.array(name).stream())
                .flatMap(alternatives -> alternatives.items().stream())
                .anyMatch(one -> one instanceof Json.Obj alternative && isFree(alternative, hops + 1));
    }

    private static boolean mayBeObject(Json.Obj schema) {
        return switch (schema.get("type").orElse(Json.Null.NULL)) {
            case Json.Str type -> type.value().equals("object");
            case Json.Arr types -> types.items().contains(new Json.Str("object"));
            default -> false;
        };
    }
}
