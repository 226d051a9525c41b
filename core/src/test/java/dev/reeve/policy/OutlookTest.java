package dev.reeve.policy;

import static dev.reeve.policy.Written.args;
import static dev.reeve.policy.Written.call;
import static dev.reeve.policy.Written.principal;
import static dev.reeve.policy.Written.tool;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Attempt;
import dev.reeve.action.Operation;
import dev.reeve.gate.Admissions;
import dev.reeve.gate.Admissions.Admission;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Denial.ReasonClass;
import dev.reeve.gate.Gate;
import dev.reeve.gate.GateClock;
import dev.reeve.gate.Journal;
import dev.reeve.gate.Recording;
import dev.reeve.gate.Reservations;
import dev.reeve.gate.Rulebook;
import dev.reeve.gate.Sessions;
import dev.reeve.gate.Verdict;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import dev.reeve.policy.PolicySource.Effect;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whatever denied: what came nearest to allowing stands beside it, or why nothing did. */
final class OutlookTest {
    private static final Operation SQL = call("pg.q", args("sql", "nonsense"));

    private final Written written = new Written();
    private final List<Journal.Decision> recorded = new ArrayList<>();
    private boolean good = true;
    private Admissions admissions = operation -> new Admission.Admitted(operation, Optional.empty());
    private Reservations reservations = (action, facts) -> new Reservations.Reserved.Taken(effect -> {});

    private final class Remembering implements Journal {
        @Override
        public String decided(Decision decision) {
            recorded.add(decision);
            return decision.action().id();
        }

        @Override
        public void completed(Completion completion) {}
    }

    private static final class NothingRead implements Sessions {
        @Override
        public Set<String> read(Principal principal) {
            return Set.of();
        }

        @Override
        public void received(Principal principal, Set<String> tags) {}
    }

    private Denial denied(String role, Operation operation) {
        CompiledPolicy policy = written.compiled();
        Gate gate = new Gate(
                () -> policy,
                admissions,
                (principal, epoch) -> good,
                new NothingRead(),
                reservations,
                new Remembering(),
                () -> "rv_1",
                () -> new GateClock.Reading(Instant.EPOCH, false),
                Duration.ofSeconds(1));
        Verdict verdict = gate.decide(new Attempt(principal(role), 0, operation, "s", "test", Optional.empty()));
        return switch (verdict) {
            case Verdict.Allow ignored -> throw new AssertionError("allowed");
            case Verdict.Deny deny -> deny.denial();
            case Verdict.Hold hold -> hold.why();
        };
    }

    private String nearest(String role, Operation operation) {
        Denial.Nearest near = denied(role, operation).nearest().orElseThrow();
        assertEquals(recorded.getLast().denial().orElseThrow().nearest().orElseThrow(), near, "it is in the record");
        return near.rule().map(rule -> rule.name() + ": ").orElse("") + near.missing();
    }

    private void refuseArguments() {
        Denial invalid = Denial.of("arguments_invalid", ReasonClass.ARGUMENTS, "`x` is missing");
        admissions = operation -> new Admission.Refused(invalid);
    }

    @Test
    void ofArgumentsThatDoNotFitItIsSaidWhetherThePolicyWouldHaveAllowed() {
        refuseArguments();
        written.role("clerk", written.permission("tool:up.a", "execute"))
                .role("other", written.permission("tool:up.b", "execute", "arg:x=1"))
                .role("waits", written.permission("tool:up.c", "execute"))
                .rule(Effect.REQUIRE_APPROVAL, tool("up.c"), "", false);
        assertEquals(
                "clerk: the policy would have allowed it by this rule", nearest("clerk", call("up.a", Json.Obj.EMPTY)));
        assertEquals(
                "other: the policy would not have allowed it either: execute on `tool:up.b`: the condition `arg:x=1` does not hold",
                nearest("other", call("up.b", args("x", "2"))));
        assertEquals(
                "clerk: the policy would not have allowed it either: no rule allows execute on `tool:up.a`; the agent does not have the role `clerk`",
                nearest("other", call("up.a", Json.Obj.EMPTY)));
        assertEquals(
                "r1: the policy would have held it for a person: because r1",
                nearest("waits", call("up.c", Json.Obj.EMPTY)));
        assertEquals(
                "the policy would not have allowed it either: no rule allows execute on `tool:up.d`; no role and no rule is about `tool:up.d`",
                nearest("clerk", call("up.d", Json.Obj.EMPTY)));
    }

    @Test
    void ofAStatementThatCannotBeReadItIsSaidWhatHoldsOfItsDatabase() {
        written.database("db1", Map.of()).mapsSql("pg.q", "db1").role("analyst", written.permission("db1", "query"));
        String said = nearest("analyst", SQL);
        assertTrue(
                said.startsWith(
                        "analyst: no rule was compared with a statement that cannot be read; of query on `db1`: "),
                said);
        assertTrue(said.endsWith("the policy would have allowed it by this rule"), said);
        assertEquals("sql_refused", recorded.getLast().denial().orElseThrow().code());
    }

    @Test
    void ofAStatementThatWasNotReadItIsSaidWhatHoldsOfItsDatabase() {
        written.database("db1", Map.of()).mapsSql("pg.q", "db1").role("analyst", written.permission("db1", "query"));
        String said = nearest("nobody", SQL);
        assertTrue(
                said.startsWith(
                        "analyst: no rule was compared with what the arguments say, which was not read; of query"
                                + " on `db1`: "),
                said);
        assertTrue(said.endsWith("the agent does not have the role `analyst`"), said);
        assertEquals("no_rule_allows", recorded.getLast().denial().orElseThrow().code());
    }

    /** R10's sister: what a policy wants little recorded of is not recorded in full because the call was refused early. */
    @Test
    void whatIsRefusedEarlyIsRecordedAsLittleAsWhatItCouldTouch() {
        written.database("db1", Map.of())
                .mapsSql("pg.q", "db1")
                .record(PolicySource.Kept.LESS, tool("pg.*"))
                .role("clerk", written.permission("tool:up.a", "execute"));
        denied("analyst", SQL);
        assertEquals(Recording.Detail.LESS, recorded.getLast().recording().detail());
        refuseArguments();
        denied("clerk", call("pg.other", args("ssn", "1")));
        assertEquals(Recording.Detail.LESS, recorded.getLast().recording().detail());
        good = false;
        denied("clerk", SQL);
        assertEquals(Recording.Detail.LESS, recorded.getLast().recording().detail());
        denied("clerk", call("up.a", args("x", "1")));
        assertEquals(Recording.USUAL, recorded.getLast().recording());
    }

    @Test
    void whatItTouchesMayDependOnArgumentsThatAreNotThere() {
        refuseArguments();
        written.maps("mail.send", "mail:{arguments.to}", "create");
        assertEquals(
                "no rule was compared: what it touches cannot be said from these arguments",
                nearest("x", call("mail.send", Json.Obj.EMPTY)));
    }

    @Test
    void ofAHeldToolThePolicyWasAskedAndItsRuleIsNamed() {
        Denial held = Denial.of("definition_held", ReasonClass.APPROVAL, "it is new");
        admissions = operation -> new Admission.Held(operation, held);
        written.role("clerk", written.permission("tool:up.a", "execute"));
        assertEquals(
                "clerk: the policy allows it; only this stands against it",
                nearest("clerk", call("up.a", Json.Obj.EMPTY)));
        assertEquals(
                "no_rule_allows", denied("clerk", call("up.b", Json.Obj.EMPTY)).code());
    }

    @Test
    void ofALimitTheRuleThatAllowedIsNamed() {
        Denial limit = Denial.of("too_many", ReasonClass.LIMIT, "too many at once");
        reservations = (action, facts) -> new Reservations.Reserved.Refused(limit);
        written.role("clerk", written.permission("tool:up.a", "execute"));
        assertEquals(
                "clerk: the policy allows it; only this stands against it",
                nearest("clerk", call("up.a", Json.Obj.EMPTY)));
    }

    @Test
    void anApprovalThatIsMissingNamesTheRuleThatWantsIt() {
        written.role("x", written.permission("tool:up.a", "execute"))
                .rule(Effect.REQUIRE_APPROVAL, tool("up.a"), "", false);
        assertEquals("r1: a person's approval is what is missing", nearest("x", call("up.a", Json.Obj.EMPTY)));
    }

    @Test
    void ofAnIdentityThatIsNoLongerGoodNothingIsAsked() {
        good = false;
        written.role("clerk", written.permission("tool:up.a", "execute"));
        assertTrue(nearest("clerk", call("up.a", Json.Obj.EMPTY)).startsWith("the policy was not asked: "));
    }

    @Test
    void askingThatFailsChangesNothing() {
        refuseArguments();
        written.role("clerk", written.permission("tool:up.a", "execute", "throws "));
        Denial denial = denied("clerk", call("up.a", Json.Obj.EMPTY));
        assertEquals("arguments_invalid", denial.code());
        assertTrue(denial.nearest().orElseThrow().missing().contains("could not be evaluated"), denial.toString());
    }

    @Test
    void whoIsDeniedIsToldNoneOfIt() {
        refuseArguments();
        written.role("clerk", written.permission("tool:up.a", "execute"));
        Denial denial = denied("clerk", call("up.a", Json.Obj.EMPTY));
        assertEquals(Optional.empty(), denial.tell());
        assertEquals("`x` is missing", denial.reason());
        assertInstanceOf(Rulebook.Reading.Touches.class, written.compiled().read(call("up.a", Json.Obj.EMPTY)));
    }
}
