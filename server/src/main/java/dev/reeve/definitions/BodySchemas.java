package dev.reeve.definitions;

import dev.reeve.json.Json;
import dev.reeve.openapi.BodySchema;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Bodies of APIs, checked as arguments of tools are: in linear time, nothing fetched, and no member that is not declared. */
public final class BodySchemas {
    private static final String BODY = "body";

    /** A body that is decided on is no upload. */
    private static final JsonLimits LIMITS = new JsonLimits(1 << 20, 64, 100_000, true);

    private BodySchemas() {}

    /** As {@link #compile(List, Json.Obj)} of several. */
    public static BodySchema compile(Json schema, Json.Obj definitions) {
        return compile(List.of(schema), definitions).getFirst();
    }

    /**
     * @param schemas in JSON Schema, with references to {@code #/$defs/NAME} only
     * @param definitions that they lead to, compiled once for all of them
     * @throws IllegalArgumentException saying why bodies could not be checked safely against one of them
     */
    public static List<BodySchema> compile(List<Json> schemas, Json.Obj definitions) {
        // One level down, so that an object of which nothing is declared may hold anything, as there.
        Json.Builder named = Json.object();
        for (int i = 0; i < schemas.size(); i++) {
            named.put(BODY + i, schemas.get(i));
        }
        Json.Obj whole = Json.object()
                .put("type", "object")
                .put("properties", named.build())
                .put("$defs", definitions)
                .build();
        try {
            ArgumentSchema compiled = ArgumentSchema.compile(whole);
            List<BodySchema> all = new ArrayList<>();
            for (int i = 0; i < schemas.size(); i++) {
                all.add(new Compiled(BODY + i, schemas.get(i), definitions, compiled));
            }
            return all;
        } catch (UnsafeSchemaException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** @param name by which the schema of all knows this body */
    private record Compiled(String name, Json type, Json.Obj definitions, ArgumentSchema schema) implements BodySchema {
        @Override
        public void check(Json body) {
            Optional<String> problem =
                    schema.problem(Json.object().put(name, body).build());
            if (problem.isPresent()) {
                throw new IllegalArgumentException(problem.get()
                        .replace("`arguments/" + name, "`" + BODY)
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
