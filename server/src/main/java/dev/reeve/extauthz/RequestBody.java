package dev.reeve.extauthz;

import dev.reeve.json.Json;
import dev.reeve.openapi.ApiBody;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a proxy shows of a request's body, as the question says it beside the method: {@code body}, or {@code has_body} and {@code media_type}. */
final class RequestBody {
    /** A body is a part of a message, so no longer than one may be. */
    private static final JsonLimits LIMITS = new JsonLimits(ExtAuthzLimits.DEFAULT.message(), 64, 100_000, true);

    /** JSON is UTF-8 (RFC 8259, section 8.1); another charset could make something else of it. */
    private static final Pattern PARAMETERS = Pattern.compile("(?i)[^;]*(;\\s*charset=\"?utf-8\"?\\s*)?");

    private RequestBody() {}

    /**
     * @param action what is known of the action already
     * @return empty if the body says that it is JSON and could be read in two ways, or not at all
     */
    static Optional<Json.Obj> described(CheckRequest request, Json.Obj action) {
        List<String> types = request.header("content-type");
        Optional<String> media = types.size() == 1 ? Optional.of(ApiBody.bare(types.getFirst())) : Optional.empty();
        if (request.body().isEmpty()) {
            return Optional.of(unshown(request, media, action));
        }
        if (types.size() > 1 || (media.filter(ApiBody::isJson).isPresent() && isDisguised(request))) {
            return Optional.empty();
        }
        if (media.filter(ApiBody::isJson).isEmpty()) {
            // A body without a type is of a type that no document names.
            return Optional.of(action.with("has_body", Json.Bool.TRUE).with("media_type", Json.of(media.orElse(""))));
        }
        try {
            return Optional.of(
                    action.with("body", StrictJson.read(request.body().toByteArray(), LIMITS)));
        } catch (JsonRefusedException e) {
            return Optional.empty();
        }
    }

    private static boolean isDisguised(CheckRequest request) {
        return !PARAMETERS.matcher(request.header("content-type").getFirst()).matches()
                || request.header("content-encoding").stream()
                        .anyMatch(encoding -> !encoding.strip().equalsIgnoreCase("identity"));
    }

    /** A proxy that shows no bodies still shows by the headers whether there is one; of HTTP/2 not always. */
    private static Json.Obj unshown(CheckRequest request, Optional<String> media, Json.Obj action) {
        List<String> lengths = request.header("content-length");
        boolean none = !lengths.isEmpty() && lengths.stream().allMatch("0"::equals);
        boolean framed = !request.header("transfer-encoding").isEmpty();
        if (framed || (!lengths.isEmpty() && !none)) {
            Json.Obj has = action.with("has_body", Json.Bool.TRUE);
            return media.map(type -> has.with("media_type", Json.of(type))).orElse(has);
        }
        boolean known = none || request.protocol().startsWith("HTTP/1");
        return known ? action.with("has_body", Json.Bool.FALSE) : action;
    }
}
