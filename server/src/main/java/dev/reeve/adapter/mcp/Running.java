package dev.reeve.adapter.mcp;

import dev.reeve.gate.Gate;
import dev.reeve.identity.Revocations;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What runs, each for its caller, so that it can be cut off (R14). By identity, since two requests may look alike. Safe for use by many threads. */
final class Running {
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
                .forEach(ongoing -> ongoing.permit().flatMap(gate::reconsider).ifPresent(ongoing::cut));
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
