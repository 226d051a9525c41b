package dev.reeve.openapi;

import dev.reeve.json.Json;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The body of an operation (OpenAPI 3.1, "Request Body Object").
 *
 * @param media the types that it may have, in small letters and without parameters: {@code application/json}, {@code image/*}
 * @param json empty if none of them is JSON
 */
public record ApiBody(boolean required, List<String> media, Optional<BodySchema> json) {
    /** What conditions know it by, and whether they do. */
    static final String BODY = "body";

    static final String SEEN = "body_seen";

    public ApiBody {
        media = List.copyOf(media);
    }

    /** Of a media type without parameters, in small letters. */
    public static boolean isJson(String media) {
        return media.equals("application/json") || (media.startsWith("application/") && media.endsWith("+json"));
    }

    /** Without its parameters. */
    public static String bare(String media) {
        int end = media.indexOf(';');
        return (end < 0 ? media : media.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    /**
     * What conditions see as {@code arguments.request}.
     *
     * @param body of the operation; empty if its document names none
     * @throws IllegalArgumentException saying what is wrong with what was sent
     */
    public static Json.Obj request(Json.Obj query, Optional<ApiBody> body, SentBody sent) {
        Json.Builder request = Json.object().put("query", query);
        if (body.isPresent()) {
            body.get().put(sent, request);
        } else if (!(sent instanceof SentBody.Unseen) && !(sent instanceof SentBody.None)) {
            throw new IllegalArgumentException("the operation has no body: its document names none");
        }
        return request.build();
    }

    private void put(SentBody sent, Json.Builder request) {
        switch (sent) {
            case SentBody.Unseen ignored -> request.put(SEEN, Json.Bool.FALSE);
            case SentBody.None ignored -> {
                if (required) {
                    throw new IllegalArgumentException("the body is missing");
                }
                request.put(SEEN, Json.Bool.TRUE);
            }
            case SentBody.Hidden(Optional<String> type) -> {
                type.ifPresent(this::named);
                request.put(SEEN, Json.Bool.FALSE);
            }
            case SentBody.Shown(Json value) -> shown(value, request);
            case SentBody.Written(String text) -> shown(schema().read(text), request);
        }
    }

    private void shown(Json value, Json.Builder request) {
        schema().check(value);
        request.put(SEEN, Json.Bool.TRUE).put(BODY, value);
    }

    private BodySchema schema() {
        return json.orElseThrow(() -> new IllegalArgumentException("the document of the API names no body in JSON"));
    }

    private void named(String type) {
        if (media.stream().noneMatch(known -> covers(known, type))) {
            throw new IllegalArgumentException("the document of the API names no body of this media type");
        }
    }

    private static boolean covers(String known, String type) {
        return known.equals(type)
                || known.equals("*/*")
                || (known.endsWith("/*") && type.startsWith(known.substring(0, known.length() - 1)));
    }
}
