package dev.reeve.adapter.mcp;

import dev.reeve.action.Operation;
import dev.reeve.action.Operation.Completion.Completed;
import dev.reeve.json.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * How a variable of a resource template could go on tells which resources there are: of that a caller gets what it could read. The template alone is
 * decided before, whatever is typed into it.
 */
final class Completing {
    private static final int LONGEST_TEMPLATE = 8192;

    private Completing() {}

    /**
     * What a server proposed, without what makes a resource that may not be read.
     *
     * @param mayRead whether the caller could read it
     */
    static Json.Obj readable(Operation.Completion asked, Json.Obj result, Predicate<Operation.ResourceRead> mayRead) {
        Json.Obj given = result.object("completion").orElse(Json.Obj.EMPTY);
        List<Json> values = given.array("values").orElse(Json.Arr.EMPTY).items();
        if (asked.of() != Completed.RESOURCE_TEMPLATE) {
            return result;
        }
        List<Json> kept = values.stream()
                .filter(value -> value instanceof Json.Str text
                        && mayRead.test(new Operation.ResourceRead(asked.upstream(), with(asked, text.value()))))
                .toList();
        // How many there are in all counts the others, too.
        return kept.size() == values.size()
                ? result
                : result.with(
                        "completion", given.with("values", new Json.Arr(kept)).without("total"));
    }

    private static String with(Operation.Completion asked, String value) {
        Map<String, String> known = new HashMap<>();
        asked.arguments()
                .object("context")
                .flatMap(it -> it.object("arguments"))
                .ifPresent(before -> before.members().forEach((name, given) -> {
                    if (given instanceof Json.Str text) {
                        known.put(name, text.value());
                    }
                }));
        asked.arguments().object("argument").flatMap(it -> it.string("name")).ifPresent(name -> known.put(name, value));
        return filled(asked.name(), known);
    }

    /** The template of RFC 6570 with what is known in it; values stand as they are, which is what rules are written about. */
    static String filled(String template, Map<String, String> known) {
        StringBuilder out = new StringBuilder();
        int at = 0;
        for (int open = template.indexOf('{'); open >= 0; open = template.indexOf('{', at)) {
            int close = template.indexOf('}', open);
            if (close < 0 || out.length() > LONGEST_TEMPLATE) {
                break;
            }
            out.append(template, at, open).append(expression(template.substring(open + 1, close), known));
            at = close + 1;
        }
        return out.append(template.substring(at)).toString();
    }

    /** What is not known yet stays as it is written. */
    private static String expression(String text, Map<String, String> known) {
        char operator = text.isEmpty() ? ' ' : text.charAt(0);
        boolean operates = "+#./;?&".indexOf(operator) >= 0;
        String first = operates && operator != '+' ? String.valueOf(operator) : "";
        String between = switch (operator) {
            case '.', '/', ';' -> first;
            case '?', '&' -> "&";
            default -> ",";
        };
        StringBuilder out = new StringBuilder();
        for (String variable : (operates ? text.substring(1) : text).split(",", -1)) {
            String name = variable.replaceFirst("\\*$|:[0-9]+$", "");
            String value = known.getOrDefault(name, "{" + variable + "}");
            out.append(out.isEmpty() ? first : between)
                    .append(";?&".indexOf(operator) >= 0 ? name + "=" : "")
                    .append(value);
        }
        return out.toString();
    }
}
