package dev.reeve.control;

import static dev.reeve.definitions.OfferedTool.tool;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.control.RoutesCalls.Said;
import dev.reeve.definitions.Definitions.State;
import dev.reeve.definitions.PinRecords;
import dev.reeve.definitions.PinnedDefinitions;
import dev.reeve.json.Json;
import dev.reeve.record.Event.Stored;
import dev.reeve.secrets.Secret;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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

/** What waits for a second administrator outlives the process, is done once at most, and not after it was answered (R27, R29). */
final class SecondsTest {
    private static final Caller ANA = new Caller.Administrator("ana");
    private static final Caller BO = new Caller.Administrator("bo");
    private static final String TEST = "test";

    @TempDir
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private ControlHouse house;

    @SuppressWarnings("NullAway.Init")
    private ControlRoom room;

    @SuppressWarnings("NullAway.Init")
    private RoutesCalls calls;

    @SuppressWarnings("NullAway.Init")
    private PinnedDefinitions definitions;

    private final List<Stored> recorded = new ArrayList<>();

    @BeforeEach
    void open() throws Exception {
        house = new ControlHouse(folder);
        start();
        room.administrators().create("local:root", "ana", Duration.ofDays(30));
        room.administrators().create("local:root", "bo", Duration.ofDays(30));
    }

    private void start() throws Exception {
        room = house.open();
        PinRecords none = (act, pin) -> {};
        definitions =
                new PinnedDefinitions(room.pins("default"), none, room.clock().source());
        calls = new RoutesCalls(room.routes(ToolRoutes.of(definitions, room)));
    }

    private void restart() throws Exception {
        room.close();
        start();
    }

    @AfterEach
    void close() {
        room.close();
    }

    private Said ask(String path, String body) {
        Said asked = calls.post(ANA, path, body);
        assertEquals(202, asked.status(), asked.body().toString());
        return asked;
    }

    private Seconds.Waiting asked() throws RefusedException {
        return room.seconds().ask("ana", new Seconds.Wish(TEST, "a test", "x", Json.Obj.EMPTY));
    }

    private List<String> waiting() {
        return room.seconds().all().stream().map(Seconds.Waiting::id).toList();
    }

    private void agree(Said asked) {
        Said done = calls.agree(BO, asked);
        assertEquals(200, done.status(), done.body().toString());
    }

    @Test
    void whatWaitsIsDoneAfterARestartAsItWasAskedFor() throws Exception {
        room.administration().createAgent("local:root", new NewAgent("old", Set.of("a"), Optional.empty(), Map.of()));
        Said agent = ask("/v1/agents", "{\"name\":\"clerk\",\"roles\":[\"a\"],\"attributes\":{\"level\":\"9\"}}");
        Said roles = ask("/v1/agents/old/roles", "{\"add\":[\"boss\"]}");
        Said groups = ask("/v1/people", "{\"person\":\"zoe\",\"groups\":[\"night\"]}");
        Said token = ask("/v1/admin-tokens", "{\"person\":\"zoe\",\"role\":\"approver\",\"expires\":\"2h\"}");
        Said invitation = ask("/v1/accounts", "{\"name\":\"cy\",\"roles\":[\"approver\"]}");
        List<String> before = waiting();
        restart();
        assertEquals(before, waiting());
        assertEquals("same_person", calls.agree(ANA, agent).code());
        for (Said asked : List.of(agent, roles, groups, token, invitation)) {
            agree(asked);
        }
        assertEquals(
                Map.of("level", "9"),
                room.directory().roster().agent("clerk").orElseThrow().attributes());
        assertEquals(
                Set.of("a", "boss"),
                room.directory().roster().agent("old").orElseThrow().roles());
        assertEquals(Set.of("night"), room.groups().of("zoe"));
        Administrators.Token made = room.administrators()
                .token(Secret.of(token.body().string("token").orElseThrow()))
                .orElseThrow();
        assertEquals(Role.APPROVER, made.role());
        assertEquals(house.store.now().plus(Duration.ofHours(2)), made.expires());
        Secret link = Secret.of(invitation.body().string("link").orElseThrow());
        assertEquals(
                "cy",
                room.accounts()
                        .accept(link, Secret.of("correct horse battery staple 9"))
                        .name());
        restart();
        assertEquals(List.of(), waiting(), "and none of it waits any more");
    }

    /** The fingerprint is compared with what the server says after the restart. */
    @Test
    void aDefinitionIsBoundToItsFingerprintAfterARestartToo() throws Exception {
        definitions.compare("mail", List.of(tool("send", "Sends.")), false);
        String body = Json.object()
                .put("upstream", "mail")
                .put("name", "send")
                .put("fingerprint", PinnedDefinitions.fingerprint(tool("send", "Sends.")))
                .build()
                .toString();
        Said asked = ask("/v1/tools/approve", body);
        restart();
        definitions.compare("mail", List.of(tool("send", "Sends, and keeps a copy.")), false);
        assertEquals("not_waiting", calls.agree(BO, asked).code());
        assertEquals(List.of(asked.id()), waiting(), "it stays");
        restart();
        definitions.compare("mail", List.of(tool("send", "Sends.")), false);
        agree(asked);
        assertEquals(
                State.IN_FORCE, definitions.tool("mail", "send").orElseThrow().state());
    }

    /** Neither a token's text nor a link stands in the store: who reads it cannot use what is agreed to. */
    @Test
    void noSecretIsInTheStore() throws Exception {
        Said token = ask("/v1/admin-tokens", "{\"person\":\"zoe\",\"role\":\"approver\"}");
        Said invitation = ask("/v1/accounts", "{\"name\":\"cy\",\"roles\":[\"approver\"]}");
        String token1 = token.body().string("token").orElseThrow();
        String link = invitation.body().string("link").orElseThrow();
        room.close();
        String bytes = Files.readString(house.store.data.resolve("store.db"), StandardCharsets.ISO_8859_1);
        assertTrue(bytes.contains("\"zoe\"") && bytes.contains("\"cy\""), "that is where it waits");
        assertTrue(!bytes.contains(token1) && !bytes.contains(link));
        start();
    }

    @Test
    void whoWasEndedTakesAlongWhatTheyAskedForAlsoOverARestart() throws Exception {
        room.administrators().create("local:root", "cy", Duration.ofDays(30));
        Said asked = ask("/v1/agents", "{\"name\":\"clerk\"}");
        house.store.pass(Duration.ofMinutes(1));
        for (Administrators.Token token : List.copyOf(room.administrators().tokens())) {
            if (token.person().equals("ana")) {
                room.administrators().revoke("local:root", token.id());
            }
        }
        room.administrators().create("local:root", "ana", Duration.ofDays(30));
        restart();
        assertEquals("asker_gone", calls.agree(BO, asked).code());
        assertTrue(house.acts.getLast().startsWith("bo second_void " + asked.id() + " "), house.acts.getLast());
        restart();
        assertEquals(List.of(), waiting());
    }

    @Test
    void itIsOverAfterADayAlsoWhileNothingRuns() throws Exception {
        Seconds.Waiting one = asked();
        house.store.pass(Seconds.LIFE.minusSeconds(1));
        restart();
        assertEquals(List.of(one.id()), waiting());
        house.store.pass(Duration.ofSeconds(1));
        restart();
        room.seconds().does(TEST, (it, second) -> {
            throw new AssertionError("it is over");
        });
        assertEquals(
                "not_waiting",
                assertThrows(RefusedException.class, () -> room.seconds().agree("bo", one.id()))
                        .code());
    }

    /** A fault in the middle stands for a process that is ended there. */
    private Seconds.Waiting cutOff() throws Exception {
        Seconds.Waiting one = asked();
        room.seconds().does(TEST, (it, second) -> {
            throw new IllegalStateException("cut off");
        });
        assertThrows(IllegalStateException.class, () -> room.seconds().agree("bo", one.id()));
        restart();
        assertEquals(List.of(), waiting(), "nobody may agree before the record was read");
        return one;
    }

    private Withdrawals applied() throws Exception {
        Withdrawals withdrawals = room.withdrawals(recorded);
        withdrawals.apply(house.store.now());
        return withdrawals;
    }

    @Test
    void whatWasCutOffBeforeAnythingCameOfItWaitsAgainAndIsDoneOnce() throws Exception {
        Seconds.Waiting one = cutOff();
        record("second_agree", one.id(), "bo", Json.Obj.EMPTY);
        record("agent_create", "other", "ana", seconded("cy"));
        Withdrawals withdrawals = applied();
        assertTrue(withdrawals.told().getFirst().contains("a test (" + one.id() + "), asked for by `ana`"));
        assertTrue(withdrawals.told().getFirst().contains("agreed to by `bo` and NOT done"));
        assertEquals(List.of(one.id()), waiting());
        restart();
        assertEquals(List.of(one.id()), waiting(), "in the store, too");
        List<String> done = new ArrayList<>();
        room.seconds().does(TEST, (it, second) -> done.add(it.by() + " with " + second));
        assertEquals(
                "same_person",
                assertThrows(RefusedException.class, () -> room.seconds().agree("ana", one.id()))
                        .code());
        room.seconds().agree("bo", one.id());
        assertEquals(List.of("ana with bo"), done);
        record("second_agree", one.id(), "bo", Json.Obj.EMPTY);
        record("agent_create", "x", "ana", seconded("bo"));
        restart();
        assertTrue(room.withdrawals(recorded).isEmpty(), "done, and out of the store");
        assertEquals(List.of(), waiting());
    }

    @Test
    void whatMayHaveBegunIsOverAndToldLoudly() throws Exception {
        for (Json.Obj came : List.of(seconded("bo"), Json.Obj.EMPTY)) {
            recorded.clear();
            Seconds.Waiting one = cutOff();
            record("second_agree", one.id(), "bo", Json.Obj.EMPTY);
            // Erased, or with who agreed.
            Map<String, Json> disclosed = came.members().isEmpty() ? Map.of() : Map.of("difference", came);
            recorded.add(new Stored(1, recorded.getLast().leaf().with("act", Json.of("agent_create")), disclosed));
            Withdrawals withdrawals = applied();
            assertTrue(
                    withdrawals.told().getFirst().contains("PERHAPS NOT done"),
                    withdrawals.told().toString());
            assertEquals(List.of(), waiting());
            restart();
            assertTrue(room.withdrawals(recorded).isEmpty(), "told once");
        }
    }

    /** The mark of the record had moved past it, as after a fault in a process that went on. */
    @Test
    void whatTheRecordIsNotAskedAboutAnyMoreIsOverAndToldLoudly() throws Exception {
        cutOff();
        assertTrue(applied().told().getFirst().contains("PERHAPS NOT done"));
        restart();
        assertTrue(room.withdrawals(recorded).isEmpty());
        assertEquals(List.of(), waiting());
    }

    /** Otherwise the next start would not see that it was agreed to. */
    @Test
    void theMarkOfTheRecordStandsStillWhileItIsDone() throws Exception {
        Seconds.Waiting one = asked();
        List<Integer> unsettled = new ArrayList<>();
        room.seconds()
                .does(TEST, (it, second) -> unsettled.add(room.administration().unsettled()));
        room.seconds().agree("bo", one.id());
        assertEquals(List.of(1), unsettled);
        assertEquals(0, room.administration().unsettled());
    }

    @Test
    void whatCannotBeDoneStaysAlsoOverARestart() throws Exception {
        Seconds.Waiting one = asked();
        room.seconds().does(TEST, (it, second) -> {
            throw RefusedException.conflict("not_now", "not now", "");
        });
        assertEquals(
                "not_now",
                assertThrows(RefusedException.class, () -> room.seconds().agree("bo", one.id()))
                        .code());
        assertTrue(house.acts.getLast().startsWith("bo second_back " + one.id() + " "), house.acts.getLast());
        restart();
        assertEquals(List.of(one.id()), waiting());
        List<String> done = new ArrayList<>();
        room.seconds().does(TEST, (it, second) -> done.add(it.by() + " with " + second));
        room.seconds().agree("bo", one.id());
        assertEquals(List.of("ana with bo"), done);
    }

    @Test
    void nothingIsDoneWhoseAgreementCannotBeRecorded() throws Exception {
        Seconds.Waiting one = asked();
        List<String> done = new ArrayList<>();
        room.seconds().does(TEST, (it, second) -> done.add(second));
        house.recordBroken = true;
        assertEquals(
                "unrecordable",
                assertThrows(RefusedException.class, () -> room.seconds().agree("bo", one.id()))
                        .code());
        house.recordBroken = false;
        assertEquals(List.of(), done);
        assertEquals(List.of(one.id()), waiting());
    }

    private void record(String act, String subject) {
        record(act, subject, "bo", Json.Obj.EMPTY);
    }

    private void record(String act, String subject, String person, Json.Obj difference) {
        Json.Obj leaf = Json.object()
                .put("kind", "control")
                .put("act", act)
                .put("subject", subject)
                .put("person", person)
                .put("time", house.store.now().toString())
                .build();
        recorded.add(new Stored(recorded.size(), leaf, Map.of("difference", difference)));
    }

    private static Json.Obj seconded(String person) {
        return Json.object().put("seconded_by", person).build();
    }

    /** A store from a backup has it still; what was refused, or agreed to and done, does not wait again. */
    @Test
    void whatTheRecordSaysWasAnsweredDoesNotWaitAfterARestore() throws Exception {
        Seconds.Waiting agreed = asked();
        Seconds.Waiting refused = asked();
        Seconds.Waiting gone = asked();
        Seconds.Waiting back = asked();
        record("second_agree", agreed.id());
        record("agent_create", "x", "ana", seconded("bo"));
        record("second_refuse", refused.id());
        record("second_void", gone.id());
        record("second_agree", back.id());
        record("second_back", back.id());
        restart();
        Withdrawals withdrawals = room.withdrawals(recorded);
        assertTrue(withdrawals.difference().toString().contains(agreed.id()));
        withdrawals.apply(house.store.now());
        assertEquals(List.of(back.id()), waiting());
        restart();
        assertTrue(room.withdrawals(recorded).isEmpty(), "the store knows it now");
        assertEquals(List.of(back.id()), waiting());
    }

    /** Whoever can write the data folder makes others agree to nothing that was not asked for. */
    @Test
    void aRowThatWasAlteredDoesNotWait() throws Exception {
        Seconds.Waiting one = asked();
        room.close();
        house.store.tamper("UPDATE seconds SET body = REPLACE(body, 'ana', 'cy')");
        start();
        assertEquals(List.of(), waiting(), one.id());
        assertTrue(house.store.incidents.toString().contains("row_altered"), house.store.incidents.toString());
    }
}
