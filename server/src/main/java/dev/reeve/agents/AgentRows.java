package dev.reeve.agents;

import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import dev.reeve.store.Micros;
import dev.reeve.store.Row;
import dev.reeve.store.SealedTable;
import dev.reeve.store.Store;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Agents and credentials as rows. */
final class AgentRows {
    private static final SealedTable AGENTS = new SealedTable(
            "agents",
            List.of("tenant", "name"),
            List.of("roles", "owner", "attributes", "state", "created", "changed"));
    private static final SealedTable KEYS = new SealedTable(
            "api_keys",
            List.of("id"),
            List.of("tenant", "agent", "hash", "created", "expires", "revoked", "replaced_by"));
    private static final SealedTable CONNECTORS = new SealedTable(
            "connectors", List.of("id"), List.of("tenant", "agent", "os_user", "hash", "created", "revoked"));

    private AgentRows() {}

    static List<Agent> agents(Store.Reading reading) {
        return AGENTS.rows(reading).stream().map(AgentRows::agent).toList();
    }

    static List<Credential> credentials(Store.Reading reading) {
        List<Credential> all = new ArrayList<>();
        KEYS.rows(reading).forEach(row -> all.add(key(row)));
        CONNECTORS.rows(reading).forEach(row -> all.add(connector(row)));
        return all;
    }

    static void put(Store.Writing writing, Agent agent) {
        Map<String, @Nullable Object> row = new HashMap<>();
        row.put("tenant", agent.tenant());
        row.put("name", agent.name());
        row.put("roles", JsonWriter.text(Json.Arr.ofStrings(agent.roles())));
        row.put("owner", agent.owner().orElse(null));
        row.put("attributes", JsonWriter.text(object(agent.attributes())));
        row.put("state", agent.state().name());
        row.put("created", Micros.of(agent.created()));
        row.put("changed", Micros.of(agent.changed()));
        AGENTS.put(writing, row);
    }

    static void put(Store.Writing writing, Credential credential) {
        Map<String, @Nullable Object> row = new HashMap<>();
        row.put("id", credential.id());
        row.put("tenant", credential.tenant());
        row.put("agent", credential.agent());
        row.put("hash", credential.hash().bytes());
        row.put("created", Micros.of(credential.created()));
        row.put("revoked", credential.revoked().map(Micros::of).orElse(null));
        switch (credential) {
            case Credential.ApiKey key -> {
                row.put("expires", Micros.of(key.expires()));
                row.put("replaced_by", key.replacedBy().orElse(null));
                KEYS.put(writing, row);
            }
            case Credential.Connector connector -> {
                row.put("os_user", connector.osUser());
                CONNECTORS.put(writing, row);
            }
        }
    }

    private static Agent agent(Row row) {
        return new Agent(
                row.text("tenant"),
                row.text("name"),
                texts(row.text("roles")),
                row.optionalText("owner"),
                map(row.text("attributes")),
                Agent.State.valueOf(row.text("state")),
                row.time("created"),
                row.time("changed"),
                Agent.STORE);
    }

    private static Credential key(Row row) {
        return new Credential.ApiKey(
                row.text("id"),
                row.text("tenant"),
                row.text("agent"),
                new KeyHash(row.bytes("hash")),
                row.time("created"),
                row.time("expires"),
                row.optionalTime("revoked"),
                row.optionalText("replaced_by"));
    }

    private static Credential connector(Row row) {
        return new Credential.Connector(
                row.text("id"),
                row.text("tenant"),
                row.text("agent"),
                row.number("os_user"),
                new KeyHash(row.bytes("hash")),
                row.time("created"),
                row.optionalTime("revoked"));
    }

    private static Json.Obj object(Map<String, String> values) {
        Json.Builder object = Json.object();
        values.forEach(object::put);
        return object.build();
    }

    private static Set<String> texts(String json) {
        Set<String> texts = new TreeSet<>();
        if (read(json) instanceof Json.Arr array) {
            array.items().forEach(item -> texts.add(((Json.Str) item).value()));
        }
        return texts;
    }

    private static Map<String, String> map(String json) {
        Map<String, String> map = new LinkedHashMap<>();
        if (read(json) instanceof Json.Obj object) {
            object.members().forEach((name, value) -> map.put(name, ((Json.Str) value).value()));
        }
        return map;
    }

    private static Json read(String json) {
        try {
            return StrictJson.read(json.getBytes(StandardCharsets.UTF_8), JsonLimits.REQUEST);
        } catch (JsonRefusedException e) {
            throw new IllegalStateException("a row with the right MAC is not what was written", e);
        }
    }
}
