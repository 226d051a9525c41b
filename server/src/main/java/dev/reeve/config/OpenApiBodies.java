package dev.reeve.config;

import dev.reeve.json.Json;
import dev.reeve.openapi.ApiBody;
import dev.reeve.openapi.BodySchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The bodies of an OpenAPI document, with the schemas of those in JSON. What OpenAPI 3.0 says otherwise than JSON Schema is translated; references to the
 * document's schemas are taken along, others are not followed.
 */
final class OpenApiBodies {
    private static final String REFERENCE = "$ref";
    private static final String SCHEMAS = "#/components/schemas/";
    private static final String BODIES = "#/components/requestBodies/";
    private static final int DEEPEST = 32;
    private static final int MOST_HOPS = 8;

    /** Words that say nothing about what is valid. */
    private static final Set<String> SILENT = Set.of(
            "example",
            "examples",
            "description",
            "title",
            "deprecated",
            "discriminator",
            "xml",
            "externalDocs",
            "readOnly",
            "writeOnly",
            "default",
            "$schema",
            "$comment");

    /** Words whose members are called as the document likes, and are schemas. */
    private static final Set<String> NAMED = Set.of("properties", "patternProperties", "dependentSchemas", "$defs");

    /** Words whose value is no schema, whatever it looks like. */
    private static final Set<String> PLAIN = Set.of("enum", "const", "required", "dependentRequired", "type");

    private final Node.Mapping document;
    private final Problems problems;
    private final NodeJson reader;
    private final boolean older;
    private final SharedSchemas shared = new SharedSchemas(this::named);

    OpenApiBodies(Node.Mapping document, Problems problems) {
        this.document = document;
        this.problems = problems;
        this.reader = new NodeJson(problems);
        this.older = document.text("openapi").orElse("").startsWith("3.0.");
    }

    /** To be called once all were asked for, and before one is used. */
    void done() {
        shared.compile();
    }

    /** @return empty if the operation has none */
    Optional<ApiBody> of(Node.Mapping operation) {
        return operation.get("requestBody").map(node -> body(node, MOST_HOPS));
    }

    private ApiBody body(Node node, int hops) {
        if (node instanceof Node.Mapping mapping && hops > 0) {
            Optional<String> to = mapping.text(REFERENCE);
            if (to.isEmpty()) {
                return body(mapping);
            }
            Optional<Node> there = to.filter(it -> it.startsWith(BODIES))
                    .flatMap(it -> document.mapping("components")
                            .flatMap(components -> components.mapping("requestBodies"))
                            .flatMap(named -> named.get(it.substring(BODIES.length()))));
            if (there.isPresent()) {
                return body(there.get(), hops - 1);
            }
        }
        unread(node, "is a body that cannot be found");
        return new ApiBody(false, List.of(), Optional.of(Unread.ONE));
    }

    private ApiBody body(Node.Mapping body) {
        List<String> media = new ArrayList<>();
        Optional<Node> json = Optional.empty();
        for (Map.Entry<String, Node.Member> entry : body.membersOf("content").entrySet()) {
            String type = ApiBody.bare(entry.getKey());
            media.add(type);
            boolean wild = type.equals("*/*") || type.equals("application/*");
            if (ApiBody.isJson(type) || (wild && json.isEmpty())) {
                json = json.isPresent() && !wild
                        ? twice(entry.getValue().value())
                        : Optional.of(entry.getValue().value());
            }
        }
        return new ApiBody(body.text("required").equals(Optional.of("true")), media, json.map(this::schema));
    }

    /** Which of them a body is meant to fit is not always told. */
    private Optional<Node> twice(Node node) {
        unread(node, "is a second description of a body in JSON");
        return Optional.of(node);
    }

    private BodySchema schema(Node media) {
        Optional<Node> written = media instanceof Node.Mapping mapping ? mapping.get("schema") : Optional.empty();
        try {
            Json schema = written.isEmpty() ? Json.Obj.EMPTY : schema(reader.of(written.get()), 0);
            return shared.add(schema, why -> unread(written.orElse(media), why));
        } catch (IllegalArgumentException e) {
            unread(written.orElse(media), String.valueOf(e.getMessage()));
            return Unread.ONE;
        }
    }

    private void unread(Node node, String why) {
        problems.warning(
                node.place(),
                node.field(),
                why + ", so a request with a body in JSON is denied",
                "write the body of this operation in plain JSON Schema, with references to `components` of this document");
    }

    private Json named(String name) {
        Node node = document.mapping("components")
                .flatMap(components -> components.mapping("schemas"))
                .flatMap(schemas -> schemas.get(name))
                .orElseThrow(() -> new IllegalArgumentException("refers to a schema that is not there"));
        return schema(reader.of(node), 0);
    }

    private Json schema(Json written, int depth) {
        if (depth > DEEPEST) {
            throw new IllegalArgumentException("has a schema that is nested too deep");
        }
        if (!(written instanceof Json.Obj object)) {
            return written;
        }
        Json.Builder out = Json.object();
        object.members().forEach((word, value) -> {
            if (!SILENT.contains(word) && !word.startsWith("x-") && !isOlder(word)) {
                out.put(word, word(word, value, depth + 1));
            }
        });
        return older ? asOlder(object, out.build()) : out.build();
    }

    private Json word(String word, Json value, int depth) {
        if (word.equals(REFERENCE)) {
            return reference(value);
        }
        if (PLAIN.contains(word)) {
            return value;
        }
        if (NAMED.contains(word) && value instanceof Json.Obj members) {
            Json.Builder all = Json.object();
            members.members().forEach((name, member) -> all.put(name, schema(member, depth)));
            return all.build();
        }
        if (value instanceof Json.Arr list) {
            return new Json.Arr(
                    list.items().stream().map(item -> schema(item, depth)).toList());
        }
        return schema(value, depth);
    }

    private static Json reference(Json value) {
        String to = value instanceof Json.Str text ? text.value() : "";
        String name = to.startsWith(SCHEMAS) ? to.substring(SCHEMAS.length()) : "";
        if (name.isEmpty() || !name.matches("[A-Za-z0-9._-]{1,256}")) {
            throw new IllegalArgumentException("refers to something that is none of the document's schemas");
        }
        return new Json.Str("#/$defs/" + name);
    }

    /** Words that 3.0 means otherwise than JSON Schema does. */
    private boolean isOlder(String word) {
        return older
                && Set.of("nullable", "exclusiveMinimum", "exclusiveMaximum").contains(word);
    }

    private static Json asOlder(Json.Obj written, Json.Obj out) {
        Json.Obj all = out;
        for (String bound : List.of("inimum", "aximum")) {
            Optional<Json> limit = written.get("m" + bound);
            boolean excluded = written.get("exclusiveM" + bound).equals(Optional.of(Json.Bool.TRUE));
            if (excluded && limit.isPresent()) {
                all = all.without("m" + bound).with("exclusiveM" + bound, limit.get());
            }
        }
        if (!written.get("nullable").equals(Optional.of(Json.Bool.TRUE))) {
            return all;
        }
        Json nothing = Json.object().put("type", "null").build();
        return Json.object().put("anyOf", new Json.Arr(List.of(all, nothing))).build();
    }

    /** Of a body that is described in a way that is not read: a request that has it is refused. */
    enum Unread implements BodySchema {
        ONE;

        @Override
        public Json type() {
            return Json.Obj.EMPTY;
        }

        @Override
        public Json.Obj definitions() {
            return Json.Obj.EMPTY;
        }

        @Override
        public void check(Json body) {
            throw new IllegalArgumentException("the body is described in a way that is not read");
        }

        @Override
        public Json read(String text) {
            throw new IllegalArgumentException("the body is described in a way that is not read");
        }
    }
}
