package dev.reeve.mongo;

import dev.reeve.json.Json;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Expressions of pipelines: MongoDB manual, "Aggregation Operators". An operator that is not named here is refused; among these are
 * {@code $function} and {@code $accumulator}, which run code.
 */
final class Expressions {
    /** Those that evaluate each of their operands and nothing else. */
    private static final Set<String> PLAIN = Set.of((
            // arithmetic, trigonometry, bits
            "abs add ceil divide exp floor ln log log10 mod multiply pow round sqrt subtract trunc "
                    + "sin cos tan asin acos atan atan2 sinh cosh tanh degreesToRadians radiansToDegrees "
                    + "bitAnd bitOr bitXor bitNot "
                    // comparison, boolean, condition
                    + "cmp eq gt gte lt lte ne and or not cond ifNull switch "
                    // arrays, sets, objects
                    + "arrayElemAt arrayToObject concatArrays first firstN in indexOfArray isArray last lastN maxN minN "
                    + "objectToArray range reverseArray size slice sortArray zip "
                    + "allElementsTrue anyElementTrue setDifference setEquals setIntersection setIsSubset setUnion "
                    + "mergeObjects setField unsetField "
                    // dates
                    + "dateAdd dateDiff dateFromParts dateFromString dateSubtract dateToParts dateToString dateTrunc "
                    + "dayOfMonth dayOfWeek dayOfYear hour isoDayOfWeek isoWeek isoWeekYear millisecond minute month "
                    + "second week year "
                    // texts
                    + "concat indexOfBytes indexOfCP ltrim regexFind regexFindAll regexMatch replaceOne replaceAll rtrim "
                    + "split strLenBytes strLenCP strcasecmp substr substrBytes substrCP toLower toUpper trim "
                    // types
                    + "convert isNumber toBool toDate toDecimal toDouble toInt toLong toObjectId toString type "
                    // accumulators that also work on a list
                    + "avg max min sum stdDevPop stdDevSamp")
            .split(" "));

    private static final Set<String> SYSTEM = Set.of("NOW", "CLUSTER_TIME", "REMOVE");

    private Expressions() {}

    /** @param variables that are defined here */
    static void read(Json expression, Shape shape, Set<String> variables) {
        switch (expression) {
            case Json.Str text -> text(text.value(), shape, variables);
            case Json.Arr list -> list.items().forEach(one -> read(one, shape, variables));
            case Json.Obj object when Literals.isExtended(object) -> {}
            case Json.Obj object when Literals.isOperators(object) -> operator(object, shape, variables);
            case Json.Obj object ->
                object.members().forEach((name, value) -> {
                    Literals.plainKey(name);
                    read(value, shape, variables);
                });
            case Json.Num ignored -> {}
            case Json.Bool ignored -> {}
            case Json.Null ignored -> {}
        }
    }

    private static void text(String text, Shape shape, Set<String> variables) {
        if (text.startsWith("$$")) {
            variable(text.substring(2), shape, variables);
        } else if (text.startsWith("$")) {
            shape.read(Path.of(text.substring(1)));
        }
    }

    private static void variable(String text, Shape shape, Set<String> variables) {
        int dot = text.indexOf('.');
        String name = dot < 0 ? text : text.substring(0, dot);
        String path = dot < 0 ? "" : Path.of(text.substring(dot + 1));
        if (name.equals("ROOT") || name.equals("CURRENT")) {
            if (path.isEmpty()) {
                shape.readWhole();
            } else {
                shape.read(path);
            }
        } else if (!SYSTEM.contains(name) && !variables.contains(name)) {
            throw new RefusedMongoException("mongo_variable", "the variable `$$" + name + "` is not accepted");
        }
    }

    private static void operator(Json.Obj object, Shape shape, Set<String> variables) {
        Map.Entry<String, Json> only = object.members().entrySet().iterator().next();
        if (object.members().size() != 1) {
            throw RefusedMongoException.malformed("an expression has one operator");
        }
        Json operand = only.getValue();
        switch (only.getKey()) {
            case "$literal" -> {}
            case "$let" -> let(operand, shape, variables);
            case "$map" -> each(operand, "$map", Set.of("input", "as", "in"), "in", shape, variables);
            case "$filter" ->
                each(operand, "$filter", Set.of("input", "as", "cond", "limit"), "cond", shape, variables);
            case "$reduce" -> reduce(operand, shape, variables);
            case "$getField" -> getField(operand, shape, variables);
            default -> {
                if (!only.getKey().startsWith("$")
                        || !PLAIN.contains(only.getKey().substring(1))) {
                    throw new RefusedMongoException(
                            "mongo_operator", "the operator `" + only.getKey() + "` is not on the list of operators");
                }
                read(operand, shape, variables);
            }
        }
    }

    private static void let(Json operand, Shape shape, Set<String> variables) {
        Json.Obj let = Literals.object(operand, "$let");
        Literals.only(let, "$let", Set.of("vars", "in"));
        Set<String> inner = define(Literals.member(let, "vars", "$let"), shape, variables);
        read(Literals.member(let, "in", "$let"), shape, inner);
    }

    /** The variables with those that are defined in an object of names and expressions. */
    static Set<String> define(Json definitions, Shape shape, Set<String> variables) {
        Set<String> inner = new HashSet<>(variables);
        Literals.object(definitions, "a list of variables").members().forEach((name, value) -> {
            read(value, shape, variables);
            inner.add(variable(name));
        });
        return inner;
    }

    /** What begins with a capital is the system's. */
    private static String variable(String name) {
        if (Path.name(name).charAt(0) < 'a') {
            throw new RefusedMongoException(
                    "mongo_variable", "a variable begins with a small letter: not `" + name + "`");
        }
        return name;
    }

    private static void each(
            Json operand, String what, Set<String> known, String body, Shape shape, Set<String> variables) {
        Json.Obj each = Literals.object(operand, what);
        Literals.only(each, what, known);
        read(Literals.member(each, "input", what), shape, variables);
        each.get("limit").ifPresent(limit -> read(limit, shape, variables));
        Set<String> inner = new HashSet<>(variables);
        inner.add(each.get("as").map(as -> variable(Literals.text(as, "`as`"))).orElse("this"));
        read(Literals.member(each, body, what), shape, inner);
    }

    private static void reduce(Json operand, Shape shape, Set<String> variables) {
        Json.Obj reduce = Literals.object(operand, "$reduce");
        Literals.only(reduce, "$reduce", Set.of("input", "initialValue", "in"));
        read(Literals.member(reduce, "input", "$reduce"), shape, variables);
        read(Literals.member(reduce, "initialValue", "$reduce"), shape, variables);
        Set<String> inner = new HashSet<>(variables);
        inner.addAll(Set.of("this", "value"));
        read(Literals.member(reduce, "in", "$reduce"), shape, inner);
    }

    /** A field by its name, of the document or of a value whose reading counts whole. A name that is computed could be any. */
    private static void getField(Json operand, Shape shape, Set<String> variables) {
        Json field = operand;
        if (operand instanceof Json.Obj object && !Literals.isOperators(object)) {
            Literals.only(object, "$getField", Set.of("field", "input"));
            field = Literals.member(object, "field", "$getField");
            if (object.has("input")) {
                read(Literals.member(object, "input", "$getField"), shape, variables);
                Path.name(Literals.text(field, "`field`"));
                return;
            }
        }
        shape.read(Path.name(Literals.text(field, "`field`")));
    }
}
