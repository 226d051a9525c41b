package dev.reeve.action;

import dev.reeve.identity.Principal;
import dev.reeve.json.CanonicalDigest;
import dev.reeve.json.Json;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
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

    /** The same with this as what the agent says of its reasons. */
    public Action claiming(Optional<String> reasons) {
        return new Action(id, time, principal, epoch, operation, session, channel, reasons, definition);
    }

    /** SHA-256 over the canonical form of principal and operation (R6), hexadecimal. Made anew at each call. */
    public String digest() {
        Map<String, String> names = new HashMap<>();
        names.put("agent", principal.agent());
        names.put("instance", principal.instance());
        names.put("kind", operation.kind());
        names.put("subject", operation.subject());
        names.put("tenant", principal.tenant());
        names.put("upstream", operation.upstream());
        principal.user().ifPresent(user -> names.put("user", user));
        return digest(names, operation.arguments(), operation.input().map(input -> input.asJson()));
    }

    /**
     * The same of what stands in a record.
     *
     * @param names agent, instance, kind, subject, tenant, upstream, and user if there is one
     */
    public static String digest(Map<String, String> names, Json.Obj arguments, Optional<Json> input) {
        Json.Builder bound = Json.object().put("arguments", arguments);
        input.ifPresent(value -> bound.put("input", value));
        names.forEach(bound::put);
        return CanonicalDigest.of(bound.build());
    }
}
