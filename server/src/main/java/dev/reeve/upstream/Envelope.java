package dev.reeve.upstream;

import dev.reeve.json.Json;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/** JSON-RPC messages to servers, each with an id that nobody can guess (R13): an answer that matches none of ours is not one. */
final class Envelope {
    static final String PROTOCOL_VERSION = "io.modelcontextprotocol/protocolVersion";
    static final String SUBSCRIPTION_ID = "io.modelcontextprotocol/subscriptionId";
    private static final String CAPABILITIES = "io.modelcontextprotocol/clientCapabilities";
    private static final String LOG_LEVEL = "io.modelcontextprotocol/logLevel";
    static final String OWN_KEYS = "io.modelcontextprotocol/";

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Json.Obj CLIENT =
            Json.object().put("name", "reeve").put("version", "0.1.0").build();

    private static final Json.Obj MODERN_META = Json.object()
            .put(PROTOCOL_VERSION, Agreement.MODERN)
            .put("io.modelcontextprotocol/clientInfo", CLIENT)
            .put(CAPABILITIES, Json.Obj.EMPTY)
            .build();

    private Envelope() {}

    static String freshId() {
        byte[] bytes = new byte[16];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** For one of Reeve's own questions. */
    static Json.Obj request(String id, Ask ask, boolean modern, Optional<String> progressToken) {
        return request(id, ask, modern, progressToken, Offered.NOTHING, Optional.empty());
    }

    /** Asks a server what it is, as one that can be asked this. */
    static Json.Obj discover(String id, Offered offered) {
        return request(id, discover(), true, Optional.empty(), offered, Optional.empty());
    }

    static Json.Obj request(String id, Ask ask, boolean modern, Optional<String> progressToken, Call call) {
        return request(id, ask, modern, progressToken, call.offered(), call.logLevel());
    }

    private static Json.Obj request(
            String id,
            Ask ask,
            boolean modern,
            Optional<String> progressToken,
            Offered offered,
            Optional<LogLevel> level) {
        Json.Obj bare = modern ? modernMeta(offered, level) : Json.Obj.EMPTY;
        Json.Obj meta = progressToken
                .map(token -> bare.with("progressToken", Json.of(token)))
                .orElse(bare);
        Json.Obj params = meta.members().isEmpty() ? ask.params() : ask.params().with("_meta", meta);
        Json.Builder message = Json.object().put("jsonrpc", "2.0").put("id", id).put("method", ask.method());
        return (params.members().isEmpty() ? message : message.put("params", params)).build();
    }

    private static Json.Obj modernMeta(Offered offered, Optional<LogLevel> level) {
        Json.Obj meta =
                offered.equals(Offered.NOTHING) ? MODERN_META : MODERN_META.with(CAPABILITIES, offered.modern());
        return level.map(from -> meta.with(LOG_LEVEL, Json.of(from.wire()))).orElse(meta);
    }

    static Ask initialize(Optional<String> fixed, Offered offered) {
        return Ask.of(
                "initialize",
                Json.object()
                        .put("protocolVersion", fixed.orElse(Agreement.LEGACY))
                        .put("capabilities", offered.legacy())
                        .put("clientInfo", CLIENT)
                        .build());
    }

    static Ask discover() {
        return Ask.of("server/discover", Json.Obj.EMPTY);
    }

    static Ask setLevel(LogLevel level) {
        return Ask.of(
                "logging/setLevel", Json.object().put("level", level.wire()).build());
    }

    static Ask listen(Agreement agreement) {
        Json.Builder wanted = Json.object();
        for (String kind : new String[] {"tools", "prompts", "resources"}) {
            if (agreement.tellsChangesOf(kind)) {
                wanted.put(kind + "ListChanged", true);
            }
        }
        return Ask.of(
                "subscriptions/listen",
                Json.object().put("notifications", wanted).build());
    }

    static Ask listenTo(String uri) {
        return Ask.of(
                "subscriptions/listen",
                Json.object()
                        .put(
                                "notifications",
                                Json.object().put("resourceSubscriptions", Json.Arr.ofStrings(java.util.List.of(uri))))
                        .build());
    }

    static Ask subscribe(String uri, boolean begin) {
        return Ask.of(
                begin ? "resources/subscribe" : "resources/unsubscribe",
                Json.object().put("uri", uri).build());
    }

    static Json.Obj notification(String method, Json.Obj params) {
        Json.Builder message = Json.object().put("jsonrpc", "2.0").put("method", method);
        return (params.members().isEmpty() ? message : message.put("params", params)).build();
    }

    static Json.Obj cancelled(String id) {
        return notification(
                "notifications/cancelled",
                Json.object()
                        .put("requestId", id)
                        .put("reason", "the caller went away")
                        .build());
    }

    /** The answer to a question of a server: a client's result, or that we refuse. */
    static Json.Obj answer(Json id, Json.Obj response) {
        Json.Builder reply = Json.object().put("jsonrpc", "2.0").put("id", id);
        if (response.has(Questions.REFUSED)) {
            return reply.put("error", Json.object().put("code", -1).put("message", "The request was refused"))
                    .build();
        }
        return reply.put("result", response).build();
    }

    /** What a server that asks something else gets: ping is answered, everything else was never offered. */
    static Json.Obj replyTo(Incoming.Request request) {
        Json.Builder reply = Json.object().put("jsonrpc", "2.0").put("id", request.id());
        if (request.method().equals("ping")) {
            return reply.put("result", Json.Obj.EMPTY).build();
        }
        return reply.put("error", Json.object().put("code", -32601).put("message", "Method not found"))
                .build();
    }
}
