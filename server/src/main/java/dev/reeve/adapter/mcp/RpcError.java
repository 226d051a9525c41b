package dev.reeve.adapter.mcp;

import dev.reeve.json.Json;
import java.util.Optional;

/**
 * A JSON-RPC error.
 *
 * @param foreign an upstream's own: answered with status 200, since clients of 2026-07-28 read no body from most others
 */
record RpcError(int code, String message, Optional<Json> data, boolean foreign) {
    static final int PARSE = -32700;
    static final int INVALID_REQUEST = -32600;
    static final int METHOD_NOT_FOUND = -32601;
    static final int INVALID_PARAMS = -32602;
    static final int INTERNAL = -32603;
    static final int RESOURCE_NOT_FOUND = -32002;
    static final int NOT_ALLOWED = -32010;
    static final int HEADER_MISMATCH = -32020;
    static final int MISSING_CAPABILITY = -32021;
    static final int UNSUPPORTED_VERSION = -32022;

    static RpcError of(int code, String message) {
        return new RpcError(code, message, Optional.empty(), false);
    }

    static RpcError of(int code, String message, Json data) {
        return new RpcError(code, message, Optional.of(data), false);
    }

    static RpcError invalidParams(String message) {
        return of(INVALID_PARAMS, message);
    }

    static RpcError invalidRequest(String message) {
        return of(INVALID_REQUEST, message);
    }

    /** As it came, but that codes with a meaning in this protocol between us and the client, and Reeve's names in the data, stay ours to say. */
    static RpcError upstream(int code, String message, Optional<Json> foreign) {
        Optional<Json> data = foreign.map(ForeignMeta::withoutInData);
        boolean plain = code == METHOD_NOT_FOUND || code == INVALID_PARAMS || code == RESOURCE_NOT_FOUND;
        return code == MISSING_CAPABILITY
                ? new RpcError(code, message, data, false)
                : new RpcError(plain ? code : INTERNAL, message, data, true);
    }

    /** The same of an error within a result, as a failed task has it. */
    static Json.Obj upstream(Json.Obj error) {
        int code = error.get("code")
                .filter(Json.Num.class::isInstance)
                .flatMap(number -> ((Json.Num) number).whole())
                .filter(whole -> whole == whole.intValue())
                .map(Long::intValue)
                .orElse(INTERNAL);
        String message = error.string("message").orElse("the task failed");
        return upstream(code, message, error.get("data")).asJson();
    }

    RpcException thrown() {
        return new RpcException(this);
    }

    /** The HTTP status that the revision gives it. */
    int status(Revision revision) {
        if (code == PARSE || code == INVALID_REQUEST) {
            return 400;
        }
        if (!revision.stateless() || foreign) {
            return 200;
        }
        return switch (code) {
            case METHOD_NOT_FOUND -> 404;
            case INVALID_PARAMS, HEADER_MISMATCH, MISSING_CAPABILITY, UNSUPPORTED_VERSION -> 400;
            default -> 200;
        };
    }

    Json.Obj response(Json id) {
        return Json.object()
                .put("jsonrpc", "2.0")
                .put("id", id)
                .put("error", asJson())
                .build();
    }

    Json.Obj asJson() {
        Json.Builder error = Json.object().put("code", code).put("message", message);
        data.ifPresent(value -> error.put("data", value));
        return error.build();
    }
}
