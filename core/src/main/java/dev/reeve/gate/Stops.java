package dev.reeve.gate;

import dev.reeve.action.Operation;
import dev.reeve.identity.Principal;
import java.util.Optional;

/** What a person has stopped, whatever the policy says. In memory; asked before the stages, and again just before the first byte. */
@FunctionalInterface
public interface Stops {
    Stops NONE = (principal, operation) -> Optional.empty();

    Optional<Denial> stopped(Principal principal, Operation operation);
}
