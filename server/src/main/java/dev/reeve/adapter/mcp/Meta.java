package dev.reeve.adapter.mcp;

import dev.reeve.json.Json;
import java.util.Optional;

/**
 * What is read of a request's {@code _meta}: an allow-list (R4). Every other key, W3C trace context included, is dropped and never
 * reaches an upstream.
 *
 * @param progressToken a string or a number, given back with each progress notification
 * @param reasoning what the agent says it thinks; recorded as claimed
 */
record Meta(
        Optional<Json> progressToken,
        Optional<String> reasoning,
        Optional<String> protocolVersion,
        boolean saysCapabilities) {
    static final String REASONING = "dev.reeve/reasoning";
    static final String PROTOCOL_VERSION = "io.modelcontextprotocol/protocolVersion";
    static final String CAPABILITIES = "io.modelcontextprotocol/clientCapabilities";
    static final String SUBSCRIPTION = "io.modelcontextprotocol/subscriptionId";
    static final String SERVER_INFO = "io.modelcontextprotocol/serverInfo";
    private static final int LONGEST_REASONING = 64 * 1024;
    private static final int LONGEST_TOKEN = 256;

    static Meta read(Json.Obj params) throws RpcException {
        if (params.has("_meta") && params.object("_meta").isEmpty()) {
            throw RpcError.invalidParams("`_meta` must be an object").thrown();
        }
        Json.Obj meta = params.object("_meta").orElse(Json.Obj.EMPTY);
        return new Meta(
                progressToken(meta),
                reasoning(meta),
                meta.string(PROTOCOL_VERSION),
                meta.object(CAPABILITIES).isPresent());
    }

    private static Optional<Json> progressToken(Json.Obj meta) throws RpcException {
        Optional<Json> token = meta.get("progressToken");
        if (token.isPresent()) {
            boolean fits = token.get() instanceof Json.Num
                    || (token.get() instanceof Json.Str text && text.value().length() <= LONGEST_TOKEN);
            if (!fits) {
                throw RpcError.invalidParams("`progressToken` must be a number or a short string")
                        .thrown();
            }
        }
        return token;
    }

    private static Optional<String> reasoning(Json.Obj meta) throws RpcException {
        if (!meta.has(REASONING)) {
            return Optional.empty();
        }
        Optional<String> text = meta.string(REASONING).filter(value -> value.length() <= LONGEST_REASONING);
        if (text.isEmpty()) {
            throw RpcError.invalidParams(
                            "`" + REASONING + "` must be a string of at most " + LONGEST_REASONING + " characters")
                    .thrown();
        }
        return text;
    }

    /** True if the request speaks 2026-07-28 or something later: it says its revision itself. */
    static boolean enveloped(Json.Obj params) {
        return params.object("_meta").filter(meta -> meta.has(PROTOCOL_VERSION)).isPresent();
    }
}
