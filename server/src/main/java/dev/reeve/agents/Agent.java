package dev.reeve.agents;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * An identity of a deployed agent; no person can sign in with it.
 *
 * @param origin {@code store}, or the file and line where it is written
 */
public record Agent(
        String tenant,
        String name,
        Set<String> roles,
        Optional<String> owner,
        Map<String, String> attributes,
        State state,
        Instant created,
        Instant changed,
        String origin) {
    public static final String STORE = "store";

    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9_.-]{0,63}";

    public enum State {
        ACTIVE,
        /** Refused until it is resumed. */
        SUSPENDED,
        /** Refused for ever; its name is not used again. */
        RETIRED
    }

    public Agent {
        if (!isName(name)) {
            throw new IllegalArgumentException("not a name of an agent");
        }
        roles = java.util.Collections.unmodifiableSet(new TreeSet<>(roles));
        attributes = java.util.Collections.unmodifiableMap(new TreeMap<>(attributes));
    }

    /** 1 to 64 letters, digits, {@code _ . -}; the first is a letter or a digit. */
    public static boolean isName(String text) {
        return text.matches(NAME);
    }

    public Agent in(State next, Instant now) {
        return new Agent(tenant, name, roles, owner, attributes, next, created, now, origin);
    }

    public Agent withRoles(Set<String> next, Instant now) {
        return new Agent(tenant, name, next, owner, attributes, state, created, now, origin);
    }

    public boolean isStored() {
        return origin.equals(STORE);
    }

    /** Whether somebody who asks for that one gets this one. */
    public boolean sameAs(Set<String> otherRoles, Optional<String> otherOwner, Map<String, String> otherAttributes) {
        return roles.equals(otherRoles) && owner.equals(otherOwner) && attributes.equals(otherAttributes);
    }
}
