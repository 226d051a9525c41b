package dev.reeve.control;

import dev.reeve.agents.Agent;
import dev.reeve.agents.Credential.ApiKey;
import dev.reeve.json.Json;
import java.util.Locale;

/** What an act changes, as it is recorded. Hashes are left out: the record is read by more people than the store. */
final class Differences {
    private Differences() {}

    static Json.Obj of(Agent agent) {
        Json.Builder attributes = Json.object();
        agent.attributes().forEach(attributes::put);
        return Json.object()
                .put("name", agent.name())
                .put("roles", Json.Arr.ofStrings(agent.roles()))
                .put("owner", agent.owner())
                .put("attributes", attributes)
                .put("state", agent.state().name().toLowerCase(Locale.ROOT))
                .build();
    }

    static Json.Obj of(Agent before, Agent after) {
        return Json.object().put("before", of(before)).put("after", of(after)).build();
    }

    static Json.Obj of(ApiKey key) {
        return Json.object()
                .put("id", key.id())
                .put("agent", key.agent())
                .put("expires", key.expires().toString())
                .build();
    }
}
