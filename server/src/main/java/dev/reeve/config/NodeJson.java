package dev.reeve.config;

import dev.reeve.json.Json;

/** A part of a file as JSON: as the YAML core schema reads it. */
final class NodeJson {
    private final Problems problems;

    NodeJson(Problems problems) {
        this.problems = problems;
    }

    /** A number that JSON cannot hold exactly would be another one at the gate: it is a problem. */
    Json of(Node node) {
        return switch (node) {
            case Node.Mapping mapping -> {
                Json.Builder object = Json.object();
                mapping.members().forEach((name, member) -> object.put(name, of(member.value())));
                yield object.build();
            }
            case Node.Sequence list ->
                new Json.Arr(list.items().stream().map(this::of).toList());
            case Node.Scalar scalar ->
                switch (scalar.type()) {
                    case TEXT -> new Json.Str(scalar.text());
                    case FLAG -> Json.of(scalar.text().equalsIgnoreCase("true"));
                    case NOTHING -> Json.Null.NULL;
                    case WHOLE, DECIMAL -> number(scalar);
                };
        };
    }

    private Json number(Node.Scalar scalar) {
        boolean plain = scalar.text().matches("-?(0|[1-9][0-9]{0,40})(\\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?");
        Json.Num number = new Json.Num(plain ? scalar.text() : "0");
        if (!plain || !number.survives()) {
            problems.error(
                    scalar, "\"" + scalar.text() + "\" is not a number of JSON", "put it in quotes if it is a text");
        }
        return number;
    }
}
