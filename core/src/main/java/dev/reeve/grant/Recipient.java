package dev.reeve.grant;

import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import java.util.List;
import java.util.Optional;

/**
 * To whom something is given.
 *
 * @param instance only this one of the agent's; empty: each
 * @param user only while it acts for this one; empty: whomever it acts for, unless {@code exactly} is there
 * @param exactly the rest of who asked, where it was a call of its own that a person said yes to; then no user means no user
 */
public record Recipient(
        String tenant, String agent, Optional<String> instance, Optional<String> user, Optional<Exactly> exactly) {
    /** The chain of those who pass a user's authority on, and the agent's owner. */
    public record Exactly(List<String> actors, Optional<String> owner) {
        public Exactly {
            actors = List.copyOf(actors);
        }
    }

    boolean is(Principal principal) {
        return principal.tenant().equals(tenant)
                && principal.agent().equals(agent)
                && instance.filter(one -> !one.equals(principal.instance())).isEmpty()
                && exactly.map(it -> it.actors().equals(principal.actors())
                                && it.owner().equals(principal.owner())
                                && user.equals(principal.user()))
                        .orElseGet(() -> user.isEmpty() || user.equals(principal.user()));
    }

    public Json.Obj asJson() {
        Json.Builder all = Json.object()
                .put("tenant", tenant)
                .put("agent", agent)
                .put("instance", instance)
                .put("user", user);
        exactly.ifPresent(it -> all.put(
                "exactly",
                Json.object().put("actors", Json.Arr.ofStrings(it.actors())).put("owner", it.owner())));
        return all.build();
    }
}
