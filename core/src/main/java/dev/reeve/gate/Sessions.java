package dev.reeve.gate;

import dev.reeve.identity.Principal;
import java.util.Set;

/** Remembers what an instance has received. Additions are durable before the result is released, so that a crash forgets nothing. */
public interface Sessions {
    Set<String> read(Principal principal);

    void received(Principal principal, Set<String> tags) throws UnrecordableException;
}
