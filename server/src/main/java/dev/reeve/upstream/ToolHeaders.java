package dev.reeve.upstream;

import dev.reeve.json.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which headers the tools of a 2026-07-28 server ask for, by tool. */
record ToolHeaders(Map<String, List<HeaderValues.Param>> byTool) {
    ToolHeaders {
        byTool = Map.copyOf(byTool);
    }

    static ToolHeaders of(List<Json.Obj> tools) {
        Map<String, List<HeaderValues.Param>> found = new HashMap<>();
        for (Json.Obj tool : tools) {
            HeaderValues.asked(tool)
                    .filter(params -> !params.isEmpty())
                    .ifPresent(params -> found.put(tool.string("name").orElse(""), params));
        }
        return new ToolHeaders(found);
    }

    Map<String, String> of(String tool, Json.Obj arguments) {
        return HeaderValues.of(byTool.getOrDefault(tool, List.of()), arguments);
    }
}
