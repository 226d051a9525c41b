package dev.reeve.adapter.mcp;

import dev.reeve.gate.Denial;
import dev.reeve.gate.Gate;
import dev.reeve.gate.Permit;
import dev.reeve.identity.Revocations;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What runs, each for its caller, so that it can be cut off (R14). By identity, since two requests may look alike. Safe for use by many threads. */
final class Running {
    private static final System.Logger LOG = System.getLogger("dev.reeve.adapter.mcp");

    private final Map<Ongoing, Caller> all = new ConcurrentHashMap<>();

    void add(Ongoing ongoing, Caller caller) {
        all.put(ongoing, caller);
    }

    void remove(Ongoing ongoing) {
        all.remove(ongoing);
    }

    /** Cuts off what would not be allowed any more (IAM-14). */
    void reconsider(Gate gate) {
        all.keySet()
                .forEach(ongoing ->
                        ongoing.permit().flatMap(permit -> again(gate, permit)).ifPresent(ongoing::cut));
    }

    /** What cannot be decided again is cut off, and keeps nobody from deciding about the others. */
    private static Optional<Denial> again(Gate gate, Permit permit) {
        try {
            return gate.reconsider(permit);
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.ERROR, "what runs could not be decided again: {0}", e.getClass());
            return Optional.of(Denial.of(
                    "stage_failed", Denial.ReasonClass.UNAVAILABLE, "whether it may still run could not be decided"));
        }
    }

    /** Cuts off what runs for somebody who is nobody any more. */
    void cutRevoked(Revocations revocations) {
        all.forEach((ongoing, caller) -> {
            if (!revocations.stillGood(caller.principal(), caller.who().epoch())) {
                ongoing.cancel();
            }
        });
    }
}
