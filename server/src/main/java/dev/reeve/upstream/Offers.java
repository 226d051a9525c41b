package dev.reeve.upstream;

import dev.reeve.action.Operation.Offer;
import dev.reeve.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a server says that it offers. Foreign text: gives no trust (R19).
 *
 * @param revision the protocol revision that was agreed
 * @param tools definitions as they came, all pages: those for a client that can be asked everything, and any that only others are shown
 * @param others the other lists; one that could not be read is not there
 */
public record Offers(
        String revision,
        Json.Obj serverInfo,
        Json.Obj capabilities,
        Optional<String> instructions,
        List<Json.Obj> tools,
        Map<Offer, List<Json.Obj>> others) {
    public Offers {
        tools = List.copyOf(tools);
        others = Map.copyOf(others);
    }

    public Offers(
            String revision,
            Json.Obj serverInfo,
            Json.Obj capabilities,
            Optional<String> instructions,
            List<Json.Obj> tools) {
        this(revision, serverInfo, capabilities, instructions, tools, Map.of());
    }

    /** What it says of itself, as one definition. */
    public Json.Obj told() {
        return Json.object()
                .put("serverInfo", serverInfo)
                .put("capabilities", capabilities)
                .put("instructions", instructions)
                .build();
    }
}
