package dev.reeve.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.Waiting;
import dev.reeve.agents.Agent;
import dev.reeve.agents.Credential.ApiKey;
import dev.reeve.control.Administration.Shown;
import dev.reeve.identity.Claim;
import dev.reeve.identity.Identification;
import dev.reeve.identity.Identification.Known;
import dev.reeve.identity.Identification.Unknown;
import dev.reeve.json.Json;
import dev.reeve.policy.Place;
import dev.reeve.policy.PolicySource.FileAgent;
import dev.reeve.secrets.Secret;
import dev.reeve.store.StoreException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

final class AdministrationTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final String ANA = "local:ana";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private ControlHouse house;

    @SuppressWarnings("NullAway.Init")
    private ControlRoom room;

    @SuppressWarnings("NullAway.Init")
    private Administration administration;

    @BeforeEach
    void found() throws StoreException {
        house = new ControlHouse(folder);
        open();
    }

    private void open() throws StoreException {
        room = house.open();
        administration = room.administration();
    }

    @AfterEach
    void close() {
        room.close();
    }

    private static NewAgent wanted(String name, String... roles) {
        return new NewAgent(name, Set.of(roles), Optional.empty(), Map.of());
    }

    private Identification identify(Secret key) {
        return room.authenticator().identify(new Claim.ApiKey(key));
    }

    private String code(Secret key) {
        return assertInstanceOf(Unknown.class, identify(key)).code();
    }

    private static String refused(Executable act) {
        return assertThrows(RefusedException.class, act).code();
    }

    @Test
    void askingTwiceForTheSameAgentIsFineAndForAnotherIsNot() throws RefusedException {
        assertTrue(administration.createAgent(ANA, wanted("clerk", "a")).changed());
        assertFalse(administration.createAgent(ANA, wanted("clerk", "a")).changed());
        assertEquals("agent_exists", refused(() -> administration.createAgent(ANA, wanted("clerk", "b"))));
        assertEquals(1, house.acts.size(), "only what changes something is recorded");
        assertTrue(house.acts.getFirst().startsWith("local:ana agent_create clerk {\"after\":{\"name\":\"clerk\""));
    }

    @Test
    void aKeySaysWhoMadeItAlsoAfterARestart() throws Exception {
        administration.createAgent(ANA, wanted("clerk", "a"));
        Shown<ApiKey> first = administration.createKey(ANA, "clerk", DAY);
        Shown<ApiKey> second = administration.rotateKey("bo", first.credential().id(), Duration.ZERO, DAY);
        // As it was before this was kept.
        ApiKey before = new ApiKey(
                "k_0123456789abcdef",
                "default",
                "clerk",
                room.authenticator().hash(Secret.of("reeve_old")),
                house.store.now(),
                house.store.now().plus(DAY),
                Optional.empty(),
                Optional.empty());
        room.directory().grant(List.of(before));
        room.close();
        open();
        Map<String, String> makers = new TreeMap<>();
        for (Json key : new RoutesCalls(room.routes(List.of()))
                .get(new Caller.Local("root", 0), "/v1/keys")
                .body()
                .array("keys")
                .orElseThrow()
                .items()) {
            Json.Obj one = (Json.Obj) key;
            makers.put(one.string("id").orElseThrow(), one.string("by").orElse("unknown"));
        }
        assertEquals(
                Map.of(first.credential().id(), ANA, second.credential().id(), "bo", before.id(), "unknown"), makers);
    }

    @Test
    void namesAndValuesAreChecked() {
        for (String name : List.of("", "a b", "../x", "-x", "ä", "x".repeat(65), "a\nb")) {
            assertEquals("invalid", refused(() -> administration.createAgent(ANA, wanted(name))), name);
        }
        assertEquals("invalid", refused(() -> administration.createAgent(ANA, wanted("a", "x\u202ey"))));
        assertEquals(
                "invalid",
                refused(() -> administration.createAgent(
                        ANA, new NewAgent("a", Set.of(), Optional.of("x\u001b[0m"), Map.of()))));
        assertEquals(
                "invalid",
                refused(() -> administration.createAgent(
                        ANA, new NewAgent("a", Set.of(), Optional.empty(), Map.of("a b", "c")))));
        assertEquals(List.of(), administration.agents());
    }

    @Test
    void aKeyWorksUntilItExpiresOrIsRevoked() throws RefusedException {
        administration.createAgent(ANA, wanted("clerk"));
        Shown<ApiKey> shown = administration.createKey(ANA, "clerk", DAY);
        assertEquals(
                shown.credential().id(),
                assertInstanceOf(Known.class, identify(shown.text()))
                        .principal()
                        .instance());
        Shown<ApiKey> other = administration.createKey(ANA, "clerk", DAY);
        administration.revokeKey(ANA, other.credential().id());
        assertEquals("key_revoked", code(other.text()));
        assertFalse(administration.revokeKey(ANA, other.credential().id()).changed());
        house.store.pass(DAY);
        assertEquals("key_expired", code(shown.text()));
        assertFalse(house.acts.toString().contains(shown.text().exposeTextInsecurely()), "no key in the record");
    }

    @Test
    void aRotatedKeyWorksForTheOverlapOnly() throws RefusedException, StoreException {
        administration.createAgent(ANA, wanted("clerk"));
        Shown<ApiKey> old = administration.createKey(ANA, "clerk", DAY);
        String id = old.credential().id();
        Shown<ApiKey> fresh = administration.rotateKey(ANA, id, Duration.ofHours(1), DAY);
        assertInstanceOf(Known.class, identify(old.text()));
        assertInstanceOf(Known.class, identify(fresh.text()));
        assertEquals("key_replaced", refused(() -> administration.rotateKey(ANA, id, Duration.ofHours(9), DAY)));
        house.store.pass(Duration.ofHours(1));
        close();
        open();
        assertEquals("key_expired", code(old.text()));
        assertInstanceOf(Known.class, identify(fresh.text()));
        assertEquals("key_expired", refused(() -> administration.rotateKey(ANA, id, Duration.ZERO, DAY)));
    }

    @Test
    void anOverlapNeverLengthensAKey() throws RefusedException {
        administration.createAgent(ANA, wanted("clerk"));
        Shown<ApiKey> old = administration.createKey(ANA, "clerk", Duration.ofMinutes(1));
        administration.rotateKey(ANA, old.credential().id(), Duration.ofDays(3), DAY);
        house.store.pass(Duration.ofMinutes(1));
        assertEquals("key_expired", code(old.text()));
    }

    @Test
    void retiringRevokesEverythingTriesItAndIsForEver() throws RefusedException {
        administration.createAgent(ANA, wanted("clerk"));
        Shown<ApiKey> one = administration.createKey(ANA, "clerk", DAY);
        administration.createKey(ANA, "clerk", DAY);
        administration.registerConnector(ANA, "clerk", 1000);
        Retirement report = administration.retire(ANA, "clerk");
        assertTrue(report.complete());
        assertEquals(3, report.credentials().size());
        assertTrue(report.credentials().stream()
                .allMatch(tried -> tried.answer().equals("agent_retired") && tried.stored()));
        assertEquals("agent_retired", code(one.text()));
        assertEquals("agent_retired", refused(() -> administration.resume(ANA, "clerk")));
        assertEquals("agent_retired", refused(() -> administration.createKey(ANA, "clerk", DAY)));
        assertEquals("agent_exists", refused(() -> administration.createAgent(ANA, wanted("clerk"))));
        int before = house.acts.size();
        assertTrue(administration.retire(ANA, "clerk").complete(), "again: the same report");
        assertEquals(before, house.acts.size());
    }

    @Test
    void suspendAndResume() throws RefusedException {
        administration.createAgent(ANA, wanted("clerk"));
        Shown<ApiKey> key = administration.createKey(ANA, "clerk", DAY);
        assertTrue(administration.suspend(ANA, "clerk").changed());
        assertFalse(administration.suspend(ANA, "clerk").changed());
        assertEquals("agent_suspended", code(key.text()));
        administration.resume(ANA, "clerk");
        assertInstanceOf(Known.class, identify(key.text()));
    }

    @Test
    void whatWidensDoesNotHappenUnrecorded() throws RefusedException {
        administration.createAgent(ANA, wanted("clerk"));
        administration.suspend(ANA, "clerk");
        house.recordBroken = true;
        assertEquals("unrecordable", refused(() -> administration.createAgent(ANA, wanted("new"))));
        assertEquals("unrecordable", refused(() -> administration.createKey(ANA, "clerk", DAY)));
        assertEquals("unrecordable", refused(() -> administration.addRoles(ANA, "clerk", Set.of("boss"))));
        assertEquals("unrecordable", refused(() -> administration.resume(ANA, "clerk")));
        assertTrue(room.directory().roster().agent("new").isEmpty());
        assertEquals(0, room.directory().roster().credentials().size());
        assertEquals(Agent.State.SUSPENDED, administration.agent("clerk").state());
    }

    @Test
    void whatNarrowsHappensUnrecordedAndIsRecordedFirstAfterwards() throws RefusedException, StoreException {
        administration.createAgent(ANA, wanted("clerk"));
        Shown<ApiKey> key = administration.createKey(ANA, "clerk", DAY);
        house.recordBroken = true;
        administration.revokeKey(ANA, key.credential().id());
        assertEquals("key_revoked", code(key.text()));
        assertEquals(1, administration.unsettled());
        assertFalse(administration.settle());
        house.recordBroken = false;
        administration.createKey(ANA, "clerk", DAY);
        assertEquals(0, administration.unsettled());
        assertTrue(house.acts.get(2).startsWith("local:ana key_revoke"), house.acts.toString());
        assertTrue(house.acts.get(3).startsWith("local:ana key_create"));
        close();
        open();
        assertEquals("key_revoked", code(key.text()));
    }

    @Test
    void revocationActsEvenWhenTheStoreIsGone() throws RefusedException {
        administration.createAgent(ANA, wanted("clerk"));
        Shown<ApiKey> key = administration.createKey(ANA, "clerk", DAY);
        room.store().close();
        administration.revokeKey(ANA, key.credential().id());
        assertEquals("key_revoked", code(key.text()));
        assertEquals(1, administration.unsettled());
        assertEquals("store_down", refused(() -> administration.createKey(ANA, "clerk", DAY)));
        assertFalse(administration.retire(ANA, "clerk").complete(), "the report does not claim what it cannot see");
    }

    @Test
    void revocationActsWhileAnotherActHangsInTheRecord() throws Exception {
        administration.createAgent(ANA, wanted("clerk"));
        Shown<ApiKey> key = administration.createKey(ANA, "clerk", DAY);
        house.hanging = new CountDownLatch(1);
        house.recordHangs = new CountDownLatch(1);
        List<String> ended = new CopyOnWriteArrayList<>();
        Thread stuck = Thread.ofVirtual().start(() -> {
            try {
                administration.rotateKey(ANA, key.credential().id(), Duration.ofHours(1), DAY);
                ended.add("rotated");
            } catch (RefusedException e) {
                ended.add(e.code());
            }
        });
        house.hanging.await();
        administration.revokeKey(ANA, key.credential().id());
        assertEquals("key_revoked", code(key.text()));
        assertEquals(1, administration.unsettled());
        house.recordHangs.countDown();
        stuck.join();
        assertEquals(List.of("store_down"), ended, "the rotation was made from a key that is no more");
        assertEquals("key_revoked", code(key.text()), "and does not revive it");
        Waiting.whilst(() -> administration.unsettled() > 0);
        assertTrue(house.acts.getLast().startsWith("local:ana key_revoke"));
        close();
        open();
        assertEquals("key_revoked", code(key.text()));
    }

    @Test
    void agentsOfFilesAreReadOnlyButTheirKeysAreNot() throws RefusedException {
        FileAgent written =
                new FileAgent("hr", List.of("r"), Optional.empty(), Map.of(), new Place("policies/a.yaml", 4, 3));
        room.directory().replaceFileAgents(List.of(written), house.store.now());
        assertEquals("agent_in_file", refused(() -> administration.suspend(ANA, "hr")));
        assertEquals("agent_in_file", refused(() -> administration.retire(ANA, "hr")));
        assertEquals("agent_in_file", refused(() -> administration.createAgent(ANA, wanted("hr", "r"))));
        Shown<ApiKey> key = administration.createKey(ANA, "hr", DAY);
        assertInstanceOf(Known.class, identify(key.text()));
        administration.revokeKey(ANA, key.credential().id());
        assertEquals("key_revoked", code(key.text()));
    }

    @Test
    void connectorsAreWithdrawnTogether() throws RefusedException {
        administration.createAgent(ANA, wanted("clerk"));
        Secret secret = administration.registerConnector(ANA, "clerk", 1000).text();
        administration.registerConnector(ANA, "clerk", 1000);
        assertInstanceOf(Known.class, room.authenticator().identify(new Claim.Connector(1000, secret)));
        assertEquals(2, administration.withdrawConnectors(ANA, "clerk"));
        assertEquals(0, administration.withdrawConnectors(ANA, "clerk"));
        assertEquals(
                "key_revoked",
                assertInstanceOf(Unknown.class, room.authenticator().identify(new Claim.Connector(1000, secret)))
                        .code());
    }

    @Test
    void whatIsUnknownIsSaid() {
        assertEquals("agent_unknown", refused(() -> administration.agent("x")));
        assertEquals("agent_unknown", refused(() -> administration.createKey(ANA, "x", DAY)));
        assertEquals("agent_unknown", refused(() -> administration.keys(Optional.of("x"))));
        assertEquals("key_unknown", refused(() -> administration.revokeKey(ANA, "k_x")));
        assertEquals("invalid", refused(() -> administration.createKey(ANA, "x", Duration.ZERO)));
        assertEquals("invalid", refused(() -> administration.createKey(ANA, "x", Duration.ofDays(9_999))));
    }
}
