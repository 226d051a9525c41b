package dev.reeve.adapter.mcp;

import dev.reeve.json.Json;
import dev.reeve.upstream.LogLevel;
import java.util.Optional;

/**
 * What is read of a request's {@code _meta}: an allow-list (R4). Every other key, W3C trace context included, is dropped and never
 * reaches an upstream.
 *
 * @param progressToken a string or a number, given back with each progress notification
 * @param capabilities what its client can be asked (2026-07-28)
 * @param logLevel from which level on it wants to see log messages (2026-07-28)
 * @param reasoning what the agent says it thinks; recorded as claimed
 */
record Meta(
        Optional<Json> progressToken,
        Optional<String> reasoning,
        Optional<String> protocolVersion,
        Optional<Json.Obj> capabilities,
        Optional<LogLevel> logLevel) {
    static final String REASONING = "dev.reeve/reasoning";
    static final String PROTOCOL_VERSION = "io.modelcontextprotocol/protocolVersion";
    static final String CAPABILITIES = "io.modelcontextprotocol/clientCapabilities";
    static final String LOG_LEVEL = "io.modelcontextprotocol/logLevel";
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
                meta.object(CAPABILITIES),
                logLevel(meta));
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

    private static Optional<LogLevel> logLevel(Json.Obj meta) throws RpcException {
        if (!meta.has(LOG_LEVEL)) {
            return Optional.empty();
        }
        Optional<LogLevel> level = meta.string(LOG_LEVEL).flatMap(LogLevel::of);
        if (level.isEmpty()) {
            throw RpcError.invalidParams("`" + LOG_LEVEL + "` must be a level of RFC 5424, as `info`")
                    .thrown();
        }
        return level;
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
