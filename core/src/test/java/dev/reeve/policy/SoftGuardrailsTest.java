package dev.reeve.policy;

import static dev.reeve.policy.Written.args;
import static dev.reeve.policy.Written.call;
import static dev.reeve.policy.Written.principal;
import static dev.reeve.policy.Written.tool;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Attempt;
import dev.reeve.gate.Admissions.Admission;
import dev.reeve.gate.Approvals;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Effect.Answered;
import dev.reeve.gate.Finding;
import dev.reeve.gate.Gate;
import dev.reeve.gate.GateClock;
import dev.reeve.gate.Journal;
import dev.reeve.gate.Judges;
import dev.reeve.gate.Opinion;
import dev.reeve.gate.Opinion.Level;
import dev.reeve.gate.Permit;
import dev.reeve.gate.Release;
import dev.reeve.gate.Reservations.Reserved;
import dev.reeve.gate.Sessions;
import dev.reeve.gate.Stops;
import dev.reeve.gate.Verdict;
import dev.reeve.gate.Voices;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import dev.reeve.policy.PolicySource.Effect;
import dev.reeve.policy.PolicySource.WhenDown;
import dev.reeve.record.Records;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Judges are heard last, and only hold or warn. */
final class SoftGuardrailsTest {
    private final Written written =
            new Written().maps("up.read", "crm", "read").maps("up.send", "mail:{arguments.to}", "create");
    private final List<Journal.Decision> recorded = new ArrayList<>();
    private final List<String> asked = new ArrayList<>();
    private Judges judges = (judge, action, facts) -> new Opinion.Down(judge, "not set up");

    private Gate gate() {
        CompiledPolicy policy = written.catalogue("crm", Set.of("pii"))
                .role("clerk", written.permission("crm", "read"), written.permission("mail:**", "create"))
                .compiled();
        return new Gate(
                () -> policy,
                operation -> new Admission.Admitted(operation, Optional.empty()),
                (principal, epoch) -> true,
                new Sessions() {
                    @Override
                    public Set<String> read(Principal principal) {
                        return Set.of();
                    }

                    @Override
                    public void received(Principal principal, Set<String> tags) {}
                },
                (action, facts) -> new Reserved.Taken(effect -> {}),
                new Journal() {
                    @Override
                    public String decided(Decision decision) {
                        recorded.add(decision);
                        return decision.action().id();
                    }

                    @Override
                    public void completed(Completion completion) {}
                },
                () -> "rv_1",
                () -> new GateClock.Reading(Instant.EPOCH, false),
                Duration.ofSeconds(1),
                List.of(),
                new Voices(Stops.NONE, Approvals.NOBODY, (judge, action, facts) -> {
                    asked.add(judge + " " + action.operation().subject());
                    return judges.ask(judge, action, facts);
                }));
    }

    private static Attempt attempt(String tool, Json.Obj arguments) {
        return new Attempt(principal("clerk"), 0, call(tool, arguments), "s", "test", Optional.empty());
    }

    private static Attempt sending() {
        return attempt("up.send", args("to", "bob@example.com"));
    }

    private static Opinion.Given said(Level level) {
        return new Opinion.Given(
                "j",
                "v1",
                level,
                "it looks odd",
                "ask first",
                "because",
                List.of(new Opinion.Feature("new_tool", 20, "never used")),
                false);
    }

    private void judged(Optional<WhenDown> down, boolean tell) {
        written.soft(tool("up.*"), "j", down, tell);
    }

    @ParameterizedTest
    @CsvSource({"LOW, allow", "MEDIUM, allow", "HIGH, hold"})
    void highIsHeldMediumWarnsLowPasses(Level level, String verdict) {
        judged(Optional.empty(), false);
        judges = (judge, action, facts) -> said(level);
        assertEquals(verdict, word(gate().decide(sending())));
        assertEquals(List.of("j up.send"), asked);
        boolean warned = recorded.getFirst().findings().stream().anyMatch(Finding.Warn.class::isInstance);
        assertEquals(level == Level.MEDIUM, warned);
        Json.Obj leaf = Records.decided(recorded.getFirst()).body();
        Json.Obj opinion = (Json.Obj) leaf.object("facts")
                .flatMap(facts -> facts.array("opinions"))
                .orElseThrow()
                .items()
                .getFirst();
        assertEquals(level.wire(), opinion.string("level").orElseThrow(), "the opinion is a recorded fact");
        assertTrue(
                !leaf.toString().contains("looks odd") && !leaf.toString().contains("never used"),
                "words may quote, and are hidden");
    }

    private static String word(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Allow ignored -> "allow";
            case Verdict.Deny ignored -> "deny";
            case Verdict.Hold ignored -> "hold";
        };
    }

    @Test
    void nobodyIsAskedOfWhatIsStoppedAnyhow() {
        judged(Optional.empty(), false);
        written.rule(Effect.DENY, tool("up.send"), "", false);
        assertEquals("deny", word(gate().decide(sending())));
        assertEquals(List.of(), asked);
    }

    @Test
    void aJudgeIsAskedOnceHoweverManyEntriesNameIt() {
        judged(Optional.empty(), false);
        judged(Optional.empty(), false);
        judges = (judge, action, facts) -> said(Level.MEDIUM);
        gate().decide(sending());
        assertEquals(1, asked.size());
        assertEquals(
                2,
                recorded.getFirst().findings().stream()
                        .filter(Finding.Warn.class::isInstance)
                        .count());
    }

    @ParameterizedTest
    @CsvSource({
        "up.read, , allow",
        "up.send, , hold",
        "up.read, HOLD, hold",
        "up.send, CONTINUE, allow",
    })
    void aJudgeThatIsDownHoldsWhatChangesAndMarksWhatReads(String tool, WhenDown down, String verdict) {
        judged(Optional.ofNullable(down), false);
        assertEquals(verdict, word(gate().decide(attempt(tool, args("to", "bob@example.com")))));
        assertTrue(recorded.getFirst().findings().stream().anyMatch(finding -> switch (finding) {
            case Finding.Warn warn -> warn.code().equals("judge_down");
            case Finding.Ask ask -> ask.why().code().equals("judge_down");
            default -> false;
        }));
    }

    @ParameterizedTest
    @CsvSource({"up.read, ", "up.read, CONTINUE", "up.send, CONTINUE"})
    void whatIsNotAskedForItsLengthOrNumberIsHeldWhateverTheEntrySays(String tool, WhenDown down) {
        judged(Optional.ofNullable(down), false);
        judges = (judge, action, facts) -> new Opinion.Down(judge, "the action is too long to be judged", true);
        assertEquals("hold", word(gate().decide(attempt(tool, args("to", "bob@example.com")))));
        Json.Obj opinion = (Json.Obj) Records.decided(recorded.getFirst())
                .body()
                .object("facts")
                .flatMap(facts -> facts.array("opinions"))
                .orElseThrow()
                .items()
                .getFirst();
        assertEquals(Optional.of(Json.Bool.TRUE), opinion.get("unasked"), "so that a replay holds it too");
    }

    @Test
    void aJudgeThatThrowsIsDown() {
        judged(Optional.empty(), false);
        judges = (judge, action, facts) -> {
            throw new StackOverflowError();
        };
        assertEquals("hold", word(gate().decide(sending())));
    }

    @Test
    void theAgentIsToldInTheResultWhereTheRuleSaysSo() {
        judged(Optional.empty(), true);
        judges = (judge, action, facts) -> said(Level.MEDIUM);
        Gate gate = gate();
        Json.Obj result = Json.object()
                .put("content", new Json.Arr(List.of(new Json.Str("of the tool"))))
                .put("structuredContent", Json.object().put("id", 7))
                .build();
        Json.Obj released = released(gate, result);
        Json.Arr blocks = released.array("content").orElseThrow();
        assertEquals(new Json.Str("of the tool"), blocks.items().getFirst());
        assertEquals(
                Optional.of("Warning of the gateway, not of the tool: it looks odd; suggestion: ask first"),
                ((Json.Obj) blocks.items().getLast()).string("text"));
        assertEquals(
                Optional.of("it looks odd"),
                released.object("_meta")
                        .flatMap(meta -> meta.object("dev.reeve/advice"))
                        .flatMap(advice -> advice.string("warning")));
        assertEquals(result.get("structuredContent"), released.get("structuredContent"));
    }

    @Test
    void theAgentIsNotToldOtherwise() {
        judged(Optional.empty(), false);
        judges = (judge, action, facts) -> said(Level.MEDIUM);
        Json.Obj result = Json.object().put("content", Json.Arr.EMPTY).build();
        assertEquals(result, released(gate(), result));
    }

    private static Json.Obj released(Gate gate, Json.Obj result) {
        Permit permit = ((Verdict.Allow) gate.decide(sending())).permit();
        assertEquals(Optional.empty(), permit.use());
        return ((Release.Result) gate.release(permit, new Answered(result, false), Duration.ofMillis(1))).result();
    }

    @Test
    void whatRunsIsNotJudgedAgain() {
        judged(Optional.empty(), true);
        judges = (judge, action, facts) -> said(Level.MEDIUM);
        Gate gate = gate();
        Permit permit = ((Verdict.Allow) gate.decide(sending())).permit();
        judges = (judge, action, facts) -> said(Level.HIGH);
        assertEquals(Optional.<Denial>empty(), gate.reconsider(permit));
        assertEquals(1, asked.size());
    }
}
