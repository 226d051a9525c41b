package dev.reeve.authzen;

import dev.reeve.json.Json;
import java.util.Optional;

/**
 * A subject or a resource.
 *
 * @param id empty where it is what is looked for
 * @param properties what the caller says of it
 */
record Entity(String type, String id, Json.Obj properties) {
    static final int LONGEST_ID = 4_096;
    private static final int LONGEST_TYPE = 64;

    static Entity read(String name, Optional<Json.Obj> part) throws BadRequestException {
        Json.Obj object = need(name, part);
        return new Entity(type(name, object), text(name + ".id", object, "id", LONGEST_ID), properties(name, object));
    }

    /** One whose id is looked for; an id that is there means nothing. */
    static Entity any(String name, Optional<Json.Obj> part) throws BadRequestException {
        Json.Obj object = need(name, part);
        return new Entity(type(name, object), "", properties(name, object));
    }

    Entity with(String otherId) {
        return new Entity(type, otherId, properties);
    }

    static Json.Obj need(String name, Optional<Json.Obj> part) throws BadRequestException {
        return part.orElseThrow(() -> BadRequestException.invalid("`" + name + "` is missing"));
    }

    private static String type(String name, Json.Obj object) throws BadRequestException {
        String type = text(name + ".type", object, "type", LONGEST_TYPE);
        if (!Characters.isLetter(type.charAt(0)) || !Characters.isText(type, LONGEST_TYPE, Entity::mayBeInType)) {
            throw BadRequestException.invalid(
                    "`" + name + ".type` is a letter and then letters, digits, `_`, `.` and `-`");
        }
        return type;
    }

    private static boolean mayBeInType(int c) {
        return Characters.isLetterOrDigit(c) || c == '_' || c == '.' || c == '-';
    }

    static String text(String where, Json.Obj object, String member, int longest) throws BadRequestException {
        Optional<Json> value = object.get(member);
        if (value.isEmpty()) {
            throw BadRequestException.invalid("`" + where + "` is missing");
        }
        if (!(value.get() instanceof Json.Str text)
                || text.value().isEmpty()
                || text.value().length() > longest) {
            throw BadRequestException.invalid("`" + where + "` must be a text of 1 to " + longest + " characters");
        }
        return text.value();
    }

    static Json.Obj properties(String name, Json.Obj object) throws BadRequestException {
        Optional<Json> value = object.get("properties");
        if (value.isPresent() && !(value.get() instanceof Json.Obj)) {
            throw BadRequestException.invalid("`" + name + ".properties` must be an object");
        }
        return value.map(Json.Obj.class::cast).orElse(Json.Obj.EMPTY);
    }

    /** What conditions see: the properties, and the id and type, which no property can take the place of. */
    Json.Obj claimed() {
        Json.Obj all = properties.with("type", new Json.Str(type));
        return id.isEmpty() ? all : all.with("id", new Json.Str(id));
    }
}
