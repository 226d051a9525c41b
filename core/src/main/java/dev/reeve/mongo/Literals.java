package dev.reeve.mongo;

import dev.reeve.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Values that are compared with or stored, and never evaluated. */
final class Literals {
    private static final Predicate<Json> TEXT = Json.Str.class::isInstance;

    /** Types that JSON has not: MongoDB Extended JSON v2, without code and references. */
    private static final Map<String, Predicate<Json>> EXTENDED = Map.ofEntries(
            Map.entry("$oid", TEXT),
            Map.entry("$numberInt", TEXT),
            Map.entry("$numberLong", TEXT),
            Map.entry("$numberDouble", TEXT),
            Map.entry("$numberDecimal", TEXT),
            Map.entry("$uuid", TEXT),
            Map.entry("$date", value -> TEXT.test(value) || members(value, Set.of("$numberLong"))),
            Map.entry("$timestamp", value -> members(value, Set.of("t", "i"))),
            Map.entry("$binary", value -> members(value, Set.of("base64", "subType"))),
            Map.entry("$regularExpression", value -> members(value, Set.of("pattern", "options"))),
            Map.entry("$minKey", Json.Num.class::isInstance),
            Map.entry("$maxKey", Json.Num.class::isInstance));

    private Literals() {}

    private static boolean members(Json value, Set<String> names) {
        return value instanceof Json.Obj object
                && object.members().keySet().equals(names)
                && object.members().values().stream()
                        .allMatch(one -> one instanceof Json.Str || one instanceof Json.Num);
    }

    static boolean isExtended(Json.Obj object) {
        return object.members().size() == 1
                && object.members().entrySet().stream()
                        .allMatch(one -> EXTENDED.containsKey(one.getKey())
                                && EXTENDED.get(one.getKey()).test(one.getValue()));
    }

    static boolean isRegularExpression(Json value) {
        return value instanceof Json.Obj object && isExtended(object) && object.has("$regularExpression");
    }

    /** Refuses what could be an operator. */
    static void check(Json value) {
        switch (value) {
            case Json.Obj object -> {
                if (!isExtended(object)) {
                    object.members().forEach((name, inner) -> {
                        plainKey(name);
                        check(inner);
                    });
                }
            }
            case Json.Arr list -> list.items().forEach(Literals::check);
            case Json.Str ignored -> {}
            case Json.Num ignored -> {}
            case Json.Bool ignored -> {}
            case Json.Null ignored -> {}
        }
    }

    static void plainKey(String name) {
        if (name.isEmpty() || name.startsWith("$") || name.indexOf('\0') >= 0) {
            throw new RefusedMongoException("mongo_operator", "`" + name + "` is not accepted in a value");
        }
    }

    static boolean isOperators(Json value) {
        return value instanceof Json.Obj object
                && !isExtended(object)
                && object.members().keySet().stream().anyMatch(name -> name.startsWith("$"));
    }

    static Json.Obj object(Json value, String what) {
        if (value instanceof Json.Obj object) {
            return object;
        }
        throw RefusedMongoException.malformed(what + " is an object");
    }

    static List<Json> list(Json value, String what) {
        if (value instanceof Json.Arr list && !list.items().isEmpty()) {
            return list.items();
        }
        throw RefusedMongoException.malformed(what + " is a list that is not empty");
    }

    static boolean isText(Json value) {
        return value instanceof Json.Str;
    }

    static String text(Json value, String what) {
        if (value instanceof Json.Str text) {
            return text.value();
        }
        throw RefusedMongoException.malformed(what + " is a text");
    }

    static void number(Json value, String what) {
        if (!(value instanceof Json.Num)) {
            throw RefusedMongoException.malformed(what + " is a number");
        }
    }

    /** Refuses members that are not named here. */
    static void only(Json.Obj object, String what, Set<String> known) {
        object.members().keySet().stream()
                .filter(name -> !known.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new RefusedMongoException("mongo_not_supported", "`" + name + "` is not accepted in " + what);
                });
    }

    static Json member(Json.Obj object, String name, String what) {
        return object.get(name).orElseThrow(() -> RefusedMongoException.malformed(what + " needs `" + name + "`"));
    }
}
