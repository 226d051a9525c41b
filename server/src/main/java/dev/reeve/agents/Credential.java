package dev.reeve.agents;

import java.time.Instant;
import java.util.Optional;

/** What an agent identifies itself with. Its id is the principal's instance (R11). Only a keyed hash of the secret is kept. */
public sealed interface Credential {
    String id();

    String tenant();

    String agent();

    KeyHash hash();

    Instant created();

    Optional<Instant> revoked();

    Credential revokedAt(Instant now);

    /**
     * An API key.
     *
     * @param expires from then on it is refused
     * @param replacedBy the id of the key that a rotation made in its place
     */
    record ApiKey(
            String id,
            String tenant,
            String agent,
            KeyHash hash,
            Instant created,
            Instant expires,
            Optional<Instant> revoked,
            Optional<String> replacedBy)
            implements Credential {
        @Override
        public ApiKey revokedAt(Instant now) {
            return new ApiKey(id, tenant, agent, hash, created, expires, Optional.of(revoked.orElse(now)), replacedBy);
        }

        /** The key after a rotation: it ends no later than it would have. */
        public ApiKey replacedBy(String next, Instant end) {
            Instant sooner = end.isBefore(expires) ? end : expires;
            return new ApiKey(id, tenant, agent, hash, created, sooner, revoked, Optional.of(next));
        }

        /** {@code active}, {@code expired} or {@code revoked}. */
        public String state(Instant now) {
            if (revoked.isPresent()) {
                return "revoked";
            }
            return now.isBefore(expires) ? "active" : "expired";
        }
    }

    /**
     * The registration of a connector.
     *
     * @param osUser the operating system's user that it is good for
     */
    record Connector(
            String id,
            String tenant,
            String agent,
            long osUser,
            KeyHash hash,
            Instant created,
            Optional<Instant> revoked)
            implements Credential {
        @Override
        public Connector revokedAt(Instant now) {
            return new Connector(id, tenant, agent, osUser, hash, created, Optional.of(revoked.orElse(now)));
        }
    }
}
