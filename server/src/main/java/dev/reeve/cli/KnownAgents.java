package dev.reeve.cli;

import dev.reeve.analysis.Actor;
import dev.reeve.config.ReeveConfig;
import dev.reeve.json.Json;
import dev.reeve.policy.PolicySource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The agents of an installation, if a process runs that can be asked; those of files are among them. Retired ones are left out. */
record KnownAgents(Optional<List<Actor>> actors) {
    static KnownAgents of(Optional<ReeveConfig> config) {
        if (config.isEmpty() || !Control.listens(config.get().data())) {
            return new KnownAgents(Optional.empty());
        }
        try (Control control = Control.running(config.get())) {
            List<Actor> actors = new ArrayList<>();
            for (Json item : control.get("/v1/agents")
                    .array("agents")
                    .orElse(Json.Arr.EMPTY)
                    .items()) {
                if (item instanceof Json.Obj agent
                        && !agent.string("state").orElse("").equals("retired")) {
                    actors.add(new Actor(agent.string("name").orElse(""), texts(agent, "roles")));
                }
            }
            return new KnownAgents(Optional.of(actors));
        } catch (CommandException e) {
            // It has just ended, or may not be asked by this person. What can be checked without it is checked.
            return new KnownAgents(Optional.empty());
        }
    }

    private static Set<String> texts(Json.Obj agent, String name) {
        Set<String> texts = new HashSet<>();
        agent.array(name).orElse(Json.Arr.EMPTY).items().forEach(item -> {
            if (item instanceof Json.Str text) {
                texts.add(text.value());
            }
        });
        return texts;
    }

    /** Those of the files, where nobody could be asked. */
    List<Actor> orOf(PolicySource source) {
        return actors.orElseGet(() -> source.agents().stream()
                .map(agent -> new Actor(agent.name(), Set.copyOf(agent.roles())))
                .toList());
    }

    /** Every role that one of them has. */
    Optional<Set<String>> roles() {
        return actors.map(all -> {
            Set<String> roles = new HashSet<>();
            all.forEach(actor -> roles.addAll(actor.roles()));
            return roles;
        });
    }
}
