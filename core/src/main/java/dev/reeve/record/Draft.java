package dev.reeve.record;

import dev.reeve.json.Json;
import java.util.Map;

/**
 * A record before the ledger stamped it with node, counter and commitments.
 *
 * @param body what stands in the leaf in clear
 * @param hidden what stands in the leaf as a salted commitment only (RFC 9901 section 4.2), with its value in the disclosure store, so
 *     that it can be erased without touching the leaf
 */
public record Draft(Json.Obj body, Map<String, Json> hidden) {
    public Draft {
        hidden = Map.copyOf(hidden);
    }
}
