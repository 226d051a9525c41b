package dev.reeve.definitions;

import dev.reeve.json.Json;

/** A tool as a server offers it. */
public final class OfferedTool {
    private OfferedTool() {}

    public static Json.Obj tool(String name, String description) {
        return Json.object()
                .put("name", name)
                .put("description", description)
                .put("inputSchema", Json.object().put("type", "object"))
                .build();
    }
}
