package dev.reeve.cli;

import dev.reeve.config.ReeveConfig;
import dev.reeve.json.Json;
import dev.reeve.policy.ToolSchemas;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What a command knows of tools: the names of upstreams, and the pins if a process runs that can be asked for them. */
record KnownTools(Set<String> upstreams, Map<String, Map<String, Json.Obj>> pinned) implements ToolSchemas {
    static KnownTools of(Optional<ReeveConfig> config, Set<String> upstreams) {
        Map<String, Map<String, Json.Obj>> pinned = new TreeMap<>();
        if (config.isPresent() && Control.listens(config.get().data())) {
            try (Control control = Control.running(config.get())) {
                Json.Obj answer = control.get("/v1/tools?definitions=true");
                answer.array("tools").orElse(Json.Arr.EMPTY).items().forEach(tool -> add(pinned, tool));
            } catch (CommandException e) {
                // It has just ended, or is an older one. What can be checked without it is checked.
                pinned.clear();
            }
        }
        return new KnownTools(upstreams, pinned);
    }

    private static void add(Map<String, Map<String, Json.Obj>> pinned, Json item) {
        if (item instanceof Json.Obj tool) {
            pinned.computeIfAbsent(tool.string("upstream").orElse(""), name -> new TreeMap<>())
                    .put(
                            tool.string("name").orElse(""),
                            tool.object("definition").orElse(Json.Obj.EMPTY));
        }
    }

    @Override
    public Optional<Json.Obj> inputSchema(String upstream, String tool) {
        return Optional.ofNullable(pinned.getOrDefault(upstream, Map.of()).get(tool))
                .flatMap(definition -> definition.object("inputSchema"));
    }

    @Override
    public List<String> tools(String upstream) {
        return List.copyOf(pinned.getOrDefault(upstream, Map.of()).keySet());
    }
}
