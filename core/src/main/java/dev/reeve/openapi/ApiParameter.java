package dev.reeve.openapi;

import dev.reeve.json.Json;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A parameter in the query of an operation (OpenAPI 3.1, "Parameter Object", style {@code form}).
 *
 * @param list whether it may be there several times; {@code exploded}: each time with one value, otherwise with commas between them
 * @param allowed the only texts that it may have; empty if any
 * @param least of a number, or the fewest characters of a text; {@code most} likewise
 */
public record ApiParameter(
        String name,
        boolean required,
        Kind kind,
        boolean list,
        boolean exploded,
        Set<String> allowed,
        OptionalDouble least,
        OptionalDouble most) {
    private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9][0-9]{0,14})");
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]{0,14})(\\.[0-9]{1,15})?");

    /** {@code UNREAD}: the document says it in a way that is not understood, so a request that has it is refused. */
    public enum Kind {
        TEXT,
        WHOLE,
        NUMBER,
        FLAG,
        UNREAD
    }

    public ApiParameter {
        allowed = Set.copyOf(allowed);
    }

    /** One that has no bounds. */
    public static ApiParameter of(String name, Kind kind) {
        return new ApiParameter(
                name, false, kind, false, true, Set.of(), OptionalDouble.empty(), OptionalDouble.empty());
    }

    /**
     * @param texts decoded, at least one
     * @throws IllegalArgumentException saying what is wrong
     */
    Json read(List<String> texts) {
        if (kind == Kind.UNREAD) {
            throw wrong("is described in a way that is not read");
        }
        if (!list) {
            if (texts.size() > 1) {
                throw wrong("is there more than once");
            }
            return one(texts.getFirst());
        }
        if (!exploded && texts.size() > 1) {
            throw wrong("is there more than once, and takes its values with commas between them");
        }
        List<String> values = exploded ? texts : List.of(texts.getFirst().split(",", -1));
        return new Json.Arr(values.stream().map(this::one).toList());
    }

    /**
     * The same of an argument of a tool.
     *
     * @throws IllegalArgumentException saying what is wrong
     */
    void check(Json value) {
        if (kind == Kind.UNREAD) {
            throw wrong("is described in a way that is not read");
        }
        if (list && value instanceof Json.Arr all) {
            all.items().forEach(this::checkOne);
        } else {
            checkOne(value);
        }
    }

    private void checkOne(Json value) {
        boolean text = value instanceof Json.Str && kind == Kind.TEXT;
        boolean flag = value instanceof Json.Bool && kind == Kind.FLAG;
        boolean number = value instanceof Json.Num && (kind == Kind.WHOLE || kind == Kind.NUMBER);
        if (!text && !flag && !number) {
            throw wrong("is not " + said());
        }
        one(value instanceof Json.Str(String written) ? written : value.toString());
    }

    private Json one(String text) {
        if (!allowed.isEmpty() && !allowed.contains(text)) {
            throw wrong("is none of the values that the document names");
        }
        return switch (kind) {
            case TEXT -> {
                bounded(text.codePointCount(0, text.length()));
                yield new Json.Str(text);
            }
            case WHOLE -> number(text, WHOLE);
            case NUMBER -> number(text, NUMBER);
            case FLAG -> flag(text);
            case UNREAD -> throw wrong("is described in a way that is not read");
        };
    }

    private Json number(String text, Pattern form) {
        Json.Num number = new Json.Num(text);
        if (!form.matcher(text).matches() || !number.survives()) {
            throw wrong("is not " + said());
        }
        bounded(number.value());
        return number;
    }

    private Json flag(String text) {
        return switch (text) {
            case "true" -> Json.Bool.TRUE;
            case "false" -> Json.Bool.FALSE;
            default -> throw wrong("is not " + said());
        };
    }

    private void bounded(double size) {
        if ((least.isPresent() && size < least.getAsDouble()) || (most.isPresent() && size > most.getAsDouble())) {
            throw wrong("is beyond the bounds of the document");
        }
    }

    private String said() {
        return switch (kind) {
            case TEXT -> "a text";
            case WHOLE -> "a whole number";
            case NUMBER -> "a number";
            case FLAG -> "`true` or `false`";
            case UNREAD -> "known";
        };
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException("the parameter `" + name + "` " + what);
    }
}
