package dev.reeve.control;

import dev.reeve.action.Operation;
import dev.reeve.identity.Principal;
import dev.reeve.policy.Glob;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * What a person has stopped.
 *
 * @param name of an agent, a tenant, or a pattern of tools; empty for everything
 */
public record Stop(Scope scope, String name, Instant since, String person, String reason) {
    private static final int LONGEST = 512;

    /** What is stopped. */
    public enum Scope {
        AGENT,
        TOOL,
        TENANT,
        ALL;

        /** As it is written. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** @return empty if it is none */
        static Optional<Scope> read(String word) {
            for (Scope scope : values()) {
                if (scope.word().equals(word)) {
                    return Optional.of(scope);
                }
            }
            return Optional.empty();
        }
    }

    /** @throws IllegalArgumentException if there can be no such thing */
    public Stop {
        if ((scope == Scope.ALL) != name.isEmpty()) {
            throw new IllegalArgumentException(
                    scope == Scope.ALL ? "`all` takes no name" : "a name of the " + scope.word() + " is missing");
        }
        if (name.length() > LONGEST || reason.length() > LONGEST || name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("a name and a reason have at most " + LONGEST + " characters");
        }
        if (scope == Scope.TOOL) {
            Glob.of(name);
        }
    }

    /** As records name it: {@code agent NAME}, {@code all}. */
    public String subject() {
        return name.isEmpty() ? scope.word() : scope.word() + " " + name;
    }

    boolean stops(Principal principal, Operation operation) {
        return scope == Scope.TOOL ? stopsTool(operation) : stops(principal);
    }

    /** `mail.*` stops all that the server `mail` does: what has a URI is not named by its server. */
    private boolean stopsTool(Operation operation) {
        Glob pattern = Glob.of(name);
        return pattern.matches(operation.subject())
                || (!operation.isNamedByUpstream()
                        && pattern.matches(
                                operation.upstream() + "." + operation.subject().replace('/', ' ')));
    }

    /** Whether it stops everything of this principal. */
    boolean stops(Principal principal) {
        return switch (scope) {
            case AGENT -> principal.agent().equals(name);
            case TENANT -> principal.tenant().equals(name);
            case TOOL -> false;
            case ALL -> true;
        };
    }
}
