package dev.reeve.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.agents.Credential.ApiKey;
import dev.reeve.control.Administration.Shown;
import dev.reeve.identity.Claim;
import dev.reeve.identity.Identification;
import dev.reeve.json.Json;
import dev.reeve.record.Event.Stored;
import dev.reeve.secrets.Secret;
import dev.reeve.store.StoreException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The record says more than the store: after a crash between the two, or after a restore (R29). */
final class WithdrawalsTest {
    private static final String ANA = "local:ana";
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private ControlHouse house;

    @SuppressWarnings("NullAway.Init")
    private ControlRoom room;

    private final List<Stored> recorded = new ArrayList<>();

    @BeforeEach
    void found() throws Exception {
        house = new ControlHouse(folder);
        room = house.open();
        room.administration().createAgent(ANA, new NewAgent("clerk", Set.of("a"), Optional.empty(), Map.of()));
    }

    @AfterEach
    void close() {
        room.close();
    }

    private Shown<ApiKey> key() throws RefusedException {
        return room.administration().createKey(ANA, "clerk", DAY);
    }

    private String answer(Secret key) {
        return switch (room.authenticator().identify(new Claim.ApiKey(key))) {
            case Identification.Known ignored -> "known";
            case Identification.Unknown unknown -> unknown.code();
        };
    }

    private void record(String act, String subject, Json.Obj difference) {
        Json.Obj leaf = Json.object()
                .put("kind", "control")
                .put("act", act)
                .put("subject", subject)
                .put("time", house.store.now().toString())
                .build();
        recorded.add(new Stored(recorded.size(), leaf, Map.of("difference", difference)));
    }

    private void record(String act, String subject) {
        record(act, subject, Json.Obj.EMPTY);
    }

    private Withdrawals reopened() throws StoreException {
        room.close();
        room = house.open();
        return room.withdrawals(recorded);
    }

    @Test
    void aKeyThatTheRecordSaysWasRevokedIsRefusedAgainAndForGood() throws Exception {
        Shown<ApiKey> revoked = key();
        Shown<ApiKey> other = key();
        record("key_revoke", revoked.credential().id());
        Withdrawals withdrawals = reopened();
        assertEquals("known", answer(revoked.text()), "nothing happens before it is recorded");
        assertTrue(withdrawals
                .difference()
                .toString()
                .contains(revoked.credential().id()));

        withdrawals.apply(house.store.now());
        assertEquals("key_revoked", answer(revoked.text()));
        assertEquals("known", answer(other.text()));

        assertTrue(reopened().isEmpty(), "the store knows it now");
        assertEquals("key_revoked", answer(revoked.text()));
    }

    @Test
    void whoLeftAGroupIsOutOfItAgainUnlessPutBackAfterIt() throws Exception {
        room.groups().set(ANA, "zoe", Set.of("supervisors", "night", "week"));
        record("person_groups", "zoe", after("supervisors", "night", "week"));
        record("person_groups_leave", "zoe", left("supervisors", "night", "week"));
        record("person_groups", "zoe", after("week"));
        Withdrawals withdrawals = reopened();
        assertEquals(Set.of("supervisors", "night", "week"), room.groups().of("zoe"));
        withdrawals.apply(house.store.now());
        assertEquals(Set.of("week"), room.groups().of("zoe"));
        assertTrue(reopened().isEmpty(), "the store knows it now");
        assertEquals(Set.of("week"), room.groups().of("zoe"));
    }

    private static Json.Obj after(String... names) {
        return Json.object().put("after", Json.Arr.ofStrings(List.of(names))).build();
    }

    private static Json.Obj left(String... names) {
        return Json.object().put("left", Json.Arr.ofStrings(List.of(names))).build();
    }

    @Test
    void aGroupIsLeftAlsoWhenNothingCanBeRecorded() throws Exception {
        room.groups().set(ANA, "zoe", Set.of("supervisors"));
        house.recordBroken = true;
        room.groups().set(ANA, "zoe", Set.of());
        assertEquals(Set.of(), room.groups().of("zoe"));
        house.recordBroken = false;
    }

    @Test
    void nobodyIsCalledAsRulesNameOthers() {
        for (String name : List.of("owner", "group:supervisors", "role:admin", "user:ana", "local:ana")) {
            assertThrows(RefusedException.class, () -> room.administrators().create(ANA, name, DAY), name);
            assertThrows(RefusedException.class, () -> room.groups().set(ANA, name, Set.of("supervisors")), name);
        }
    }

    @Test
    void aSuspensionHoldsUnlessTheAgentWasResumedAfterIt() throws Exception {
        Shown<ApiKey> key = key();
        record("agent_suspend", "clerk");
        record("agent_resume", "clerk");
        assertTrue(reopened().isEmpty());
        record("agent_suspend", "clerk");
        reopened().apply(house.store.now());
        assertEquals("agent_suspended", answer(key.text()));
    }

    @Test
    void aResumptionIsNeverAppliedAgain() throws Exception {
        Shown<ApiKey> key = key();
        room.administration().suspend(ANA, "clerk");
        record("agent_resume", "clerk");
        assertTrue(reopened().isEmpty(), "a record grants nothing");
        assertEquals("agent_suspended", answer(key.text()));
    }

    @Test
    void aRetiredAgentStaysRetiredWithAllItsKeysAndConnectors() throws Exception {
        Shown<ApiKey> key = key();
        Secret connector =
                room.administration().registerConnector(ANA, "clerk", 7).text();
        record("agent_retire", "clerk");
        record("agent_resume", "clerk");
        reopened().apply(house.store.now());
        assertEquals("agent_retired", answer(key.text()));
        assertInstanceOf(
                Identification.Unknown.class, room.authenticator().identify(new Claim.Connector(7, connector)));
        assertTrue(room.directory().roster().credentialsOf("clerk").stream()
                .allMatch(one -> one.revoked().isPresent()));
    }

    @Test
    void aKeyThatWasRotatedAwayEndsWhenTheRecordSays() throws Exception {
        Shown<ApiKey> old = key();
        Json.Obj difference = Json.object()
                .put("after", Json.object().put("id", "k_ffffffffffffffff"))
                .put("old_expires", house.store.now().plusSeconds(60).toString())
                .build();
        record("key_rotate", old.credential().id(), difference);
        reopened().apply(house.store.now());
        assertEquals("known", answer(old.text()), "the overlap is not over");
        house.store.pass(Duration.ofSeconds(60));
        assertEquals("key_expired", answer(old.text()));
    }

    @Test
    void aRotationThatTheStoreHasChangesNothing() throws Exception {
        Shown<ApiKey> old = key();
        Shown<ApiKey> fresh =
                room.administration().rotateKey(ANA, old.credential().id(), Duration.ofHours(1), DAY);
        Json.Obj difference = Json.object()
                .put("after", Json.object().put("id", fresh.credential().id()))
                .put("old_expires", house.store.now().toString())
                .build();
        record("key_rotate", old.credential().id(), difference);
        assertTrue(reopened().isEmpty());
    }

    @Test
    void connectorsOfLaterAreNotWithdrawnWithThoseOfBefore() throws Exception {
        Secret before = room.administration().registerConnector(ANA, "clerk", 7).text();
        record("connector_withdraw", "clerk");
        house.store.pass(Duration.ofMinutes(1));
        Secret after = room.administration().registerConnector(ANA, "clerk", 7).text();
        reopened().apply(house.store.now());
        assertInstanceOf(Identification.Unknown.class, room.authenticator().identify(new Claim.Connector(7, before)));
        assertInstanceOf(Identification.Known.class, room.authenticator().identify(new Claim.Connector(7, after)));
    }

    @Test
    void aTokenOfAnAdministratorEndsAgain() throws Exception {
        Secret token = room.administrators().create(ANA, "bo", DAY);
        String id = room.administrators().tokens().iterator().next().id();
        record("admin_token_revoke", id);
        Withdrawals withdrawals = reopened();
        assertFalse(room.administrators().token(token).isEmpty());
        withdrawals.apply(house.store.now());
        assertTrue(room.administrators().token(token).isEmpty());
        assertTrue(reopened().isEmpty());
    }

    @Test
    void whatNobodyKnowsOrWhatGrantsIsPassedOver() throws Exception {
        record("key_revoke", "k_0000000000000000");
        record("agent_suspend", "nobody");
        record("agent_create", "nobody");
        record("key_create", "k_0000000000000001");
        record("admin_token_revoke", "a_0000000000000000");
        assertTrue(reopened().isEmpty());
    }

    @Test
    void theMarkMovesForwardOnlyAndNotWhileAnActIsUnderway() throws Exception {
        Shown<ApiKey> key = key();
        room.ledgerSeen(5);
        room.ledgerSeen(3);
        assertEquals(5, room.ledgerMark().index());
        house.recordBroken = true;
        room.administration().revokeKey(ANA, key.credential().id());
        room.ledgerSeen(9);
        assertEquals(5, room.ledgerMark().index(), "what is not stored must be read again");
        house.recordBroken = false;
        room.administration().settle();
        room.ledgerSeen(9);
        reopened();
        assertEquals(9, room.ledgerMark().index());
    }
}
