package dev.reeve.config;

import dev.reeve.analysis.Asking;
import dev.reeve.policy.Glob;
import dev.reeve.policy.Place;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code enforcement_points: <name>: {...}}: an agent that guards something, asks here whether it may let others through, and may be told no
 * more than it needs.
 *
 * @param name the agent's, whose keys it uses
 * @param agents for which it may speak, by name
 * @param roles agents with one of these are among them
 * @param users for whom it may speak, by name
 * @param people what the operator knows of single users: attributes, which conditions see as the principal's
 * @param reasons whether it sees what operators see of a denial
 * @param peers identities of clients that a proxy has verified, each with the agent that it stands for
 * @param scheme of the URLs that a proxy asks about: it tells what its client said
 */
public record EnforcementPoint(
        String name,
        List<Glob> agents,
        Set<String> roles,
        List<Glob> users,
        Map<String, Map<String, String>> people,
        boolean reasons,
        Map<String, String> peers,
        String scheme,
        Place place) {
    public EnforcementPoint {
        agents = List.copyOf(agents);
        roles = Set.copyOf(roles);
        users = List.copyOf(users);
        people = Map.copyOf(people);
        peers = Map.copyOf(peers);
    }

    /** Whether the other is the same, wherever it stands. */
    boolean isWrittenAs(EnforcementPoint other) {
        return equals(new EnforcementPoint(
                other.name,
                other.agents,
                other.roles,
                other.users,
                other.people,
                other.reasons,
                other.peers,
                other.scheme,
                place));
    }

    /** What of it matters to who can reach what. */
    Asking asking() {
        return new Asking(name, agents, roles, !users.isEmpty() || !people.isEmpty());
    }

    /** Whether it may speak for this agent. */
    public boolean maySpeakFor(String agent, Set<String> agentRoles) {
        return matches(agents, agent) || !Collections.disjoint(roles, agentRoles);
    }

    public boolean maySpeakForUser(String user) {
        return people.containsKey(user) || matches(users, user);
    }

    private static boolean matches(List<Glob> globs, String name) {
        for (Glob glob : globs) {
            if (glob.matches(name)) {
                return true;
            }
        }
        return false;
    }

    public Map<String, String> attributesOf(String user) {
        return people.getOrDefault(user, Map.of());
    }

    /** The agent that a verified client stands for. */
    public Optional<String> agentOf(String peer) {
        return Optional.ofNullable(peers.get(peer));
    }
}
