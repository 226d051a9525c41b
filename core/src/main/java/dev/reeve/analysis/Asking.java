package dev.reeve.analysis;

import dev.reeve.policy.Glob;
import java.util.List;
import java.util.Set;

/**
 * An enforcement point: it lets others do what Reeve does not see, and asks before.
 *
 * @param point the agent that it is
 * @param agents for which it may ask, by name
 * @param roles agents with one of these are among them
 * @param users whether it asks for users, which is done with its own roles
 */
public record Asking(String point, List<Glob> agents, Set<String> roles, boolean users) {
    public Asking {
        agents = List.copyOf(agents);
        roles = Set.copyOf(roles);
    }

    /** Whether it may ask for this one; for one that may be called anything, whether it may ask for any of them. */
    boolean mayBeFor(Actor actor) {
        boolean named = actor.isAnybody()
                ? users || !agents.isEmpty()
                : agents.stream().anyMatch(glob -> glob.matches(actor.name())) || (users && point.equals(actor.name()));
        return named || actor.roles().stream().anyMatch(roles::contains);
    }
}
