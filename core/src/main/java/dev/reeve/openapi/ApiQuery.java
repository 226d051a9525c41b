package dev.reeve.openapi;

import dev.reeve.json.Json;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The query of a request, read by the parameters of its operation: decoded once, as forms are ({@code +} is a space), and typed. What the document does not
 * name, or what servers read in different ways, is refused.
 */
public final class ApiQuery {
    private static final int LONGEST = 8 * 1024;
    private static final int MOST = 100;
    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cntrl}\\p{Cf}\\uFFFD]");

    private ApiQuery() {}

    /**
     * @param raw what stands behind the question mark; empty if there is nothing
     * @throws IllegalArgumentException saying what is wrong
     */
    public static Json.Obj read(String raw, List<ApiParameter> parameters) {
        Map<String, List<String>> texts = texts(raw);
        Json.Builder typed = Json.object();
        for (ApiParameter parameter : parameters) {
            List<String> given = texts.remove(parameter.name());
            if (given != null) {
                typed.put(parameter.name(), parameter.read(given));
            } else if (parameter.required()) {
                throw new IllegalArgumentException("the parameter `" + parameter.name() + "` is missing");
            }
        }
        if (!texts.isEmpty()) {
            throw undeclared(texts.keySet().iterator().next());
        }
        return typed.build();
    }

    /**
     * Of a tool's arguments those that are parameters of the query. Which must be there, the tool's own schema says: they may stand elsewhere.
     *
     * @throws IllegalArgumentException saying what is wrong
     */
    public static Json.Obj of(Json.Obj arguments, List<ApiParameter> parameters) {
        Json.Builder typed = Json.object();
        for (ApiParameter parameter : parameters) {
            Json value = arguments.members().get(parameter.name());
            if (value != null) {
                parameter.check(value);
                typed.put(parameter.name(), value);
            }
        }
        return typed.build();
    }

    private static Map<String, List<String>> texts(String raw) {
        Map<String, List<String>> texts = new LinkedHashMap<>();
        if (raw.isEmpty()) {
            return texts;
        }
        if (raw.length() > LONGEST || raw.indexOf(';') >= 0) {
            throw new IllegalArgumentException("a query has at most " + LONGEST + " characters, and no `;`");
        }
        String[] parts = raw.split("&", -1);
        if (parts.length > MOST) {
            throw new IllegalArgumentException("a query has at most " + MOST + " parameters");
        }
        for (String part : parts) {
            int equals = part.indexOf('=');
            if (equals <= 0) {
                throw new IllegalArgumentException("each parameter of a query is written `name=value`");
            }
            texts.computeIfAbsent(decoded(part.substring(0, equals)), ignored -> new ArrayList<>())
                    .add(decoded(part.substring(equals + 1)));
        }
        return texts;
    }

    private static String decoded(String text) {
        String decoded;
        try {
            decoded = URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("its query is wrongly encoded", e);
        }
        if (UNSEEN.matcher(decoded).find()) {
            throw new IllegalArgumentException("its query is not UTF-8, or holds an invisible character");
        }
        return decoded;
    }

    private static IllegalArgumentException undeclared(String name) {
        return new IllegalArgumentException(
                "the operation has no parameter `" + name + "`: its document names it in no query");
    }
}
