package dev.reeve.upstream;

import dev.reeve.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Values that 2026-07-28 repeats in HTTP headers: {@code Mcp-Name}, and {@code Mcp-Param-*} for arguments whose schema says
 * {@code x-mcp-header}. What a header cannot hold goes as {@code =?base64?...?=}.
 */
final class HeaderValues {
    private static final int DEEPEST = 16;
    private static final int MOST = 64;

    private HeaderValues() {}

    /** @param path names of properties from the root of the arguments */
    record Param(String header, List<String> path) {
        Param {
            path = List.copyOf(path);
        }
    }

    static String encode(String value) {
        return isPlain(value)
                ? value
                : "=?base64?" + Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8)) + "?=";
    }

    private static boolean isPlain(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) < 0x20 || value.charAt(i) > 0x7E) {
                return false;
            }
        }
        return !value.isEmpty() && value.equals(value.strip()) && !value.startsWith("=?");
    }

    /** The headers that a tool's schema asks for; empty if it asks for something that the protocol forbids: such a tool cannot be called. */
    static Optional<List<Param>> asked(Json.Obj tool) {
        Json.Obj schema = tool.object("inputSchema").orElse(Json.Obj.EMPTY);
        List<Param> found = new ArrayList<>();
        boolean valid = collect(schema, List.of(), found, new HashSet<>());
        return valid && found.size() == count(schema, 0) ? Optional.of(List.copyOf(found)) : Optional.empty();
    }

    private static boolean collect(Json.Obj schema, List<String> path, List<Param> found, Set<String> names) {
        if (path.size() > DEEPEST || found.size() > MOST) {
            return false;
        }
        Optional<Json> wanted = schema.get("x-mcp-header");
        if (wanted.isPresent() && !add(schema, wanted.get(), path, found, names)) {
            return false;
        }
        for (Map.Entry<String, Json> property :
                schema.object("properties").orElse(Json.Obj.EMPTY).members().entrySet()) {
            List<String> deeper = new ArrayList<>(path);
            deeper.add(property.getKey());
            if (property.getValue() instanceof Json.Obj inner && !collect(inner, deeper, found, names)) {
                return false;
            }
        }
        return true;
    }

    private static boolean add(Json.Obj schema, Json wanted, List<String> path, List<Param> found, Set<String> names) {
        String type = schema.string("type").orElse("");
        boolean typed = type.equals("string") || type.equals("integer") || type.equals("boolean");
        if (!(wanted instanceof Json.Str name) || !typed || path.isEmpty()) {
            return false;
        }
        boolean token = name.value().matches("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}");
        found.add(new Param("Mcp-Param-" + name.value(), path));
        return token && names.add(name.value().toLowerCase(Locale.ROOT));
    }

    /** All places where a schema asks for a header, also those that no argument can reach. */
    private static int count(Json value, int depth) {
        return switch (value) {
            case Json.Obj object -> {
                int sum = object.string("x-mcp-header").isPresent() ? 1 : 0;
                for (Json member : object.members().values()) {
                    sum += depth > 64 ? 1 : count(member, depth + 1);
                }
                yield sum;
            }
            case Json.Arr array ->
                array.items().stream()
                        .mapToInt(it -> depth > 64 ? 1 : count(it, depth + 1))
                        .sum();
            case Json.Str ignored -> 0;
            case Json.Num ignored -> 0;
            case Json.Bool ignored -> 0;
            case Json.Null ignored -> 0;
        };
    }

    /** The headers for one call. Absent and null arguments have none. */
    static Map<String, String> of(List<Param> params, Json.Obj arguments) {
        Map<String, String> headers = new HashMap<>();
        for (Param param : params) {
            text(find(arguments, param.path())).ifPresent(value -> headers.put(param.header(), encode(value)));
        }
        return headers;
    }

    private static Optional<Json> find(Json.Obj arguments, List<String> path) {
        Optional<Json> found = Optional.of(arguments);
        for (String name : path) {
            found = found.filter(it -> it instanceof Json.Obj).flatMap(it -> ((Json.Obj) it).get(name));
        }
        return found;
    }

    private static Optional<String> text(Optional<Json> value) {
        return value.flatMap(it -> switch (it) {
            case Json.Str text -> Optional.of(text.value());
            case Json.Bool bool -> Optional.of(bool.toString());
            case Json.Num number ->
                Optional.of(number.whole().map(whole -> Long.toString(whole)).orElse(number.text()));
            case Json.Obj ignored -> Optional.empty();
            case Json.Arr ignored -> Optional.empty();
            case Json.Null ignored -> Optional.empty();
        });
    }
}
