package dev.reeve.upstream;

import dev.reeve.json.Json;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/** JSON-RPC messages to servers, each with an id that nobody can guess (R13): an answer that matches none of ours is not one. */
final class Envelope {
    static final String PROTOCOL_VERSION = "io.modelcontextprotocol/protocolVersion";
    static final String SUBSCRIPTION_ID = "io.modelcontextprotocol/subscriptionId";
    static final String OWN_KEYS = "io.modelcontextprotocol/";

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Json.Obj CLIENT =
            Json.object().put("name", "reeve").put("version", "0.1.0").build();

    private static final Json.Obj MODERN_META = Json.object()
            .put(PROTOCOL_VERSION, Agreement.MODERN)
            .put("io.modelcontextprotocol/clientInfo", CLIENT)
            .put("io.modelcontextprotocol/clientCapabilities", Json.Obj.EMPTY)
            .build();

    private Envelope() {}

    static String freshId() {
        byte[] bytes = new byte[16];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static Json.Obj request(String id, Ask ask, boolean modern, Optional<String> progressToken) {
        Json.Obj bare = modern ? MODERN_META : Json.Obj.EMPTY;
        Json.Obj meta = progressToken
                .map(token -> bare.with("progressToken", Json.of(token)))
                .orElse(bare);
        Json.Obj params = meta.members().isEmpty() ? ask.params() : ask.params().with("_meta", meta);
        Json.Builder message = Json.object().put("jsonrpc", "2.0").put("id", id).put("method", ask.method());
        return (params.members().isEmpty() ? message : message.put("params", params)).build();
    }

    /** No sampling, roots or elicitation are offered, so that a server has no reason to ask for them. */
    static Ask initialize(Optional<String> fixed) {
        return Ask.of(
                "initialize",
                Json.object()
                        .put("protocolVersion", fixed.orElse(Agreement.LEGACY))
                        .put("capabilities", Json.Obj.EMPTY)
                        .put("clientInfo", CLIENT)
                        .build());
    }

    static Ask discover() {
        return Ask.of("server/discover", Json.Obj.EMPTY);
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

    /** What a server that asks something gets: ping is answered, everything else was never offered. */
    static Json.Obj replyTo(Incoming.Request request) {
        Json.Builder reply = Json.object().put("jsonrpc", "2.0").put("id", request.id());
        if (request.method().equals("ping")) {
            return reply.put("result", Json.Obj.EMPTY).build();
        }
        return reply.put("error", Json.object().put("code", -32601).put("message", "Method not found"))
                .build();
    }
}
