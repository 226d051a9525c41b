package dev.reeve.cli;

import dev.reeve.control.PolicyRoutes;
import dev.reeve.json.Json;
import java.util.List;
import java.util.Optional;

/** What administration sees of the policy of this process. */
record PolicyDesk(PolicyRoom room, Runnable changed) implements PolicyRoutes.Desk {
    @Override
    public Optional<PolicyRoutes.Waiting> waiting() {
        return room.waiting()
                .map(it -> new PolicyRoutes.Waiting(
                        it.version(),
                        it.person(),
                        Json.object()
                                .put("version", it.version())
                                .put("person", it.person())
                                .put("since", it.since().toString())
                                .put("wider", PolicyRoom.widerJson(it.wider()))
                                .build()));
    }

    @Override
    public Optional<List<String>> second(String version, String person) {
        Optional<List<String>> errors = room.second(version, person);
        changed.run();
        return errors;
    }

    /** One line for {@code reeve status}; empty if nothing waits. */
    Json status() {
        return room.waiting()
                .<Json>map(
                        it -> new Json.Str(
                                "version " + it.version() + " of " + it.person()
                                        + " may allow more and waits for a second person: `reeve policy diff`, then `reeve policy approve`"))
                .orElse(Json.Null.NULL);
    }
}
