package dev.reeve.identity;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who acts. {@code instance} is what provenance, budgets and risk attach to (R11): the id of the key, until instances have tokens
 * of their own. {@code actors} is the chain of those who pass a user's authority on, nearest first.
 */
public record Principal(
        String tenant,
        String agent,
        String instance,
        Optional<String> user,
        List<String> actors,
        Set<String> roles,
        Optional<String> owner,
        Map<String, String> attributes) {
    /** The tenant of an installation that has only one. */
    public static final String DEFAULT_TENANT = "default";

    public Principal {
        if (tenant.isEmpty() || agent.isEmpty() || instance.isEmpty()) {
            throw new IllegalArgumentException("a principal has a tenant, an agent and an instance");
        }
        actors = List.copyOf(actors);
        roles = Set.copyOf(roles);
        attributes = Map.copyOf(attributes);
    }

    /** The same with these roles too. */
    public Principal withRoles(Collection<String> more) {
        Set<String> all = new HashSet<>(roles);
        all.addAll(more);
        return new Principal(tenant, agent, instance, user, actors, all, owner, attributes);
    }
}
