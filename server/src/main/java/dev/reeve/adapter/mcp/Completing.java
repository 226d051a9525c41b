package dev.reeve.adapter.mcp;

import dev.reeve.action.Operation;
import dev.reeve.action.Operation.Completion.Completed;
import dev.reeve.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * How a variable of a resource template could go on tells which resources there are: of that a caller gets what it could read. The template alone is
 * decided before, whatever is typed into it.
 */
final class Completing {
    private static final int LONGEST_TEMPLATE = 8192;

    /** RFC 3986, section 2. */
    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    private static final String RESERVED = ":/?#[]@!$&'()*+,;=";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

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
                        && spellings(asked, text.value()).stream()
                                .allMatch(uri -> mayRead.test(new Operation.ResourceRead(asked.upstream(), uri))))
                .toList();
        // How many there are in all counts the others, too.
        return kept.size() == values.size()
                ? result
                : result.with(
                        "completion", given.with("values", new Json.Arr(kept)).without("total"));
    }

    /** As it stands, and as RFC 6570 has clients write it: a rule may be about either. */
    private static Set<String> spellings(Operation.Completion asked, String value) {
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
        return Set.copyOf(List.of(filled(asked.name(), known, false), filled(asked.name(), known, true)));
    }

    /**
     * The template of RFC 6570 with what is known in it.
     *
     * @param encoded values with {@code %} where a URI has no such letter; else as they are
     */
    static String filled(String template, Map<String, String> known, boolean encoded) {
        StringBuilder out = new StringBuilder();
        int at = 0;
        for (int open = template.indexOf('{'); open >= 0; open = template.indexOf('{', at)) {
            int close = template.indexOf('}', open);
            if (close < 0 || out.length() > LONGEST_TEMPLATE) {
                break;
            }
            out.append(template, at, open).append(expression(template.substring(open + 1, close), known, encoded));
            at = close + 1;
        }
        return out.append(template.substring(at)).toString();
    }

    /** What is not known yet stays as it is written. */
    private static String expression(String text, Map<String, String> known, boolean encoded) {
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
            if (out.length() > LONGEST_TEMPLATE) {
                break;
            }
            String name = variable.replaceFirst("\\*$|:[0-9]{1,4}$", "");
            String value = known.get(name);
            out.append(out.isEmpty() ? first : between).append(";?&".indexOf(operator) >= 0 ? name + "=" : "");
            if (value == null) {
                out.append('{').append(variable).append('}');
            } else {
                String part = beginning(value, variable.substring(name.length()));
                out.append(encoded ? encoded(part, operator == '+' || operator == '#') : part);
            }
        }
        return out.toString();
    }

    /** @param modifier of the variable: {@code :3} for no more than its first three letters */
    private static String beginning(String value, String modifier) {
        if (!modifier.startsWith(":")) {
            return value;
        }
        int most = Integer.parseInt(modifier.substring(1));
        return value.codePointCount(0, value.length()) <= most
                ? value
                : value.substring(0, value.offsetByCodePoints(0, most));
    }

    /** @param reserved whether what means something in a URI stays as it is */
    private static String encoded(String value, boolean reserved) {
        StringBuilder out = new StringBuilder(value.length());
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            if (UNRESERVED.indexOf(c) >= 0 || (reserved && RESERVED.indexOf(c) >= 0)) {
                out.append(c);
            } else {
                out.append('%').append(HEX.toHexDigits(b));
            }
        }
        return out.toString();
    }
}
