package dev.reeve.upstream;

import dev.reeve.json.Json;
import java.util.List;
import java.util.Optional;

/**
 * What a server says that it offers. Foreign text: gives no trust (R19).
 *
 * @param revision the protocol revision that was agreed
 * @param tools definitions as they came, all pages
 */
public record Offers(
        String revision,
        Json.Obj serverInfo,
        Json.Obj capabilities,
        Optional<String> instructions,
        List<Json.Obj> tools) {
    public Offers {
        tools = List.copyOf(tools);
    }
}
