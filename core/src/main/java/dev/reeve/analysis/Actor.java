package dev.reeve.analysis;

import java.util.Set;

/**
 * An agent as far as a policy sees it.
 *
 * @param name empty for one of which only the roles are known: it may be called anything
 */
public record Actor(String name, Set<String> roles) {
    public Actor {
        roles = Set.copyOf(roles);
    }

    /** One that has exactly this role. */
    public static Actor anybodyOf(String role) {
        return new Actor("", Set.of(role));
    }

    boolean isAnybody() {
        return name.isEmpty();
    }
}
