package dev.reeve.cli;

import dev.reeve.definitions.PinnedDefinitions;
import dev.reeve.json.Json;
import dev.reeve.policy.ToolSchemas;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The pins as the policy compiler wants to see them. */
record PinnedSchemas(PinnedDefinitions definitions, Supplier<Set<String>> names) implements ToolSchemas {
    @Override
    public Optional<Json.Obj> inputSchema(String upstream, String tool) {
        return definitions
                .tool(upstream, tool)
                .flatMap(pinned -> pinned.definition().object("inputSchema"));
    }

    @Override
    public Set<String> upstreams() {
        return names.get();
    }

    @Override
    public List<String> tools(String upstream) {
        return definitions.tools(upstream).stream()
                .map(dev.reeve.definitions.Definitions.PinnedTool::name)
                .toList();
    }
}
