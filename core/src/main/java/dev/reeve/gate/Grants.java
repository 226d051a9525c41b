package dev.reeve.gate;

import dev.reeve.identity.Principal;
import java.time.Instant;
import java.util.List;

/** What people have given somebody for a time. In memory; asked once for each decision, which it is a fact of (R1). */
@FunctionalInterface
public interface Grants {
    Grants NONE = (principal, now) -> List.of();

    /** Those that are in force for this principal at this moment; nothing of them is looked at by time again. */
    List<TimedGrant> of(Principal principal, Instant now);
}
