package dev.reeve.cli;

import dev.reeve.control.Health;
import dev.reeve.json.Json;
import dev.reeve.metrics.Metrics;
import dev.reeve.upstream.McpServers;
import dev.reeve.upstream.UpstreamHealth;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How the upstreams are, for {@code reeve status} and for metrics. */
record UpstreamsStatus(Foundation foundation, McpServers upstreams) {
    void tell(Health health, Metrics metrics) {
        health.tell("upstreams", this::all);
        metrics.gauge(
                "reeve_definitions_held",
                "Definitions of tools, prompts and resources that wait for a person.",
                () -> upstreams.names().stream()
                        .mapToInt(
                                name -> foundation.definitions().standing(name).held())
                        .sum());
        metrics.gauge("reeve_children", "Servers that Reeve started and that run.", upstreams::children);
        metrics.gauge(
                "reeve_child_crashes",
                "Servers that ended by themselves since Reeve started.",
                () -> upstreams.names().stream().mapToLong(upstreams::crashes).sum());
    }

    private Json all() {
        List<Json> all = new ArrayList<>();
        for (String name : upstreams.names()) {
            UpstreamHealth one = upstreams.health(name);
            Json.Builder shown = Json.object()
                    .put("name", name)
                    .put("state", one.state().name().toLowerCase(Locale.ROOT))
                    .put("revision", one.revision())
                    .put("problem", one.problem())
                    .put("confined", Confined.of(foundation.config(), name))
                    .put("crashes", upstreams.crashes(name))
                    .put("tools", foundation.definitions().tools(name).size())
                    .put(
                            "definitions_held",
                            foundation.definitions().standing(name).held())
                    .put(
                            "definitions_grave",
                            foundation.definitions().standing(name).grave());
            all.add(shown.build());
        }
        return new Json.Arr(all);
    }
}
