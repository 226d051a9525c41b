package dev.reeve.definitions;

import dev.reeve.json.Json;
import dev.reeve.openapi.BodySchema;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Bodies of APIs, checked as arguments of tools are: in linear time, nothing fetched, and no member that is not declared. */
public final class BodySchemas {
    private static final String BODY = "body";

    /** A body that is decided on is no upload. */
    private static final JsonLimits LIMITS = new JsonLimits(1 << 20, 64, 100_000, true);

    private BodySchemas() {}

    /**
     * @param schema in JSON Schema, with references to {@code #/$defs/NAME} only
     * @throws IllegalArgumentException saying why bodies could not be checked safely against it
     */
    public static BodySchema compile(Json schema, Json.Obj definitions) {
        // One level down, so that an object of which nothing is declared may hold anything, as there.
        Json.Obj whole = Json.object()
                .put("type", "object")
                .put("properties", Json.object().put(BODY, schema))
                .put("required", new Json.Arr(java.util.List.of(new Json.Str(BODY))))
                .put("$defs", definitions)
                .build();
        try {
            return new Compiled(schema, definitions, ArgumentSchema.compile(whole));
        } catch (UnsafeSchemaException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private record Compiled(Json type, Json.Obj definitions, ArgumentSchema schema) implements BodySchema {
        @Override
        public void check(Json body) {
            Optional<String> problem =
                    schema.problem(Json.object().put(BODY, body).build());
            if (problem.isPresent()) {
                throw new IllegalArgumentException(problem.get()
                        .replace("`arguments/" + BODY, "`" + BODY)
                        .replace("the tool's schema", "the schema of the API's document")
                        .replace("declared by the tool", "declared by the API's document"));
            }
        }

        @Override
        public Json read(String text) {
            try {
                return StrictJson.read(text.getBytes(StandardCharsets.UTF_8), LIMITS);
            } catch (JsonRefusedException e) {
                throw new IllegalArgumentException("the body is not JSON that can be decided on: " + e.getMessage(), e);
            }
        }
    }
}
