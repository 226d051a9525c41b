package dev.reeve.config;

import dev.reeve.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * JSON Schemas (2020-12) of the operator's files, so that editors complete and check. Made from the same shapes as the check of files; what
 * a schema cannot say (an address is loopback, a name exists) only {@code reeve check} says.
 */
public final class Schemas {
    private static final String BASE = "urn:reeve:schema:";

    private Schemas() {}

    /** Names for {@link #of}: {@code reeve}, ... */
    public static List<String> names() {
        return List.copyOf(shapes().keySet());
    }

    /** The schema of one kind of file; empty for other names. */
    public static Optional<Json.Obj> of(String name) {
        return Optional.ofNullable(shapes().get(name)).map(shape -> {
            Json.Builder all = Json.object()
                    .put("$schema", "https://json-schema.org/draft/2020-12/schema")
                    .put("$id", BASE + name)
                    .put("title", title(name));
            struct(shape).members().forEach(all::put);
            return all.build();
        });
    }

    static Map<String, Shape.Struct> shapes() {
        Map<String, Shape.Struct> shapes = new LinkedHashMap<>();
        shapes.put("reeve", ReeveShape.ROOT);
        shapes.put("catalog", CatalogShape.ROOT);
        shapes.put("policies", PolicyShape.ROOT);
        shapes.put("tests", CaseShape.ROOT);
        shapes.put("witness", WitnessShape.ROOT);
        return shapes;
    }

    private static String title(String name) {
        return name.equals("reeve") || name.equals("witness")
                ? "Reeve: " + name + ".yaml"
                : "Reeve: a file of the folder " + name;
    }

    private static Json.Obj schema(Shape shape) {
        return switch (shape) {
            case Shape.Text text -> text(text);
            case Shape.Whole whole ->
                Json.object()
                        .put("type", "integer")
                        .put("minimum", whole.least())
                        .put("maximum", whole.most())
                        .build();
            case Shape.Flag ignored -> Json.object().put("type", "boolean").build();
            case Shape.Free ignored -> Json.Obj.EMPTY;
            case Shape.Time time ->
                pattern(Units.TIME.pattern(), "a time from " + text(time.least()) + " to " + text(time.most()));
            case Shape.Size size ->
                Json.object()
                        .put("type", Json.Arr.ofStrings(List.of("string", "integer")))
                        .put("pattern", anchored(Units.SIZE.pattern()))
                        .put(
                                "description",
                                "a size from " + Units.text(size.least()) + " to " + Units.text(size.most()))
                        .build();
            case Shape.Choice choice ->
                Json.object().put("enum", new Json.Arr(values(choice))).build();
            case Shape.ListOf list -> list(list);
            case Shape.MapOf map ->
                Json.object()
                        .put("type", nullable("object"))
                        .put("propertyNames", pattern(map.names().pattern(), map.of()))
                        .put("additionalProperties", schema(map.value()))
                        .build();
            case Shape.Struct struct -> struct(struct);
            case Shape.Either either ->
                Json.object()
                        .put(
                                "anyOf",
                                new Json.Arr(either.shapes().stream()
                                        .<Json>map(Schemas::schema)
                                        .toList()))
                        .build();
        };
    }

    /** YAML reads `1` as a number, and an editor must not complain of a form that the reader takes. */
    private static List<Json> values(Shape.Choice choice) {
        List<Json> values = new ArrayList<>();
        for (String value : choice.values()) {
            values.add(Json.of(value));
            if (value.matches("[0-9]{1,9}")) {
                values.add(Json.of(Long.parseLong(value)));
            }
        }
        return values;
    }

    private static Json.Obj text(Shape.Text text) {
        if (text.pattern() == Shape.ANYTHING) {
            return Json.object()
                    .put("type", Json.Arr.ofStrings(List.of("string", "number", "boolean")))
                    .put("minLength", 1)
                    .put("maxLength", 4096)
                    .build();
        }
        Json.Obj schema = pattern(text.pattern().pattern(), text.form());
        return text.numbersToo() ? schema.with("type", Json.Arr.ofStrings(List.of("string", "number"))) : schema;
    }

    private static Json.Obj pattern(String pattern, String description) {
        return Json.object()
                .put("type", "string")
                .put("pattern", anchored(pattern))
                .put("description", description)
                .build();
    }

    private static String anchored(String pattern) {
        return "^(?:" + pattern + ")$";
    }

    private static Json.Obj list(Shape.ListOf list) {
        Json.Obj array = Json.object()
                .put("type", "array")
                .put("items", schema(list.item()))
                .put("minItems", list.least())
                .build();
        return list.alone()
                ? Json.object()
                        .put("anyOf", new Json.Arr(List.of(array, schema(list.item()))))
                        .build()
                : array;
    }

    private static Json.Obj struct(Shape.Struct struct) {
        Json.Builder properties = Json.object();
        List<String> required = new ArrayList<>();
        for (Shape.Field field : struct.fields()) {
            Json.Obj about = schema(field.shape()).with("description", Json.of(field.about()));
            properties.put(
                    field.name(),
                    field.fallback().isEmpty() ? about : about.with("default", Json.of(field.fallback())));
            if (field.required()) {
                required.add(field.name());
            }
        }
        Json.Builder schema = Json.object()
                .put("type", nullable("object"))
                .put("properties", properties)
                .put(
                        "additionalProperties",
                        struct.rest().map(it -> (Json) schema(it.value())).orElse(Json.of(false)));
        return required.isEmpty()
                ? schema.build()
                : schema.put("required", Json.Arr.ofStrings(required)).build();
    }

    private static Json.Arr nullable(String type) {
        return Json.Arr.ofStrings(List.of(type, "null"));
    }

    private static String text(Duration time) {
        return Units.text(time);
    }
}
