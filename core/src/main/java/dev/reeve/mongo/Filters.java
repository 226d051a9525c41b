package dev.reeve.mongo;

import dev.reeve.json.Json;
import java.util.Set;

/**
 * Filters: MongoDB manual, "Query Predicates". An operator that is not named here is refused; among these are {@code $where}, which runs code,
 * and {@code $text}, which reads whatever is indexed.
 */
final class Filters {
    private static final Set<String> VALUES =
            Set.of("$eq", "$ne", "$gt", "$gte", "$lt", "$lte", "$exists", "$type", "$size");
    private static final Set<String> LISTS =
            Set.of("$in", "$nin", "$all", "$mod", "$bitsAllClear", "$bitsAllSet", "$bitsAnyClear", "$bitsAnySet");

    private Filters() {}

    static void read(Json filter, Shape shape, Set<String> variables) {
        read(filter, "", shape, variables);
    }

    /** @param above what stands before each path, with its dot: in {@code $elemMatch} */
    private static void read(Json filter, String above, Shape shape, Set<String> variables) {
        Literals.object(filter, "a filter").members().forEach((name, value) -> {
            switch (name) {
                case "$and", "$or", "$nor" ->
                    Literals.list(value, "`" + name + "`").forEach(one -> read(one, above, shape, variables));
                case "$expr" -> {
                    if (!above.isEmpty()) {
                        throw new RefusedMongoException("mongo_operator", "`$expr` is not accepted in `$elemMatch`");
                    }
                    Expressions.read(value, shape, variables);
                }
                case "$comment" -> Literals.text(value, "`$comment`");
                default -> {
                    if (name.startsWith("$")) {
                        throw new RefusedMongoException(
                                "mongo_operator", "the operator `" + name + "` is not on the list of operators");
                    }
                    field(Path.of(above + name), value, shape, variables);
                }
            }
        });
    }

    private static void field(String path, Json condition, Shape shape, Set<String> variables) {
        if (!Literals.isOperators(condition)) {
            Literals.check(condition);
            shape.read(path);
            return;
        }
        Json.Obj operators = Literals.object(condition, "a condition");
        operators.members().forEach((name, value) -> operator(name, value, path, shape, variables));
    }

    private static void operator(String name, Json value, String path, Shape shape, Set<String> variables) {
        if (name.equals("$elemMatch") && !isCondition(value)) {
            if (!namesField(value)) {
                throw RefusedMongoException.malformed("`$elemMatch` names at least one field");
            }
            read(value, path + ".", shape, variables);
            return;
        }
        shape.read(path);
        switch (name) {
            case "$regex" -> {
                if (!Literals.isRegularExpression(value)) {
                    Literals.text(value, "`$regex`");
                }
            }
            case "$options", "$comment" -> Literals.text(value, "`" + name + "`");
            case "$not" -> {
                if (!Literals.isRegularExpression(value)) {
                    operators(value, "`$not`", path, shape, variables);
                }
            }
            case "$elemMatch" -> operators(value, "`$elemMatch`", path, shape, variables);
            default -> {
                if (!VALUES.contains(name) && !LISTS.contains(name)) {
                    throw new RefusedMongoException(
                            "mongo_operator", "the operator `" + name + "` is not on the list of operators");
                }
                Literals.check(value);
            }
        }
    }

    /** Otherwise it would say whether there are elements in a list that nobody declared. */
    private static boolean namesField(Json filter) {
        return switch (filter) {
            case Json.Obj object ->
                object.members().entrySet().stream()
                        .anyMatch(one -> !one.getKey().startsWith("$") || namesField(one.getValue()));
            case Json.Arr list -> list.items().stream().anyMatch(Filters::namesField);
            case Json.Str ignored -> false;
            case Json.Num ignored -> false;
            case Json.Bool ignored -> false;
            case Json.Null ignored -> false;
        };
    }

    private static void operators(Json value, String what, String path, Shape shape, Set<String> variables) {
        if (!isCondition(value)) {
            throw RefusedMongoException.malformed(what + " takes operators");
        }
        field(path, value, shape, variables);
    }

    /** Operators on the element itself, not a filter on its fields. */
    private static boolean isCondition(Json value) {
        return Literals.isOperators(value)
                && Literals.object(value, "a condition").members().keySet().stream()
                        .noneMatch(name ->
                                Set.of("$and", "$or", "$nor", "$expr", "$where").contains(name)
                                        || !name.startsWith("$"));
    }
}
