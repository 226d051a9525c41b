package dev.reeve.upstream;

import dev.reeve.action.Operation;
import dev.reeve.json.Json;
import java.util.Map;
import java.util.Optional;

/**
 * One request in words of the protocol, before ids and {@code _meta}.
 *
 * @param name what the header {@code Mcp-Name} repeats (2026-07-28)
 * @param paramHeaders headers {@code Mcp-Param-*} that the tool's schema asks for (2026-07-28)
 */
record Ask(String method, Json.Obj params, Optional<String> name, Map<String, String> paramHeaders) {
    Ask {
        paramHeaders = Map.copyOf(paramHeaders);
    }

    static Ask of(String method, Json.Obj params) {
        return new Ask(method, params, Optional.empty(), Map.of());
    }

    static Ask named(String method, String name, Json.Obj params) {
        return new Ask(method, params, Optional.of(name), Map.of());
    }

    /** Another round: with what the server asked for, and its own words given back. */
    Ask with(Operation.Input input) {
        Json.Obj round = params.with("inputResponses", input.responses());
        Json.Obj whole = input.state()
                .map(state -> round.with("requestState", Json.of(state)))
                .orElse(round);
        return new Ask(method, whole, name, paramHeaders);
    }

    Ask withParamHeaders(Map<String, String> headers) {
        return new Ask(method, params, name, headers);
    }
}
