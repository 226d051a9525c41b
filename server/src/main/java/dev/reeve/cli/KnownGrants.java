package dev.reeve.cli;

import dev.reeve.config.ReeveConfig;
import dev.reeve.gate.TimedGrant;
import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What people have given for a time now, if a process runs that can be asked. */
record KnownGrants(List<Json.Obj> all) {
    static KnownGrants of(Optional<ReeveConfig> config) {
        List<Json.Obj> all = new ArrayList<>();
        if (config.isPresent() && Control.listens(config.get().data())) {
            try (Control control = Control.running(config.get())) {
                control.get("/v1/grants?state=given")
                        .array("grants")
                        .orElse(Json.Arr.EMPTY)
                        .items()
                        .forEach(one -> all.add((Json.Obj) one));
            } catch (CommandException e) {
                // It has just ended, or is an older one. What can be said without it is said.
                all.clear();
            }
        }
        return new KnownGrants(all);
    }

    /** What an agent has that acts for this user, whichever key it uses. */
    List<TimedGrant> facts(String agent, Optional<String> user) {
        return all.stream()
                .filter(one -> isTo(one, agent, user))
                .map(one -> TimedGrant.read(one.object("gives").orElseThrow()))
                .toList();
    }

    private static boolean isTo(Json.Obj one, String agent, Optional<String> user) {
        Json.Obj to = one.object("to").orElse(Json.Obj.EMPTY);
        boolean any = to.string("user").isEmpty() && !to.has("exactly");
        return to.string("agent").equals(Optional.of(agent))
                && (any || to.string("user").equals(user));
    }

    /** A line each, of those for these agents; empty: all. */
    List<String> lines(Optional<String> agent) {
        return all.stream()
                .filter(one -> agent.isEmpty()
                        || one.object("to").flatMap(to -> to.string("agent")).equals(agent))
                .map(one -> ControlCommand.text(one, "id") + ": " + GrantText.to(one) + " has " + GrantText.what(one)
                        + ", " + GrantText.standing(one) + ", by " + GrantText.givers(one))
                .toList();
    }
}
