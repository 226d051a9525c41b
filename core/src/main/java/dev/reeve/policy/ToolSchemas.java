package dev.reeve.policy;

import dev.reeve.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is known of tools when a policy is compiled: the pins. */
public interface ToolSchemas {
    Optional<Json.Obj> inputSchema(String upstream, String tool);

    /** Names of the operator's file. */
    Set<String> upstreams();

    /** Names of pinned tools; empty as long as the server was never seen. */
    List<String> tools(String upstream);
}
