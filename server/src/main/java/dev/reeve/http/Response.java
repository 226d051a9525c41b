package dev.reeve.http;

import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/** @param headers without {@code content-length}, {@code date} and {@code connection}, which the server sets */
@SuppressWarnings("ArrayRecordComponent") // Bytes on the hot path: nobody compares responses.
public record Response(int status, Map<String, String> headers, byte[] body) {
    private static final Map<String, String> JSON = Map.of("content-type", "application/json");
    private static final byte[] NOTHING = new byte[0];

    public Response {
        headers = Map.copyOf(headers);
        for (String value : headers.values()) {
            // Nothing that we put into a header may end it early.
            if (!value.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
                throw new IllegalArgumentException("a header value with control or non-ASCII characters");
            }
        }
    }

    public static Response json(int status, byte[] body) {
        return new Response(status, JSON, body);
    }

    public static Response empty(int status) {
        return new Response(status, Map.of(), NOTHING);
    }

    /** The one form of an error that is no protocol's own. {@code code} is stable, snake case. */
    public static Response error(int status, String code, String message) {
        Json.Obj error = Json.object().put("code", code).put("message", message).build();
        return json(status, JsonWriter.bytes(Json.object().put("error", error).build()));
    }

    public Response with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Response(status, more, body);
    }
}
