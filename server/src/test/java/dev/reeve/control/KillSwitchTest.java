package dev.reeve.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Operation;
import dev.reeve.gate.Denial;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import dev.reeve.record.Event.Stored;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KillSwitchTest {
    private static final String ANA = "local:ana";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private ControlHouse house;

    @SuppressWarnings("NullAway.Init")
    private ControlRoom room;

    @BeforeEach
    void found() throws Exception {
        house = new ControlHouse(folder);
        room = house.open();
        room.administration().createAgent(ANA, new NewAgent("clerk", Set.of("a"), Optional.empty(), Map.of()));
        room.administration().createAgent(ANA, new NewAgent("other", Set.of("a"), Optional.empty(), Map.of()));
    }

    @AfterEach
    void close() {
        room.close();
    }

    private void reopen() throws Exception {
        room.close();
        room = house.open();
    }

    private Optional<Denial> asked(String agent, String tool) {
        Principal principal = new Principal(
                Principal.DEFAULT_TENANT,
                agent,
                "k1",
                Optional.empty(),
                List.of(),
                Set.of(),
                Optional.empty(),
                Map.of());
        return room.killSwitch().stopped(principal, new Operation.ToolCall("mail", tool, Json.Obj.EMPTY));
    }

    private void kill(Stop.Scope scope, String name) throws RefusedException {
        assertTrue(room.killSwitch().kill(ANA, scope, name, "for the test").changed());
    }

    @Test
    void anAgentAToolATenantOrEverythingIsStopped() throws Exception {
        assertEquals(Optional.empty(), asked("clerk", "send"));
        kill(Stop.Scope.AGENT, "clerk");
        Denial denial = asked("clerk", "send").orElseThrow();
        assertEquals("stopped_by_operator", denial.code());
        assertFalse(denial.reasonClass().retryMayHelp());
        assertTrue(denial.reason().contains("for the test"), denial.reason());
        assertFalse(denial.tell().orElseThrow().contains("for the test"), "R10");
        assertEquals(Optional.empty(), asked("other", "send"));
        kill(Stop.Scope.TOOL, "mail.s*");
        assertTrue(asked("other", "send").isPresent());
        assertEquals(Optional.empty(), asked("other", "read"));
        kill(Stop.Scope.TENANT, Principal.DEFAULT_TENANT);
        assertTrue(asked("other", "read").isPresent());
        room.killSwitch().undo(ANA, Stop.Scope.TENANT, Principal.DEFAULT_TENANT);
        kill(Stop.Scope.ALL, "");
        assertTrue(asked("other", "read").isPresent());
        assertEquals(3, room.killSwitch().all().size());
    }

    @Test
    void allThatAServerHasIsStoppedWithItsTools() throws Exception {
        kill(Stop.Scope.TOOL, "mail.*");
        Principal clerk = new Principal(
                Principal.DEFAULT_TENANT,
                "clerk",
                "k1",
                Optional.empty(),
                List.of(),
                Set.of(),
                Optional.empty(),
                Map.of());
        for (String uri : List.of("box:1", "file:///box/1.txt", "mail.x")) {
            assertTrue(
                    room.killSwitch()
                            .stopped(clerk, new Operation.ResourceRead("mail", uri))
                            .isPresent(),
                    uri);
        }
        assertEquals(Optional.empty(), room.killSwitch().stopped(clerk, new Operation.ResourceRead("files", "box:1")));
    }

    @Test
    void itOutlivesTheProcessUntilAPersonUndoesIt() throws Exception {
        kill(Stop.Scope.AGENT, "clerk");
        reopen();
        assertTrue(asked("clerk", "send").isPresent());
        assertTrue(room.killSwitch().undo("local:bo", Stop.Scope.AGENT, "clerk").changed());
        assertFalse(
                room.killSwitch().undo("local:bo", Stop.Scope.AGENT, "clerk").changed());
        assertEquals(Optional.empty(), asked("clerk", "send"));
        reopen();
        assertEquals(Optional.empty(), asked("clerk", "send"));
        assertTrue(
                house.acts.stream().anyMatch(act -> act.startsWith(ANA + " kill agent clerk")), house.acts.toString());
        assertTrue(house.acts.stream().anyMatch(act -> act.startsWith("local:bo kill_undo agent clerk")));
    }

    @Test
    void itIsInForceWhileTheRecordHangs() throws Exception {
        house.hanging = new CountDownLatch(1);
        house.recordHangs = new CountDownLatch(1);
        CountDownLatch cut = new CountDownLatch(1);
        room.killSwitch().onChange(cut::countDown);
        Thread killing = Thread.ofVirtual().start(() -> {
            try {
                kill(Stop.Scope.ALL, "");
            } catch (RefusedException e) {
                throw new AssertionError(e);
            }
        });
        house.hanging.await();
        cut.await();
        assertTrue(asked("clerk", "send").isPresent());
        house.recordHangs.countDown();
        killing.join();
        reopen();
        assertTrue(asked("clerk", "send").isPresent());
    }

    @Test
    void itActsThoughItCannotBeRecordedAndUndoingDoesNot() throws Exception {
        house.recordBroken = true;
        kill(Stop.Scope.ALL, "");
        assertTrue(asked("clerk", "send").isPresent());
        assertThrows(RefusedException.class, () -> room.killSwitch().undo(ANA, Stop.Scope.ALL, ""));
        assertTrue(asked("clerk", "send").isPresent());
        house.recordBroken = false;
        room.killSwitch().undo(ANA, Stop.Scope.ALL, "");
        assertEquals(Optional.empty(), asked("clerk", "send"));
        assertTrue(house.acts.get(house.acts.size() - 2).contains(" kill all"), "recorded first afterwards");
        assertTrue(house.acts.getLast().contains(" kill_undo all"));
    }

    @Test
    void whatTheRecordSaysWasStoppedIsStoppedAgain() throws Exception {
        List<Stored> recorded = new ArrayList<>();
        recorded.add(act(0, "kill", "agent clerk"));
        recorded.add(act(1, "kill", "agent other"));
        recorded.add(act(2, "kill_undo", "agent other"));
        Withdrawals missing = room.withdrawals(recorded);
        assertFalse(missing.isEmpty());
        missing.apply(house.store.now());
        reopen();
        assertTrue(asked("clerk", "send").orElseThrow().reason().contains("local:ana"));
        assertEquals(Optional.empty(), asked("other", "send"));
        assertTrue(room.withdrawals(recorded).isEmpty());
    }

    private Stored act(long index, String act, String subject) {
        Json.Obj leaf = Json.object()
                .put("kind", "control")
                .put("act", act)
                .put("subject", subject)
                .put("person", ANA)
                .put("time", house.store.now().toString())
                .build();
        return new Stored(
                index,
                leaf,
                Map.of("difference", Json.object().put("reason", "why").build()));
    }

    @Test
    void whatCannotBeMeantIsRefused() {
        assertThrows(RefusedException.class, () -> kill(Stop.Scope.AGENT, "nobody"));
        assertThrows(RefusedException.class, () -> kill(Stop.Scope.AGENT, ""));
        assertThrows(RefusedException.class, () -> kill(Stop.Scope.ALL, "clerk"));
        assertThrows(RefusedException.class, () -> kill(Stop.Scope.TOOL, "a\u0007b"));
    }

    private String answered(String body) throws Exception {
        ControlReply reply = room.routes(List.of())
                .handle(ControlRequest.of(
                        "POST",
                        "/v1/kills",
                        Map.of(),
                        body.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        new Caller.Administrator("ana")));
        return reply.status() + " " + reply.text();
    }

    /** Whoever mistypes in a hurry must not believe that it is stopped. */
    @Test
    void aNameThatNothingKnownHasIsInForceAndSaidToBeUnknown() throws Exception {
        room.pins("default")
                .put(new dev.reeve.definitions.Pin(
                        "mail",
                        "send",
                        Json.object().put("name", "send").build(),
                        "f",
                        dev.reeve.definitions.Definitions.State.HELD,
                        Optional.empty(),
                        Optional.empty(),
                        java.time.Instant.EPOCH));
        assertTrue(answered("{\"scope\":\"tool\",\"name\":\"mail.*\"}").contains("\"known\":true"));
        for (String wrong : List.of("mail", "mial.send", "Mail.send")) {
            String said = answered("{\"scope\":\"tool\",\"name\":\"" + wrong + "\"}");
            assertTrue(said.startsWith("201 ") && said.contains("\"known\":false"), said);
            assertTrue(said.contains(wrong.equals("mail") ? "\"mail.*\"" : "\"mail.send\""), said);
        }
        String tenant = answered("{\"scope\":\"tenant\",\"name\":\"defualt\"}");
        assertTrue(tenant.contains("\"known\":false") && tenant.contains("\"near\":[\"default\"]"), tenant);
        assertTrue(answered("{\"scope\":\"tenant\",\"name\":\"default\"}").contains("\"known\":true"));
        assertTrue(answered("{\"scope\":\"agent\",\"name\":\"clerk\"}").contains("\"known\":true"));
        assertTrue(answered("{\"scope\":\"all\"}").contains("\"known\":true"));
        String agent = answered("{\"scope\":\"agent\",\"name\":\"clrek\"}");
        assertTrue(
                agent.startsWith("404 ") && agent.contains("so nothing is stopped") && agent.contains("`clerk`"),
                agent);
    }

    /** No server of ours offers what a coding agent does by itself. */
    @Test
    void namesOfThePolicyAndOfWhatWasDoneAreKnown() throws Exception {
        room.knowsWritten(() -> Set.of("claude-code.Bash", "envoy."));
        List<Set<String>> lookedUp = new ArrayList<>();
        room.knowsUsed(patterns -> {
            lookedUp.add(patterns);
            return patterns.contains("cursor.*") ? Set.of("cursor.*") : Set.of();
        });
        for (String known : List.of("claude-code.Bash", "claude-code.*", "envoy.*", "cursor.*")) {
            String said = answered("{\"scope\":\"tool\",\"name\":\"" + known + "\"}");
            assertTrue(said.contains("\"known\":true"), said);
        }
        assertEquals(List.of(Set.of("cursor.*")), lookedUp, "what is known otherwise is not looked up");
        String wrong = answered("{\"scope\":\"tool\",\"name\":\"claud-code.Bash\"}");
        assertTrue(wrong.contains("\"known\":false") && wrong.contains("\"claude-code.Bash\""), wrong);
        String point = answered("{\"scope\":\"tool\",\"name\":\"envoi.*\"}");
        assertTrue(point.contains("\"known\":false") && point.contains("\"envoy.*\""), point);
        lookedUp.clear();
        String all = new RoutesCalls(room.routes(List.of()))
                .get(new Caller.Administrator("ana"), "/v1/kills")
                .body()
                .toString();
        assertEquals(List.of(Set.of("cursor.*", "claud-code.Bash", "envoi.*")), lookedUp, "all of them at once");
        assertTrue(all.contains("\"known\":true") && all.contains("\"known\":false"), all);
    }
}
