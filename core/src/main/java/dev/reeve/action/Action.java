package dev.reeve.action;

import dev.reeve.identity.Principal;
import dev.reeve.json.CanonicalDigest;
import dev.reeve.json.Json;
import java.time.Instant;
import java.util.Optional;

/**
 * One admitted action: arguments validated against the pinned schema, defaults filled in (R4). What is decided on is this, and what
 * is sent is serialised from this.
 *
 * @param id our own, unguessable; it is the ticket that agents and operators see, and the idempotency key (R3)
 * @param definition fingerprint of the pinned definition it was validated against; empty where none applies
 */
public record Action(
        String id,
        Instant time,
        Principal principal,
        long epoch,
        Operation operation,
        String session,
        String channel,
        Optional<String> reasoning,
        Optional<String> definition) {

    public static Action of(String id, Instant time, Attempt attempt, Operation admitted, Optional<String> definition) {
        return new Action(
                id,
                time,
                attempt.principal(),
                attempt.epoch(),
                admitted,
                attempt.session(),
                attempt.channel(),
                attempt.reasoning(),
                definition);
    }

    /** The same attempt as this operation instead. */
    public Action with(Operation other, Optional<String> fingerprint) {
        return new Action(id, time, principal, epoch, other, session, channel, reasoning, fingerprint);
    }

    /** The same, wanted by somebody else. */
    public Action with(Principal other) {
        return new Action(id, time, other, epoch, operation, session, channel, reasoning, definition);
    }

    /** SHA-256 over the canonical form of principal and operation (R6), hexadecimal. Made anew at each call. */
    public String digest() {
        Json.Builder bound = Json.object().put("agent", principal.agent()).put("arguments", operation.arguments());
        operation.input().ifPresent(input -> bound.put("input", input.asJson()));
        bound.put("instance", principal.instance())
                .put("kind", operation.kind())
                .put("subject", operation.subject())
                .put("tenant", principal.tenant())
                .put("upstream", operation.upstream())
                .put("user", principal.user());
        return CanonicalDigest.of(bound.build());
    }
}
