package dev.reeve.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.reeve.json.Json;
import dev.reeve.secrets.Secret;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** An installation in memory that remembers what was asked of it. */
final class FakeInstallation implements Installation {
    static final String REGISTRATION = "reeve_registrationSecretOfTheConnector";

    final Map<String, Set<String>> agents = new TreeMap<>();
    final List<String> registered = new ArrayList<>();
    final List<String> withdrawn = new ArrayList<>();
    final List<String> pinned = new ArrayList<>();
    final Map<String, List<Json.Obj>> tools = new HashMap<>();

    Optional<String> cannotConfine = Optional.of("this machine cannot confine it: no bwrap");
    final List<String> installed = new ArrayList<>();
    final Set<String> notThere = new TreeSet<>();
    boolean several;

    @Override
    public Optional<String> cannotConfine() {
        return cannotConfine;
    }

    @Override
    public boolean fetches(List<String> command) {
        return command.getFirst().equals("npx") || command.getFirst().equals("uvx");
    }

    @Override
    public String install(String upstream, List<String> command) throws RefusedException {
        if (notThere.contains(upstream)) {
            throw new RefusedException("there is no such package");
        }
        installed.add(upstream);
        return upstream + " 1.0.0";
    }

    static Json.Obj tool(String name, String description, boolean readOnly) {
        return Json.object()
                .put("name", name)
                .put("description", description)
                .put("inputSchema", Json.object().put("type", "object"))
                .put("annotations", Json.object().put("readOnlyHint", readOnly))
                .build();
    }

    @Override
    public void agent(String agent, Set<String> roles) {
        agents.computeIfAbsent(agent, ignored -> new TreeSet<>()).addAll(roles);
    }

    @Override
    public Secret register(String agent) {
        registered.add(agent);
        return Secret.of(REGISTRATION);
    }

    @Override
    public void withdraw(String agent) {
        withdrawn.add(agent);
    }

    @Override
    public List<Json.Obj> tools(String upstream) throws RefusedException {
        List<Json.Obj> offered = tools.get(upstream);
        if (offered == null) {
            throw new RefusedException("no such program");
        }
        return offered;
    }

    @Override
    public boolean needsSecond() {
        return several;
    }

    @Override
    public Set<String> approve(String upstream, List<Json.Obj> shown, Set<String> agreed) {
        assertEquals(tools.get(upstream), shown);
        if (several) {
            return Set.of();
        }
        agreed.forEach(name -> pinned.add(upstream + "." + name));
        return agreed;
    }
}
