package dev.reeve.agents;

import dev.reeve.gate.GateClock;
import dev.reeve.identity.Authenticator;
import dev.reeve.identity.Claim;
import dev.reeve.identity.Identification;
import dev.reeve.identity.Identification.Known;
import dev.reeve.identity.Identification.Unknown;
import dev.reeve.identity.Principal;
import dev.reeve.identity.Revocations;
import dev.reeve.identity.SpokenFor;
import dev.reeve.secrets.Secret;
import dev.reeve.store.StoreKey;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Believes a key or a connector, and says later whether that is still right. In memory; about half a microsecond, so nothing is cached.
 *
 * <p>Security guarantees: a secret is compared only as an HMAC that nobody can steer; the checksum in a key's text is checked first, so
 * noise costs no HMAC; expiry goes by a time that never goes back and never stands still (R7); an unknown and a wrong key are told apart only for operators.
 */
public final class StoredAuthenticator implements Authenticator, Revocations {
    private static final String PURPOSE = "credentials";
    /** Longer chains are not followed. */
    private static final int MOST_ROTATIONS = 1_000;

    private final AgentDirectory directory;
    private final StoreKey key;
    private final GateClock clock;
    private final Activity activity;

    /** @param key of {@link #purpose} */
    public StoredAuthenticator(AgentDirectory directory, StoreKey key, GateClock clock, Activity activity) {
        this.directory = directory;
        this.key = key;
        this.clock = clock;
        this.activity = activity;
    }

    /** For which the store gives the key of the hashes. */
    public static String purpose() {
        return PURPOSE;
    }

    public KeyHash hash(Secret secret) {
        return new KeyHash(key.of(secret.exposeInsecurely()));
    }

    @Override
    public Identification identify(Claim claim) {
        return switch (claim) {
            case Claim.ApiKey presented -> apiKey(presented.key());
            case Claim.Connector connector -> connector(connector);
            case Claim.Nothing ignored -> new Unknown("credential_missing", "nothing was presented");
        };
    }

    private Identification apiKey(Secret presented) {
        if (!KeyText.AGENT.wellFormed(presented)) {
            return new Unknown("key_malformed", "not a key of ours, or mistyped: its checksum is wrong");
        }
        return believed(hash(presented));
    }

    private Identification connector(Claim.Connector claim) {
        if (!KeyText.CONNECTOR.wellFormed(claim.registration())) {
            return new Unknown("key_malformed", "not a registration of a connector");
        }
        KeyHash hash = hash(claim.registration());
        Optional<Credential> found = directory.roster().credential(hash);
        if (found.isPresent()
                && found.get() instanceof Credential.Connector connector
                && connector.osUser() != claim.uid()) {
            return new Unknown("connector_user", "connector " + connector.id() + " is used by user " + claim.uid());
        }
        return believed(hash);
    }

    /** As if the secret with this hash were presented: for whoever must show that it fails. */
    public Identification believed(KeyHash hash) {
        // Read before the roster: a revocation in between makes the answer look older than it is, never newer.
        long epoch = directory.epoch();
        Roster roster = directory.roster();
        Optional<Credential> found = roster.credential(hash);
        if (found.isEmpty()) {
            return new Unknown("key_unknown", "no such key, or its row was altered");
        }
        Instant now = clock.read().now();
        Credential credential = found.get();
        Optional<Agent> agent = roster.agent(credential.agent());
        Optional<Unknown> refused = refusal(credential, agent, clock.latest());
        if (refused.isPresent()) {
            return refused.get();
        }
        activity.seen(credential, now);
        return new Known(principal(credential, agent.get()), epoch);
    }

    private static Optional<Unknown> refusal(Credential credential, Optional<Agent> agent, Instant now) {
        String id = credential.id();
        if (agent.isEmpty()) {
            return unknown("agent_unknown", id + " belongs to `" + credential.agent() + "`, which no file has now");
        }
        Optional<Unknown> byState = switch (agent.get().state()) {
            case ACTIVE -> Optional.empty();
            case SUSPENDED -> unknown("agent_suspended", "`" + credential.agent() + "` is suspended");
            case RETIRED -> unknown("agent_retired", "`" + credential.agent() + "` is retired");
        };
        if (byState.isPresent()) {
            return byState;
        }
        if (credential.revoked().isPresent()) {
            return unknown(
                    "key_revoked",
                    id + " was revoked at " + credential.revoked().get());
        }
        if (credential instanceof Credential.ApiKey apiKey && !now.isBefore(apiKey.expires())) {
            return unknown("key_expired", id + " expired at " + apiKey.expires());
        }
        return Optional.empty();
    }

    private static Optional<Unknown> unknown(String code, String reason) {
        return Optional.of(new Unknown(code, reason));
    }

    private static Principal principal(Credential credential, Agent agent) {
        return new Principal(
                credential.tenant(),
                agent.name(),
                credential.id(),
                Optional.empty(),
                List.of(),
                agent.roles(),
                agent.owner(),
                agent.attributes());
    }

    /**
     * An agent, as an enforcement point speaks of it: with the roles, owner and attributes that are known here, whatever the point says.
     *
     * @return empty if there is no such agent, or it may not act now
     */
    public Optional<Known> spokenFor(Known point, String name) {
        long epoch = directory.epoch();
        return directory
                .roster()
                .agent(name)
                .filter(agent -> agent.state() == Agent.State.ACTIVE)
                .map(agent -> new Known(
                        new Principal(
                                agent.tenant(),
                                agent.name(),
                                SpokenFor.agent(point.principal().instance(), agent.name()),
                                Optional.empty(),
                                List.of(),
                                agent.roles(),
                                agent.owner(),
                                agent.attributes()),
                        epoch));
    }

    /**
     * An enforcement point that acts for a user: its own roles, the user beside.
     *
     * @param attributes what the operator wrote of the user; they win over the point's own
     */
    public Known onBehalf(Known point, String user, Map<String, String> attributes) {
        Principal own = point.principal();
        Map<String, String> all = new HashMap<>(own.attributes());
        all.putAll(attributes);
        return new Known(
                new Principal(
                        own.tenant(),
                        own.agent(),
                        SpokenFor.users(own.instance()),
                        Optional.of(user),
                        own.actors(),
                        own.roles(),
                        own.owner(),
                        all),
                point.epoch());
    }

    /** Also false once the key has expired or the agent's roles, owner or attributes changed: then it must be decided anew. */
    @Override
    public boolean stillGood(Principal principal, long epoch) {
        Roster roster = directory.roster();
        if (SpokenFor.is(principal.instance())) {
            return stillSpokenFor(roster, principal, epoch);
        }
        Optional<Credential> credential = roster.credential(principal.instance());
        Optional<Agent> agent = roster.agent(principal.agent());
        if (credential.isEmpty()
                || refusal(credential.get(), agent, clock.latest()).isPresent()) {
            return false;
        }
        return epoch == directory.epoch()
                || (credential.get().agent().equals(principal.agent())
                        && agent.get().sameAs(principal.roles(), principal.owner(), principal.attributes()));
    }

    /** By rotations only: any other key is another instance (R11), though it is of the same agent. */
    @Override
    public boolean replaces(String fresh, String old) {
        Roster roster = directory.roster();
        Optional<String> next = replacement(roster, old);
        for (int i = 0; i < MOST_ROTATIONS && next.isPresent(); i++) {
            if (next.get().equals(fresh)) {
                return true;
            }
            next = replacement(roster, next.get());
        }
        return false;
    }

    private static Optional<String> replacement(Roster roster, String id) {
        return roster.credential(id)
                .flatMap(it -> it instanceof Credential.ApiKey apiKey ? apiKey.replacedBy() : Optional.empty());
    }

    /** The point's key and the point must be good, and the subject be what it was. */
    private boolean stillSpokenFor(Roster roster, Principal principal, long epoch) {
        Optional<Credential> key = roster.credential(SpokenFor.key(principal.instance()));
        Optional<Agent> point = key.flatMap(it -> roster.agent(it.agent()));
        Optional<Agent> subject = roster.agent(principal.agent());
        if (key.isEmpty()
                || refusal(key.get(), point, clock.latest()).isPresent()
                || subject.filter(it -> it.state() == Agent.State.ACTIVE).isEmpty()) {
            return false;
        }
        // What the operator wrote of a user comes with the policy; the roles are what grants.
        return epoch == directory.epoch()
                || (subject.get().roles().equals(principal.roles())
                        && subject.get().owner().equals(principal.owner())
                        && (principal.user().isPresent()
                                || subject.get().attributes().equals(principal.attributes())));
    }
}
