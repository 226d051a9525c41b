package dev.reeve.agents;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All agents and credentials of this moment. Immutable; swapped at once. */
public final class Roster {
    static final Roster EMPTY = new Roster(Map.of(), Map.of());

    private final Map<String, Agent> agents;
    private final Map<String, Credential> byId;
    private final Map<KeyHash, Credential> byHash;

    private Roster(Map<String, Agent> agents, Map<String, Credential> byId) {
        this.agents = Collections.unmodifiableMap(agents);
        this.byId = Collections.unmodifiableMap(byId);
        Map<KeyHash, Credential> hashes = HashMap.newHashMap(byId.size());
        byId.values().forEach(credential -> hashes.put(credential.hash(), credential));
        this.byHash = hashes;
    }

    public Optional<Agent> agent(String name) {
        return Optional.ofNullable(agents.get(name));
    }

    public Collection<Agent> agents() {
        return agents.values();
    }

    public Optional<Credential> credential(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    Optional<Credential> credential(KeyHash hash) {
        return Optional.ofNullable(byHash.get(hash));
    }

    public Collection<Credential> credentials() {
        return byId.values();
    }

    public List<Credential> credentialsOf(String agent) {
        return byId.values().stream()
                .filter(credential -> credential.agent().equals(agent))
                .toList();
    }

    Roster with(Agent agent) {
        Map<String, Agent> next = new HashMap<>(agents);
        next.put(agent.name(), agent);
        return new Roster(next, byId);
    }

    Roster with(Collection<? extends Credential> credentials) {
        Map<String, Credential> next = new HashMap<>(byId);
        credentials.forEach(credential -> next.put(credential.id(), credential));
        return new Roster(agents, next);
    }

    /** The stored agents stay; those of files become these. */
    Roster withFileAgents(Collection<Agent> files) {
        Map<String, Agent> next = new HashMap<>();
        agents.values().stream().filter(Agent::isStored).forEach(agent -> next.put(agent.name(), agent));
        files.forEach(agent -> next.put(agent.name(), agent));
        return new Roster(next, byId);
    }
}
