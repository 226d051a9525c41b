package dev.reeve.openapi;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a request is sent, beside its URL.
 *
 * @param method in capitals
 */
public record SentRequest(String method, SentBody body) {
    /** By HTTP methods: RFC 9110, section 9.3, and RFC 5789. */
    private static final Map<String, String> VERBS = Map.of(
            "GET", "read",
            "HEAD", "read",
            "OPTIONS", "read",
            "POST", "create",
            "PUT", "update",
            "PATCH", "update",
            "DELETE", "delete");

    /** By these a server may do something else than the method and the path say. */
    private static final Set<String> MISLEADING =
            Set.of("x-http-method-override", "x-http-method", "x-method-override", "x-original-url", "x-rewrite-url");

    /** What a method does, in the words of policies; empty of one that is not decided on. Methods are told apart by the case of their letters. */
    public static Optional<String> verb(String method) {
        return Optional.ofNullable(VERBS.get(method));
    }

    /** Whether a request with this header may be another than it seems. */
    public static boolean misleads(String header) {
        return MISLEADING.contains(header.toLowerCase(Locale.ROOT));
    }
}
