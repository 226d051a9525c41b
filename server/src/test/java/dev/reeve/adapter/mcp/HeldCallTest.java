package dev.reeve.adapter.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Operation;
import dev.reeve.approval.Approval;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Journal;
import dev.reeve.gate.Stops;
import dev.reeve.http.HttpLimits;
import dev.reeve.http.RawClient;
import dev.reeve.json.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A call that waits for a person as the task of its client: it goes on once somebody said yes, once, through the gate, and never hangs. */
@Timeout(60)
final class HeldCallTest {
    private static final String TASKS = "{\"extensions\":{\"io.modelcontextprotocol/tasks\":{}}}";
    private static final String ALL =
            "{\"elicitation\":{\"form\":{},\"url\":{}},\"extensions\":{\"io.modelcontextprotocol/tasks\":{}}}";
    private static final String FORMS =
            "{\"elicitation\":{\"form\":{}},\"extensions\":{\"io.modelcontextprotocol/tasks\":{}}}";

    private Gateway gateway = new Gateway();

    @AfterEach
    void close() {
        gateway.close();
    }

    private static String params(String tool, String text) {
        return "\"name\":\"" + tool + "\",\"arguments\":{\"text\":\"" + text + "\"}";
    }

    private RawClient.Answer call(String capabilities, String tool, String text) throws IOException {
        return Post.able(capabilities, "tools/call", tool, params(tool, text)).send(gateway);
    }

    private Json.Obj begins(String tool, String text) throws IOException {
        Json.Obj task = Post.result(call(TASKS, tool, text));
        assertEquals("task", task.string("resultType").orElse(""), task.toString());
        return task;
    }

    private RawClient.Answer ask(String method, String id, String more) throws IOException {
        return Post.able(TASKS, method, id, "\"taskId\":\"" + id + "\"" + more).send(gateway);
    }

    private Json.Obj get(String id) throws IOException {
        return Post.result(ask("tasks/get", id, ""));
    }

    /** Once it is in this state. */
    private Json.Obj awaits(String id, String status) throws IOException {
        Json.Obj task = get(id);
        while (!status(task).equals(status)) {
            Thread.onSpinWait();
            task = get(id);
        }
        return task;
    }

    private static String status(Json.Obj task) {
        return task.string("status").orElse("");
    }

    private static String id(Json.Obj task) {
        return task.string("taskId").orElse("");
    }

    private static String ticket(Json.Obj task) {
        return task.object("_meta")
                .flatMap(meta -> meta.object(Denials.KEY))
                .flatMap(denial -> denial.string("ticket"))
                .orElseThrow(() -> new AssertionError("no ticket: " + task));
    }

    private Approval.State state(String ticket) {
        return gateway.approvals.desk().show(ticket).orElseThrow().state();
    }

    @Test
    void itSaysWhatItWaitsForAndGoesOnOnceAfterAYes() throws Exception {
        Json.Obj begun = begins("pg.ask_echo", "a");
        String ticket = ticket(begun);
        Json.Obj waits = get(id(begun));
        assertEquals("working", status(waits));
        assertEquals("complete", waits.string("resultType").orElse(""));
        String told = waits.string("statusMessage").orElse("");
        assertTrue(told.contains(ticket) && told.contains("https://reeve.example/approvals/" + ticket), told);
        assertTrue(told.contains("Somebody looks first.") && !told.contains("internal"), told);
        assertEquals(List.of(), gateway.upstreams.received, "nothing ran yet");
        gateway.says(ticket, true);
        Json.Obj done = awaits(id(begun), "completed");
        assertTrue(done.toString().contains("\"structuredContent\":{\"result\":\"a\"}"), done.toString());
        assertEquals(Approval.State.REDEEMED, state(ticket));
        assertEquals(done, get(id(begun)), "fetched twice, run once");
        assertEquals(1, gateway.upstreams.received.size());
        Journal.Decision ran = gateway.journal.decisions.getLast();
        assertEquals(Journal.Ruling.ALLOW, ran.ruling());
        assertEquals(ticket, ran.approval().orElseThrow().ticket());
        assertEquals(1, gateway.journal.completions.size(), "and its outcome is written down");
    }

    @Test
    void theSameCallWhileItWaitsIsTheSameTaskAndAnotherOneIsNot() throws Exception {
        String first = id(begins("pg.ask_echo", "a"));
        assertEquals(first, id(begins("pg.ask_echo", "a")));
        assertNotEquals(first, id(begins("pg.ask_echo", "b")));
    }

    @Test
    void aNoEndsItWithTheDenialThatTheCallWouldGet() throws Exception {
        Json.Obj begun = begins("pg.ask_echo", "a");
        gateway.says(ticket(begun), false);
        Json.Obj ended = awaits(id(begun), "completed");
        assertTrue(ended.toString().contains("\"isError\":true"), ended.toString());
        assertTrue(ended.toString().contains("\"code\":\"approval_denied\""), ended.toString());
        assertTrue(ended.string("statusMessage").orElse("").contains("said no"), ended.toString());
        assertEquals(List.of(), gateway.upstreams.received);
    }

    @Test
    void whatNobodyAnswersInTimeEndsByItself() throws Exception {
        Json.Obj begun = begins("pg.ask_echo", "a");
        gateway.clock.now = gateway.clock.now.plus(Duration.ofHours(2));
        Json.Obj ended = get(id(begun));
        assertEquals("completed", status(ended));
        assertTrue(ended.toString().contains("\"code\":\"approval_expired\""), ended.toString());
        assertNotEquals(ticket(begun), ticket(begins("pg.ask_echo", "a")), "the same call asks again");
    }

    /** The grant follows the answer: a call in between would ask people again. */
    @Test
    void whatIsGrantedForATimeGoesOnOnceItIsGivenAndNotBefore() throws Exception {
        Json.Obj begun = begins("pg.ask_echo", "a");
        String ticket = ticket(begun);
        gateway.approvals
                .desk()
                .decide(
                        ticket,
                        Gateway.BOSS,
                        true,
                        "",
                        Optional.of(new Approval.Proposal(Duration.ofMinutes(30), Set.of())));
        assertEquals(Approval.State.GRANTED, state(ticket));
        assertEquals(ticket, ticket(get(id(begun))));
        gateway.engine.policyChanged();
        assertEquals(ticket, ticket(get(id(begun))), "it is not given yet");
        gateway.given.add(ticket);
        gateway.engine.policyChanged();
        // It goes through the gate again.
        while (gateway.journal.decisions.size() < 2) {
            Thread.onSpinWait();
        }
    }

    @Test
    void cancellingTakesTheQuestionBackAndWhatPeopleTakeBackIsCancelled() throws Exception {
        Json.Obj begun = begins("pg.ask_echo", "a");
        Post.result(ask("tasks/cancel", id(begun), ""));
        assertEquals("cancelled", status(get(id(begun))));
        assertEquals(Approval.State.WITHDRAWN, state(ticket(begun)));
        assertEquals(List.of("approval_withdraw " + ticket(begun) + " by reeve"), gateway.acts);
        Json.Obj other = begins("pg.ask_echo", "b");
        gateway.approvals.desk().withdraw(ticket(other), Gateway.BOSS, "not now");
        assertEquals("cancelled", status(awaits(id(other), "cancelled")));
        assertEquals(List.of(), gateway.upstreams.received);
    }

    @Test
    void cancellingStopsWhatRuns() throws Exception {
        Json.Obj begun = begins("pg.ask_stuck", "a");
        gateway.says(ticket(begun), true);
        gateway.upstreams.waiting.await();
        assertEquals("working", status(get(id(begun))));
        Post.result(ask("tasks/cancel", id(begun), ""));
        Json.Obj ended = awaits(id(begun), "cancelled");
        assertTrue(ended.string("statusMessage").orElse("").contains("does not know whether"), ended.toString());
    }

    @Test
    void theEndOfTheProcessStopsWhatRunsAndWritesItDown() throws Exception {
        Json.Obj begun = begins("pg.ask_stuck", "a");
        gateway.says(ticket(begun), true);
        gateway.upstreams.waiting.await();
        gateway.engine.close();
        assertEquals(1, gateway.journal.completions.size());
    }

    @Test
    void inOtherHandsItDoesNotExist() throws Exception {
        String id = id(begins("pg.ask_echo", "a"));
        for (String method : List.of("tasks/get", "tasks/cancel")) {
            Post bobs =
                    Post.able(TASKS, method, id, "\"taskId\":\"" + id + "\"").by(Gateway.BOB);
            Post made = Post.able(TASKS, method, "task-x", "\"taskId\":\"task-x\"");
            assertEquals(Post.error(made.send(gateway)), Post.error(bobs.send(gateway)));
            Post elsewhere =
                    Post.able(TASKS, method, id, "\"taskId\":\"" + id + "\"").to("/mcp/pg");
            assertEquals(-32602, Post.code(elsewhere.send(gateway)));
        }
        assertEquals("working", status(get(id)));
    }

    /** R16: only people who are signed in to Reeve say yes. */
    @Test
    void noAnswerOfTheClientIsAYes() throws Exception {
        Json.Obj begun = begins("pg.ask_echo", "a");
        Post.result(ask(
                "tasks/update",
                id(begun),
                ",\"inputResponses\":{\"" + UrlQuestion.KEY
                        + "\":{\"action\":\"accept\"},\"1.k\":{\"action\":\"accept\"}}"));
        assertEquals("working", status(get(id(begun))));
        assertEquals(Approval.State.PENDING, state(ticket(begun)));
        assertEquals(List.of(), gateway.upstreams.received);
    }

    @Test
    void aClientThatShowsAddressesIsSentThereFirstAndWaitsAsATaskThen() throws Exception {
        Json.Obj asked = Post.result(call(ALL, "pg.ask_echo", "a"));
        assertEquals("input_required", asked.string("resultType").orElse(""), asked.toString());
        Post again = Post.able(
                ALL,
                "tools/call",
                "pg.ask_echo",
                params("pg.ask_echo", "a") + ",\"inputResponses\":{\"" + UrlQuestion.KEY
                        + "\":{\"action\":\"accept\"}}");
        Json.Obj task = Post.result(again.send(gateway));
        assertEquals("task", task.string("resultType").orElse(""), task.toString());
        assertTrue(asked.toString().contains(ticket(task)), "the same question");
    }

    @Test
    void whoKnowsNoTasksIsDeniedAndARetryRedeemsAsBefore() throws Exception {
        Json.Obj denied = Post.result(call("{}", "pg.ask_echo", "a"));
        assertTrue(denied.toString().contains("\"isError\":true"), denied.toString());
        String ticket = ticket(denied);
        gateway.says(ticket, true);
        assertTrue(Post.result(call("{}", "pg.ask_echo", "a")).toString().contains("\"result\":\"a\""));
        assertEquals(Approval.State.REDEEMED, state(ticket));
    }

    @Test
    void aTaskAndARetryDoNotBothUseOneYes() throws Exception {
        try (ExecutorService both = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20; i++) {
                String text = "n" + i;
                Json.Obj begun = begins("pg.ask_echo", text);
                CompletableFuture<Void> yes = CompletableFuture.runAsync(() -> gateway.says(ticket(begun), true), both);
                call("{}", "pg.ask_echo", text);
                yes.join();
                while (state(ticket(begun)) != Approval.State.REDEEMED) {
                    Thread.onSpinWait();
                }
                Post.result(ask("tasks/cancel", id(begun), ""));
            }
        }
        assertEquals(
                20,
                gateway.acts.stream()
                        .filter(act -> act.startsWith("approval_redeem"))
                        .count());
        assertTrue(gateway.upstreams.received.size() <= 20, "each yes is one call");
    }

    @Test
    void whatTheServerAsksIsPartOfTheTaskAndItsAnswerIsApprovedAnew() throws Exception {
        Json.Obj begun = Post.result(call(FORMS, "pg.ask_form", "a"));
        gateway.says(ticket(begun), true);
        Json.Obj asks = awaits(id(begun), "input_required");
        assertTrue(asks.toString().contains("how many?") && asks.toString().contains("\"1.k\""), asks.toString());
        assertFalse(asks.toString().contains("theirs"), "what the server wants back stays here");
        Json.Obj waits = answers(id(begun), "1.k", 3);
        assertNotEquals(ticket(begun), ticket(waits), "with an answer it is another question");
        gateway.says(ticket(waits), true);
        Json.Obj done = awaits(id(begun), "completed");
        assertTrue(done.toString().contains("told {") && done.toString().contains("theirs"), done.toString());
        assertEquals(
                2,
                gateway.upstreams.received.stream()
                        .filter(Operation.ToolCall.class::isInstance)
                        .count());
    }

    /** The client answers, and people are asked about the call with the answer. */
    private Json.Obj answers(String id, String key, int number) throws IOException {
        Post.result(ask(
                "tasks/update",
                id,
                ",\"inputResponses\":{\"" + key + "\":{\"action\":\"accept\",\"content\":{\"n\":" + number + "}}}"));
        Json.Obj waits = awaits(id, "working");
        while (waits.object("_meta").filter(meta -> meta.has(Denials.KEY)).isEmpty()) {
            waits = get(id);
        }
        return waits;
    }

    @Test
    void aServerWithoutAStateHasTheAnswersOfAllRounds() throws Exception {
        Json.Obj begun = Post.result(call(FORMS, "pg.ask_twice", "a"));
        gateway.says(ticket(begun), true);
        assertTrue(awaits(id(begun), "input_required").toString().contains("\"1.a\""));
        gateway.says(ticket(answers(id(begun), "1.a", 3)), true);
        assertTrue(awaits(id(begun), "input_required").toString().contains("\"2.b\""));
        gateway.says(ticket(answers(id(begun), "2.b", 4)), true);
        String done = awaits(id(begun), "completed").toString();
        assertTrue(done.contains("told {"), done);
        assertTrue(done.contains("{\\\"n\\\":3}") && done.contains("{\\\"n\\\":4}"), done);
    }

    @Test
    void aTaskOfTheServerTakesItsPlace() throws Exception {
        Json.Obj begun = begins("pg.ask_task", "a");
        gateway.says(ticket(begun), true);
        while (gateway.upstreams.received.stream().noneMatch(Operation.Task.class::isInstance)) {
            assertEquals(id(begun), id(get(id(begun))), "under the same id");
        }
        assertFalse(get(id(begun)).toString().contains("theirs"));
    }

    @Test
    void whatCameOfItIsToldOnlyWhileTheCallWouldBeAllowed() throws Exception {
        Json.Obj begun = begins("pg.ask_echo", "private");
        gateway.says(ticket(begun), true);
        awaits(id(begun), "completed");
        gateway.stops.set((principal, operation) ->
                Optional.of(Denial.of("stopped", Denial.ReasonClass.POLICY, "by an operator")));
        Json.Obj withheld = get(id(begun));
        assertFalse(withheld.toString().contains("private"), withheld.toString());
        assertTrue(withheld.toString().contains("\"code\":\"stopped\""), withheld.toString());
        gateway.stops.set(Stops.NONE);
        assertTrue(get(id(begun)).toString().contains("private"));
        gateway.rulebook.set(new FakeRulebook(Set.of("ask_echo")));
        Json.Obj hidden = get(id(begun));
        assertEquals("failed", status(hidden), "what it may not see does not exist");
        assertTrue(hidden.toString().contains("Unknown tool: pg.ask_echo"), hidden.toString());
    }

    @Test
    void whatAServerSaidAgainstItIsToldOnlyWhileTheCallWouldBeAllowedToo() throws Exception {
        Json.Obj begun = begins("pg.ask_broken", "a");
        gateway.says(ticket(begun), true);
        Json.Obj failed = awaits(id(begun), "failed");
        assertTrue(failed.toString().contains("a foreign error"), failed.toString());
        gateway.stops.set((principal, operation) ->
                Optional.of(Denial.of("stopped", Denial.ReasonClass.POLICY, "by an operator")));
        Json.Obj withheld = get(id(begun));
        assertFalse(withheld.toString().contains("a foreign error"), withheld.toString());
        assertTrue(withheld.toString().contains("\"code\":\"stopped\""), withheld.toString());
        gateway.stops.set(Stops.NONE);
        assertTrue(get(id(begun)).toString().contains("a foreign error"));
    }

    @Test
    void whereMemoryRunsOutTheTaskEnds() throws Exception {
        Json.Obj begun = begins("pg.ask_echo", "a");
        gateway.journal.exhausted = true;
        gateway.says(ticket(begun), true);
        awaits(id(begun), "failed");
        assertEquals(List.of(), gateway.upstreams.received);
    }

    /** More grants than an agent may have, say: people said yes, and nothing was given. */
    @Test
    void whatWasNeverGivenEndsByTheClockAlthoughNobodyAsks() throws Exception {
        gateway.close();
        gateway = new Gateway(HttpLimits.DEFAULT, McpLimits.DEFAULT.withTasks(10, 1));
        Json.Obj begun = begins("pg.ask_echo", "a");
        gateway.approvals
                .desk()
                .decide(
                        ticket(begun),
                        Gateway.BOSS,
                        true,
                        "",
                        Optional.of(new Approval.Proposal(Duration.ofMinutes(30), Set.of())));
        Json.Obj other = Post.result(call(TASKS, "pg.ask_echo", "b"));
        assertEquals("complete", other.string("resultType").orElse(""), "the first one has the only place");
        gateway.clock.now = gateway.clock.now.plus(Duration.ofHours(2));
        gateway.engine.reconsider();
        while (!other.string("resultType").orElse("").equals("task")) {
            Thread.onSpinWait();
            other = Post.result(call(TASKS, "pg.ask_echo", "b"));
        }
    }

    @Test
    void whoWasRevokedMeanwhileRunsNothingAndTheYesIsNotUsed() throws Exception {
        Json.Obj begun = begins("pg.ask_echo", "a");
        gateway.revoked.add("key-ana");
        gateway.says(ticket(begun), true);
        Json.Obj ended = awaits(id(begun), "completed");
        assertTrue(ended.toString().contains("\"code\":\"revoked\""), ended.toString());
        assertEquals(List.of(), gateway.upstreams.received);
        assertEquals(Approval.State.APPROVED, state(ticket(begun)));
    }

    @Test
    void resultsAreKeptForAnHourAndThenForgotten() throws Exception {
        Json.Obj begun = begins("pg.ask_echo", "a");
        gateway.says(ticket(begun), true);
        Json.Obj done = awaits(id(begun), "completed");
        assertEquals(Optional.of(Json.of(3_600_000)), done.get("ttlMs"));
        gateway.clock.now = gateway.clock.now.plus(Duration.ofHours(1));
        assertEquals(-32602, Post.code(ask("tasks/get", id(begun), "")));
    }

    @Test
    void nothingThatWaitsIsForgottenForMoreAndTheRestIsDenied() throws Exception {
        gateway.close();
        gateway = new Gateway(HttpLimits.DEFAULT, McpLimits.DEFAULT.withTasks(10, 2));
        Json.Obj first = begins("pg.ask_echo", "a");
        begins("pg.ask_echo", "b");
        Json.Obj third = Post.result(call(TASKS, "pg.ask_echo", "c"));
        assertTrue(third.toString().contains("\"code\":\"approval_required\""), third.toString());
        assertEquals("complete", third.string("resultType").orElse(""));
        Post.result(ask("tasks/cancel", id(first), ""));
        assertEquals("task", begins("pg.ask_echo", "d").string("resultType").orElse(""));
        assertEquals(-32602, Post.code(ask("tasks/get", id(first), "")), "what is over made room");
    }

    @Test
    void resultsThatNobodyFetchesDoNotFillTheMemory() throws Exception {
        gateway.close();
        gateway = new Gateway(HttpLimits.DEFAULT, McpLimits.DEFAULT.withAnswers(2_000));
        Json.Obj first = begins("pg.ask_echo", "x".repeat(700));
        gateway.says(ticket(first), true);
        awaits(id(first), "completed");
        Json.Obj second = begins("pg.ask_echo", "y".repeat(700));
        gateway.says(ticket(second), true);
        awaits(id(second), "completed");
        assertEquals(-32602, Post.code(ask("tasks/get", id(first), "")), "the oldest went first");
    }
}
