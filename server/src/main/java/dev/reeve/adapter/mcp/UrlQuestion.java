package dev.reeve.adapter.mcp;

import dev.reeve.action.Operation.Asks;
import dev.reeve.adapter.mcp.Governed.How;
import dev.reeve.adapter.mcp.Governed.Outcome.NotAllowed;
import dev.reeve.json.Json;
import dev.reeve.upstream.InputRequired;
import java.util.List;
import java.util.Optional;

/**
 * Tells a client that can show URLs where a person may approve (MCP, "Elicitation", URL mode). What the client answers is never an approval
 * (R16): it is thrown away, and the call is decided again as if it had come without it.
 */
final class UrlQuestion {
    /** Under which our question stands in a result of 2026-07-28; no server's question reaches a client under it. */
    static final String KEY = "dev.reeve.approval";

    /** URLElicitationRequiredError of 2025-11-25. */
    private static final int URL_REQUIRED = -32042;

    private UrlQuestion() {}

    /**
     * Whether a client is to be sent to the page instead of being told the denial. Who comes back with an answer while it still waits is told,
     * so that no client goes round in circles.
     */
    static boolean isFor(Calls.Call call, NotAllowed not) {
        return not.page().isPresent()
                && call.ongoing().client().offered().kinds().contains(Asks.URL)
                && !call.params().has(Method.STATE)
                && !call.params().has(Method.RESPONSES);
    }

    /** What the client answered to it, taken out of its request. */
    static Json.Obj withoutAnswer(Json.Obj params) {
        Optional<Json.Obj> responses = params.object(Method.RESPONSES);
        if (responses.filter(all -> all.has(KEY)).isEmpty()) {
            return params;
        }
        Json.Obj rest = responses.get().without(KEY);
        return rest.members().isEmpty() ? params.without(Method.RESPONSES) : params.with(Method.RESPONSES, rest);
    }

    /** A result of 2026-07-28: no state is needed, since the same call finds its ticket. */
    static Json.Obj result(NotAllowed not) {
        return Json.object()
                .put("resultType", InputRequired.TYPE)
                .put(
                        "inputRequests",
                        Json.object()
                                .put(
                                        KEY,
                                        Json.object()
                                                .put("method", "elicitation/create")
                                                .put("params", params(not))))
                .build();
    }

    /** An error of 2025-11-25, on which the client shows the URL and calls again. */
    static RpcError error(NotAllowed not) {
        return RpcError.of(
                URL_REQUIRED,
                message(not),
                Json.object()
                        .put("elicitations", new Json.Arr(List.of(params(not))))
                        .build());
    }

    private static Json.Obj params(NotAllowed not) {
        return Json.object()
                .put("mode", "url")
                .put("elicitationId", not.ticket())
                .put("url", not.page().orElseThrow())
                .put("message", message(not))
                .build();
    }

    private static String message(NotAllowed not) {
        return (not.how() == How.RESULT_HELD
                        ? "The call was made, and a person must release its result (ticket "
                        : "A person must approve this call first (ticket ")
                + not.ticket() + "). Open the page, sign in and decide; then make the same call again.";
    }
}
