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
 *
 * @param roles those that it surely has: only they allow something
 * @param perhaps those that it has for a part of what it does only, or of which it cannot be said whether it has them: they count where
 *     something is forbidden, asked, looked at or used up, and allow nothing; none of {@code roles}
 */
public record Principal(
        String tenant,
        String agent,
        String instance,
        Optional<String> user,
        List<String> actors,
        Set<String> roles,
        Set<String> perhaps,
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
        perhaps = perhaps.isEmpty() ? Set.of() : without(perhaps, roles);
        attributes = Map.copyOf(attributes);
    }

    /** One whose roles are all certain. */
    public Principal(
            String tenant,
            String agent,
            String instance,
            Optional<String> user,
            List<String> actors,
            Set<String> roles,
            Optional<String> owner,
            Map<String, String> attributes) {
        this(tenant, agent, instance, user, actors, roles, Set.of(), owner, attributes);
    }

    private static Set<String> without(Set<String> some, Set<String> others) {
        Set<String> left = new HashSet<>(some);
        left.removeAll(others);
        return Set.copyOf(left);
    }

    /** By what it takes part in what all share: the agent, with all of its keys. */
    public String party() {
        return tenant + " " + agent;
    }

    /** The same with these roles too. */
    public Principal withRoles(Collection<String> more) {
        Set<String> all = new HashSet<>(roles);
        all.addAll(more);
        return new Principal(tenant, agent, instance, user, actors, all, perhaps, owner, attributes);
    }

    /** The same with these roles perhaps. */
    public Principal withPerhaps(Collection<String> more) {
        Set<String> all = new HashSet<>(perhaps);
        all.addAll(more);
        return new Principal(tenant, agent, instance, user, actors, roles, all, owner, attributes);
    }

    /** All that may count against it. */
    public Set<String> rolesOrPerhaps() {
        if (perhaps.isEmpty()) {
            return roles;
        }
        Set<String> all = new HashSet<>(roles);
        all.addAll(perhaps);
        return all;
    }
}
