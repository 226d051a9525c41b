package dev.reeve.adapter.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.approval.Approval;
import dev.reeve.approval.NotDecidedException;
import dev.reeve.condition.CelConditions;
import dev.reeve.config.PolicyFiles;
import dev.reeve.config.PolicySet;
import dev.reeve.config.SqlSchemas;
import dev.reeve.gate.Opinion;
import dev.reeve.json.Json;
import dev.reeve.policy.CompiledPolicy;
import dev.reeve.policy.PolicyCompiler;
import dev.reeve.policy.ToolSchemas;
import dev.reeve.sql.jsqlparser.JSqlParserInspector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a guardrail or a judge of a real policy holds waits as a task, as what a rule holds does. */
@Timeout(60)
final class HeldByOthersTest {
    private static final String ABLE =
            "{\"elicitation\":{\"form\":{}},\"extensions\":{\"io.modelcontextprotocol/tasks\":{}}}";
    private static final String IBAN = "DE89370400440532013000";
    private static final String CARD = "4539 1488 0343 6467";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path home;

    private final Gateway gateway = new Gateway();

    @AfterEach
    void close() {
        gateway.close();
    }

    @BeforeEach
    void enforce() throws IOException {
        write("catalog/pg.yaml", """
                resources: { crm: {} }
                tools:
                  pg.slow: { acts_on: crm, action: update }
                  pg.echo: { acts_on: crm, action: update }
                  pg.ask_echo: { acts_on: crm, action: update }
                  pg.ask_form: { acts_on: crm, action: update }
                """);
        write("policies/pg.yaml", """
                agent_roles:
                  pg: { permissions: [ { resource: crm, actions: [update] } ] }
                rules:
                  - { name: slow, require_approval: { tool: pg.slow }, grant: { up_to: 1h } }
                guardrails:
                  - { name: mail-is-told, find: [email], in: arguments, do: warn }
                  - { name: iban-waits, find: [iban], in: arguments, do: hold }
                  - { name: card-stays, find: [card], in: result, do: hold }
                soft_guardrails:
                  - { name: looked-at, on: { tool: pg.ask_echo }, judge: embedded }
                """);
        PolicySet set = PolicyFiles.read(home, (statements, dialect) -> {
                    throw new SqlSchemas.BadSchemaException(1, "there is none");
                })
                .value()
                .orElseThrow();
        PolicyCompiler.Outcome outcome = PolicyCompiler.compile(
                set.version(), set.source(), new CelConditions(), new JSqlParserInspector(), new OneServer());
        if (!(outcome instanceof PolicyCompiler.Outcome.Compiled(CompiledPolicy compiled, var ignored))) {
            throw new IllegalStateException(outcome.problems().toString());
        }
        gateway.rulebook.set(compiled);
    }

    private void write(String file, String text) throws IOException {
        Path target = home.resolve(file);
        Files.createDirectories(target.getParent());
        Files.writeString(target, text);
    }

    private static final class OneServer implements ToolSchemas {
        @Override
        public Optional<Json.Obj> inputSchema(String upstream, String tool) {
            return Optional.empty();
        }

        @Override
        public Set<String> upstreams() {
            return Set.of("pg");
        }

        @Override
        public List<String> tools(String upstream) {
            return List.of("slow", "echo", "ask_echo", "ask_form");
        }
    }

    private Json.Obj begins(String tool, String text) throws IOException {
        String params = "\"name\":\"" + tool + "\",\"arguments\":{\"text\":\"" + text + "\"}";
        Json.Obj task = Post.result(Post.able(ABLE, "tools/call", tool, params).send(gateway));
        assertEquals("task", task.string("resultType").orElse(""), task.toString());
        return task;
    }

    private Json.Obj asks(String method, Json.Obj task, String more) throws IOException {
        String id = task.string("taskId").orElseThrow();
        return Post.result(
                Post.able(ABLE, method, id, "\"taskId\":\"" + id + "\"" + more).send(gateway));
    }

    private Json.Obj awaits(Json.Obj task, String status) throws IOException {
        Json.Obj now = asks("tasks/get", task, "");
        while (!now.string("status").orElse("").equals(status)) {
            Thread.onSpinWait();
            now = asks("tasks/get", task, "");
        }
        return now;
    }

    private static Optional<String> told(Json.Obj task, String member) {
        return task.object("_meta").flatMap(meta -> meta.object(Denials.KEY)).flatMap(denial -> denial.string(member));
    }

    private static String ticket(Json.Obj task) {
        return told(task, "ticket").orElseThrow(() -> new AssertionError("no ticket: " + task));
    }

    private Approval.State state(String ticket) {
        return gateway.approvals.desk().show(ticket).orElseThrow().state();
    }

    @Test
    void whatAGuardrailHoldsIsATaskAndRunsAfterAYes() throws Exception {
        Json.Obj task = begins("pg.echo", IBAN);
        assertEquals(Optional.of("content_held"), told(task, "code"));
        assertEquals(List.of(), gateway.upstreams.received);
        gateway.says(ticket(task), true);
        Json.Obj done = awaits(task, "completed");
        assertTrue(done.toString().contains("\"structuredContent\":{\"result\":\"" + IBAN + "\"}"), done.toString());
        assertEquals(Approval.State.REDEEMED, state(ticket(task)));
        assertEquals(1, gateway.upstreams.received.size());
    }

    @Test
    void aResultThatAGuardrailHoldsIsATaskAndComesAfterAYesWithoutASecondCall() throws Exception {
        Json.Obj task = begins("pg.echo", CARD);
        assertEquals(Optional.of("content_held"), told(task, "code"));
        assertTrue(task.string("statusMessage").orElse("").startsWith("The call was made"), task.toString());
        assertFalse(task.toString().contains(CARD), task.toString());
        assertEquals(1, gateway.upstreams.received.size());
        gateway.says(ticket(task), true);
        Json.Obj done = awaits(task, "completed");
        assertTrue(done.toString().contains("\"structuredContent\":{\"result\":\"" + CARD + "\"}"), done.toString());
        assertEquals(Approval.State.REDEEMED, state(ticket(task)));
        assertEquals(1, gateway.upstreams.received.size());
        assertEquals(0, gateway.approvals.results().size());
    }

    @Test
    void aResultThatPeopleRefuseEndsItsTask() throws Exception {
        Json.Obj task = begins("pg.echo", CARD);
        gateway.says(ticket(task), false);
        Json.Obj ended = awaits(task, "completed");
        assertTrue(ended.toString().contains("\"code\":\"result_refused\""), ended.toString());
        assertTrue(ended.toString().contains("made this call, but its result is withheld"), ended.toString());
        assertEquals(0, gateway.approvals.results().size());
    }

    @Test
    void whoCancelsATaskThatHasItsResultIsToldThatTheCallWasMade() throws Exception {
        Json.Obj task = begins("pg.echo", CARD);
        asks("tasks/cancel", task, "");
        Json.Obj ended = awaits(task, "cancelled");
        assertTrue(ended.string("statusMessage").orElse("").contains("The call was made"), ended.toString());
        assertEquals(Approval.State.WITHDRAWN, state(ticket(task)));
        assertEquals(0, gateway.approvals.results().size());
    }

    @Test
    void aClientWithoutTasksIsToldToComeBackAndGetsTheResultOnce() throws Exception {
        String params = "\"name\":\"pg.echo\",\"arguments\":{\"text\":\"" + CARD + "\"}";
        Json.Obj waits =
                Post.result(Post.able("{}", "tools/call", "pg.echo", params).send(gateway));
        assertTrue(waits.toString().contains("its result waits for a person"), waits.toString());
        assertEquals(
                Optional.of(Json.of(true)),
                waits.object("_meta")
                        .orElseThrow()
                        .object(Denials.KEY)
                        .orElseThrow()
                        .get("retry"));
        Json.Obj again =
                Post.result(Post.able("{}", "tools/call", "pg.echo", params).send(gateway));
        assertEquals(told(waits, "ticket"), told(again, "ticket"));
        assertEquals(Optional.of("result_held"), told(again, "code"));
        gateway.says(ticket(waits), true);
        Json.Obj got =
                Post.result(Post.able("{}", "tools/call", "pg.echo", params).send(gateway));
        assertTrue(got.toString().contains(CARD), got.toString());
        assertEquals(1, gateway.upstreams.received.size());
    }

    @Test
    void ofTwoTasksForOneResultOneGetsItAndTheOtherMakesNoCall() throws Exception {
        Json.Obj one = begins("pg.echo", CARD);
        String params = "\"name\":\"echo\",\"arguments\":{\"text\":\"" + CARD + "\"}";
        Json.Obj other = Post.result(
                Post.able(ABLE, "tools/call", "echo", params).to("/mcp/pg").send(gateway));
        assertEquals(ticket(one), ticket(other));
        assertNotEquals(one.string("taskId"), other.string("taskId"));
        gateway.says(ticket(one), true);
        String first = awaits(one, "completed").toString();
        String second = "";
        while (!second.contains("\"status\":\"completed\"")) {
            String id = other.string("taskId").orElseThrow();
            second = Post.result(Post.able(ABLE, "tasks/get", id, "\"taskId\":\"" + id + "\"")
                            .to("/mcp/pg")
                            .send(gateway))
                    .toString();
        }
        assertNotEquals(
                first.contains("\"result\":\"" + CARD), second.contains("\"result\":\"" + CARD), first + second);
        assertTrue((first + second).contains("\"code\":\"result_"), first + second);
        assertEquals(1, gateway.upstreams.received.size());
    }

    @Test
    void whatAJudgeHoldsIsATaskAndRunsAfterAYes() throws Exception {
        gateway.judges.set((judge, action, facts) ->
                new Opinion.Given(judge, "1", Opinion.Level.HIGH, "", "", "it looks bad", List.of(), false));
        Json.Obj task = begins("pg.ask_echo", "a");
        assertEquals(Optional.of("judged_high"), told(task, "code"));
        assertEquals(List.of(), gateway.upstreams.received);
        gateway.says(ticket(task), true);
        awaits(task, "completed");
        assertEquals(Approval.State.REDEEMED, state(ticket(task)));
        assertEquals(1, gateway.upstreams.received.size());
    }

    @Test
    void whatAJudgeThatIsDownLeavesToPeopleIsATaskThatEndsWithANo() throws Exception {
        Json.Obj task = begins("pg.ask_echo", "a");
        assertEquals(Optional.of("judge_down"), told(task, "code"));
        gateway.says(ticket(task), false);
        Json.Obj ended = awaits(task, "completed");
        assertTrue(ended.toString().contains("\"code\":\"approval_denied\""), ended.toString());
        assertEquals(List.of(), gateway.upstreams.received);
    }

    @Test
    void anAnswerThatAGuardrailHoldsKeepsTheTaskWaiting() throws Exception {
        Json.Obj task = begins("pg.ask_form", IBAN);
        gateway.says(ticket(task), true);
        awaits(task, "input_required");
        asks("tasks/update", task, ",\"inputResponses\":{\"1.k\":{\"action\":\"accept\",\"content\":{\"n\":3}}}");
        Json.Obj waits = awaits(task, "working");
        while (told(waits, "ticket").isEmpty()) {
            waits = awaits(task, "working");
        }
        assertEquals(Optional.of("content_held"), told(waits, "code"));
        assertNotEquals(ticket(task), ticket(waits), "with the answer it is another question");
        gateway.says(ticket(waits), true);
        Json.Obj done = awaits(task, "completed");
        assertTrue(done.toString().contains("told {"), done.toString());
        assertFalse(done.toString().contains("\"isError\":true"), done.toString());
    }

    @Test
    void aYesForATimeIsNotGivenToWhatAGuardrailHides() throws Exception {
        String ticket = ticket(begins("pg.slow", "eve@example.com"));
        NotDecidedException refused = assertThrows(NotDecidedException.class, () -> forAnHour(ticket, Set.of()));
        assertEquals("hidden_argument", refused.code());
        assertFalse(refused.toString().contains("eve@"), refused.toString());
        assertEquals(Approval.State.GRANTED, forAnHour(ticket, Set.of("text")));
        assertEquals(Approval.State.GRANTED, forAnHour(ticket(begins("pg.slow", "nothing")), Set.of()));
    }

    private Approval.State forAnHour(String ticket, Set<String> free) throws NotDecidedException {
        Approval.Proposal proposal = new Approval.Proposal(Duration.ofHours(1), free);
        return gateway.approvals
                .desk()
                .decide(ticket, Gateway.BOSS, true, "", Optional.of(proposal))
                .state();
    }
}
