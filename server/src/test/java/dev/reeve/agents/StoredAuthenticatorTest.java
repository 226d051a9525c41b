package dev.reeve.agents;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.gate.GateClock;
import dev.reeve.identity.Claim;
import dev.reeve.identity.Identification;
import dev.reeve.identity.Identification.Known;
import dev.reeve.identity.Identification.Unknown;
import dev.reeve.policy.Place;
import dev.reeve.policy.PolicySource.FileAgent;
import dev.reeve.secrets.Secret;
import dev.reeve.store.Store;
import dev.reeve.store.StoreException;
import dev.reeve.store.StoreHouse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StoredAuthenticatorTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private StoreHouse house;

    @SuppressWarnings("NullAway.Init")
    private Store store;

    @SuppressWarnings("NullAway.Init")
    private AgentDirectory directory;

    @SuppressWarnings("NullAway.Init")
    private StoredAuthenticator authenticator;

    @SuppressWarnings("NullAway.Init")
    private Activity activity;

    @BeforeEach
    void open() throws StoreException {
        house = house == null ? new StoreHouse(folder) : house;
        store = house.open();
        directory = AgentDirectory.open(store);
        activity = Activity.open(store);
        GateClock clock = () -> new GateClock.Reading(house.now(), false);
        authenticator = new StoredAuthenticator(directory, store.key(StoredAuthenticator.purpose()), clock, activity);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private Agent agent(String name, String... roles) {
        return new Agent(
                "default",
                name,
                Set.of(roles),
                Optional.of("ana@example.com"),
                Map.of("department", "sales"),
                Agent.State.ACTIVE,
                house.now(),
                house.now(),
                Agent.STORE);
    }

    private Secret key(String agent, String id) throws StoreException {
        Secret secret = KeyText.AGENT.fresh(new SecureRandom());
        directory.grant(List.of(new Credential.ApiKey(
                id,
                "default",
                agent,
                authenticator.hash(secret),
                house.now(),
                house.now().plus(Duration.ofDays(90)),
                Optional.empty(),
                Optional.empty())));
        return secret;
    }

    private Identification identify(Secret key) {
        return authenticator.identify(new Claim.ApiKey(key));
    }

    private String code(Identification identification) {
        return assertInstanceOf(Unknown.class, identification).code();
    }

    @Test
    void onlyARotationMakesAKeyTheSuccessorOfAnother() throws StoreException {
        directory.grant(agent("clerk", "reader"));
        for (String id : List.of("k_1", "k_2", "k_3", "k_other")) {
            key("clerk", id);
        }
        rotated("k_1", "k_2");
        rotated("k_2", "k_3");
        assertTrue(authenticator.replaces("k_2", "k_1"));
        assertTrue(authenticator.replaces("k_3", "k_1"));
        assertFalse(authenticator.replaces("k_1", "k_2"));
        assertFalse(authenticator.replaces("k_other", "k_1"));
        assertFalse(authenticator.replaces("k_1", "k_1"));
        rotated("k_3", "k_1");
        assertFalse(authenticator.replaces("k_other", "k_1"), "also where rows go round");
    }

    private void rotated(String old, String fresh) throws StoreException {
        Credential.ApiKey key =
                (Credential.ApiKey) directory.roster().credential(old).orElseThrow();
        directory.grant(List.of(key.replacedBy(fresh, house.now())));
    }

    @Test
    void aKeyExpiresByTheTimeThatGoesOnWhileTheClockIsBehind() throws StoreException {
        Instant[] latest = {house.now()};
        GateClock behind = new GateClock() {
            @Override
            public Reading read() {
                return new Reading(house.now(), true);
            }

            @Override
            public Instant latest() {
                return latest[0];
            }
        };
        authenticator = new StoredAuthenticator(directory, store.key(StoredAuthenticator.purpose()), behind, activity);
        directory.grant(agent("clerk"));
        Secret key = key("clerk", "k_1");
        Known known = assertInstanceOf(Known.class, identify(key));
        latest[0] = house.now().plus(Duration.ofDays(90));
        assertEquals("key_expired", code(identify(key)));
        assertFalse(authenticator.stillGood(known.principal(), known.epoch()), "and nothing goes on that it began");
    }

    @Test
    void aKeyIsItsAgentAlsoAfterARestart() throws StoreException {
        directory.grant(agent("clerk", "data_analyst"));
        Secret key = key("clerk", "k_1");
        for (int i = 0; i < 2; i++) {
            Known known = assertInstanceOf(Known.class, identify(key));
            assertEquals("clerk", known.principal().agent());
            assertEquals("k_1", known.principal().instance());
            assertEquals(Set.of("data_analyst"), known.principal().roles());
            assertEquals(Optional.of("ana@example.com"), known.principal().owner());
            assertEquals(Map.of("department", "sales"), known.principal().attributes());
            assertTrue(authenticator.stillGood(known.principal(), known.epoch()));
            close();
            open();
        }
    }

    @Test
    void mistypedAndUnknownKeysAreToldApart() throws StoreException {
        directory.grant(agent("clerk"));
        Secret key = key("clerk", "k_1");
        String text = key.exposeTextInsecurely();
        String mistyped = text.substring(0, 10) + (text.charAt(10) == 'x' ? 'y' : 'x') + text.substring(11);
        assertEquals("key_malformed", code(identify(Secret.of(mistyped))));
        assertEquals("key_unknown", code(identify(KeyText.AGENT.fresh(new SecureRandom()))));
        assertEquals("key_malformed", code(identify(KeyText.ADMIN.fresh(new SecureRandom()))));
        assertEquals("credential_missing", code(authenticator.identify(new Claim.Nothing())));
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            byte[] noise = new byte[random.nextInt(60)];
            random.nextBytes(noise);
            assertEquals("key_malformed", code(identify(Secret.of(noise))));
        }
    }

    @Test
    void anyOtherCharacterBreaksTheChecksum() {
        String text = KeyText.AGENT.fresh(new SecureRandom()).exposeTextInsecurely();
        assertTrue(text.matches("reeve_[0-9A-Za-z]{36}"), text);
        for (int i = 0; i < text.length(); i++) {
            String other = text.substring(0, i) + (text.charAt(i) == 'x' ? 'y' : 'x') + text.substring(i + 1);
            assertFalse(KeyText.AGENT.wellFormed(Secret.of(other)), other);
        }
    }

    @Test
    void anExpiredKeyIsRefusedAndCutsWhatRuns() throws StoreException {
        directory.grant(agent("clerk"));
        Secret key = key("clerk", "k_1");
        Known known = assertInstanceOf(Known.class, identify(key));
        house.pass(Duration.ofDays(90));
        assertEquals("key_expired", code(identify(key)));
        assertFalse(authenticator.stillGood(known.principal(), known.epoch()));
    }

    @Test
    void aRevokedKeyIsRefusedAtOnceAndForEver() throws StoreException {
        directory.grant(agent("clerk"));
        Secret key = key("clerk", "k_1");
        Secret other = key("clerk", "k_2");
        Known known = assertInstanceOf(Known.class, identify(key));
        Known otherKnown = assertInstanceOf(Known.class, identify(other));
        Credential revoked = directory.roster().credential("k_1").orElseThrow().revokedAt(house.now());
        directory.withdraw(List.of(), List.of(revoked));
        assertEquals("key_revoked", code(identify(key)));
        assertFalse(authenticator.stillGood(known.principal(), known.epoch()));
        assertTrue(authenticator.stillGood(otherKnown.principal(), otherKnown.epoch()), "others are not cut");
        directory.save(List.of(), List.of(revoked));
        close();
        open();
        assertEquals("key_revoked", code(identify(key)));
        assertInstanceOf(Known.class, identify(other));
    }

    @Test
    void aSuspendedOrRetiredAgentIsRefusedWithAllItsKeys() throws StoreException {
        Agent clerk = agent("clerk");
        directory.grant(clerk);
        Secret key = key("clerk", "k_1");
        Known known = assertInstanceOf(Known.class, identify(key));
        directory.withdraw(List.of(clerk.in(Agent.State.SUSPENDED, house.now())), List.of());
        assertEquals("agent_suspended", code(identify(key)));
        assertFalse(authenticator.stillGood(known.principal(), known.epoch()));
        directory.grant(clerk);
        assertInstanceOf(Known.class, identify(key));
        directory.withdraw(List.of(clerk.in(Agent.State.RETIRED, house.now())), List.of());
        assertEquals("agent_retired", code(identify(key)));
    }

    @Test
    void whoseRolesChangedIsDecidedAnew() throws StoreException {
        directory.grant(agent("clerk", "a", "b"));
        Known known = assertInstanceOf(Known.class, identify(key("clerk", "k_1")));
        directory.grant(agent("clerk", "a"));
        assertFalse(authenticator.stillGood(known.principal(), known.epoch()));
    }

    @Test
    void agentsOfFilesAreReplacedAllAtOnce() throws StoreException {
        Secret key = key("hr", "k_1");
        assertEquals("agent_unknown", code(identify(key)));
        assertEquals(List.of(), directory.replaceFileAgents(List.of(file("hr", "hr_role")), house.now()));
        Known known = assertInstanceOf(Known.class, identify(key));
        assertEquals(Set.of("hr_role"), known.principal().roles());
        assertEquals(List.of(), directory.replaceFileAgents(List.of(file("other")), house.now()));
        assertEquals("agent_unknown", code(identify(key)));
        assertFalse(authenticator.stillGood(known.principal(), known.epoch()));
    }

    @Test
    void aNameInTheStoreAndInAFileIsAnErrorAndChangesNothing() throws StoreException {
        directory.grant(agent("clerk"));
        directory.replaceFileAgents(List.of(file("hr")), house.now());
        var problems = directory.replaceFileAgents(List.of(file("new"), file("clerk"), file("b ad")), house.now());
        assertEquals(2, problems.size());
        assertTrue(problems.getFirst().toString().startsWith("policies/a.yaml:3: agents.clerk: "));
        assertTrue(directory.roster().agent("hr").isPresent());
        assertTrue(directory.roster().agent("new").isEmpty());
    }

    private static FileAgent file(String name, String... roles) {
        return new FileAgent(name, List.of(roles), Optional.empty(), Map.of(), new Place("policies/a.yaml", 3, 1));
    }

    @Test
    void aConnectorIsGoodForItsOwnUserOnly() throws StoreException {
        directory.grant(agent("clerk"));
        Secret secret = KeyText.CONNECTOR.fresh(new SecureRandom());
        directory.grant(List.of(new Credential.Connector(
                "c_1", "default", "clerk", 1000, authenticator.hash(secret), house.now(), Optional.empty())));
        Known known = assertInstanceOf(Known.class, authenticator.identify(new Claim.Connector(1000, secret)));
        assertEquals("c_1", known.principal().instance());
        assertEquals("connector_user", code(authenticator.identify(new Claim.Connector(1001, secret))));
        assertEquals("key_malformed", code(identify(secret)), "not a key for the HTTP door");
    }

    @Test
    void rowsThatWereAlteredLetNobodyIn() throws Exception {
        directory.grant(agent("clerk"));
        directory.grant(agent("boss", "admin"));
        Secret key = key("clerk", "k_1");
        Secret late = key("clerk", "k_2");
        close();
        house.tamper(
                "UPDATE api_keys SET agent = 'boss' WHERE id = 'k_1'",
                "UPDATE api_keys SET expires = expires + 1 WHERE id = 'k_2'",
                "UPDATE agents SET roles = '[\"admin\"]' WHERE name = 'clerk'");
        open();
        assertEquals("key_unknown", code(identify(key)));
        assertEquals("key_unknown", code(identify(late)));
        assertTrue(directory.roster().agent("clerk").isEmpty());
        assertTrue(directory.roster().agent("boss").isPresent());
        assertEquals(3, house.incidents.size());
    }

    @Test
    void theKeyItselfIsNowhereInTheDataFolder() throws Exception {
        directory.grant(agent("clerk"));
        String text = key("clerk", "k_1").exposeTextInsecurely();
        close();
        for (String name : List.of("store.db", "store.db-wal")) {
            Path file = house.data.resolve(name);
            if (java.nio.file.Files.exists(file)) {
                String all = new String(
                        java.nio.file.Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1);
                assertFalse(all.contains(text.substring(6, 36)));
            }
        }
        open();
    }

    @Test
    void lastActivityIsKnownAndSurvivesAFlush() throws StoreException {
        directory.grant(agent("clerk"));
        Secret key = key("clerk", "k_1");
        assertEquals(Optional.empty(), activity.last("k_1"));
        identify(key);
        assertEquals(Optional.of(house.now()), activity.last("k_1"));
        activity.flush();
        long generation = store.generation();
        activity.flush();
        assertEquals(generation, store.generation(), "nothing changed, nothing is written");
        house.pass(Duration.ofMinutes(1));
        close();
        open();
        assertNotEquals(house.now(), activity.lastOfAgent("clerk").orElseThrow());
    }
}
