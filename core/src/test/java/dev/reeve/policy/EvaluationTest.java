package dev.reeve.policy;

import static dev.reeve.policy.Written.decide;
import static dev.reeve.policy.Written.principal;
import static dev.reeve.policy.Written.resource;
import static dev.reeve.policy.Written.tool;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Attempt;
import dev.reeve.action.Operation;
import dev.reeve.gate.Admissions.Admission;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Finding;
import dev.reeve.gate.Gate;
import dev.reeve.gate.GateClock;
import dev.reeve.gate.Journal;
import dev.reeve.gate.Reservations;
import dev.reeve.gate.Rulebook.Reading;
import dev.reeve.gate.Sessions;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.gate.Verdict;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import dev.reeve.policy.PolicySource.Effect;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What enforcement points ask: read as strictly as what passes through here, and a verdict that is all there is. */
final class EvaluationTest {
    private static Operation.AccessEvaluation asks(String resource, String verb) {
        return new Operation.AccessEvaluation("point", resource, verb, Json.Obj.EMPTY, true);
    }

    private static boolean allowed(CompiledPolicy policy, Operation operation) {
        return decide(policy, principal("guest"), operation, Set.of()).stream()
                .noneMatch(found -> found instanceof Finding.Stop || found instanceof Finding.Ask);
    }

    @ParameterizedTest
    @CsvSource({
        "sales, sales",
        "thing:42, thing:42",
        "url:HTTPS://A.example:443, url:https://a.example/",
        "mail:ann@Example.com, mail:ann@example.com",
        "host:EXAMPLE.com, host:example.com",
        "db:crm, crm",
        "db:crm/T.Email, crm db:crm/t db:crm/t.email",
        "file:/a/b, file:/a/b",
    })
    void namesAreMadePlain(String asked, String names) {
        Reading reading = new Written().compiled().read(asks(asked, "read"));
        Reading.Touches touches = (Reading.Touches) reading;
        assertEquals(
                List.of(names.split(" ", -1)), touches.accesses().getFirst().names());
    }

    @ParameterizedTest
    @CsvSource({
        "url:https://a.example/../b",
        "url:https://a.example/%2e%2e/b",
        "url:ftp://a.example/",
        "file:/a/../b",
        "file:relative/..",
        "mail:a@b@c",
        "db:crm/t;drop",
        "db:crm/public.t.email",
        "URL:https://a.example/",
        "Db:crm",
        "thing:",
    })
    void whatCouldMeanSomethingElseIsRefused(String asked) {
        assertTrue(new Written().compiled().read(asks(asked, "read")) instanceof Reading.Unreadable, asked);
    }

    @Test
    void ofAWholeDatabaseEveryColumnsTagsCount() {
        CompiledPolicy policy =
                new Written().database("crm", Map.of("t.email", Set.of("pii"))).compiled();
        for (String whole : List.of("crm", "db:crm/t", "db:crm/t.email")) {
            assertEquals(Set.of("pii"), ((Reading.Touches) policy.read(asks(whole, "query"))).resultTags(), whole);
        }
        assertEquals(Set.of(), ((Reading.Touches) policy.read(asks("db:crm/u", "query"))).resultTags());
    }

    @Test
    void aRuleThatAllowsEveryToolAllowsNothingElse() {
        CompiledPolicy policy =
                new Written().rule(Effect.ALLOW, tool("*"), "", false).compiled();
        assertFalse(allowed(policy, asks("thing", "read")));
        CompiledPolicy denies = new Written()
                .rule(Effect.ALLOW, resource("**", ""), "", false)
                .rule(Effect.DENY, everyToolOfAgents(), "", false)
                .compiled();
        assertTrue(allowed(
                new Written().rule(Effect.ALLOW, resource("**", ""), "", false).compiled(), asks("a:b", "read")));
        assertFalse(allowed(denies, asks("a:b", "read")), "but one that denies every tool denies it");
    }

    private static PolicySource.Target everyToolOfAgents() {
        return new PolicySource.Target(
                Optional.of("*"),
                Optional.empty(),
                Optional.empty(),
                Optional.of("agent-*"),
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void aPermissionOnSomeRowsIsNoneWhereTheRowsAreNotSeen() {
        Written written = new Written();
        CompiledPolicy policy = written.catalogue("staff", Set.of())
                .rowCondition("own", "row.id == principal.agent")
                .role("guest", written.permission("staff", "read", "own"))
                .maps("up.find", "staff", "read")
                .compiled();
        Operation.ToolCall call = new Operation.ToolCall("up", "find", Json.Obj.EMPTY);
        assertTrue(allowed(policy, call));
        assertFalse(allowed(policy, new Operation.ToolEvaluation("point", call)));
        assertFalse(allowed(policy, asks("staff", "read")));
    }

    @Test
    void aToolIsAskedAboutAsItWouldBeCalled() {
        Written written = new Written();
        CompiledPolicy policy = written.role("guest", written.permission("mail:*@a.example", "create"))
                .maps("mail.send", "mail:{arguments.to}", "create")
                .compiled();
        Json.Obj inside = Json.object().put("to", "x@a.example").build();
        Json.Obj outside = Json.object().put("to", "x@b.example").build();
        assertTrue(allowed(policy, new Operation.ToolEvaluation("p", new Operation.ToolCall("mail", "send", inside))));
        assertFalse(
                allowed(policy, new Operation.ToolEvaluation("p", new Operation.ToolCall("mail", "send", outside))));
    }

    /** What the point sends itself is what was decided on, letter by letter. */
    @Test
    void sqlThatReevesRenderingWouldReplaceIsNotAllowed() {
        Written written = new Written();
        CompiledPolicy policy = written.database("crm", Map.of())
                .mapsSql("pg.q", "crm")
                .role("guest", written.permission("crm", "query"))
                .compiled();
        Operation.ToolCall other = new Operation.ToolCall("pg", "q", Written.args("sql", "read id"));
        Operation.ToolCall same = new Operation.ToolCall("pg", "q", Written.args("sql", "read id "));
        assertTrue(allowed(policy, other));
        assertFalse(allowed(policy, new Operation.ToolEvaluation("point", other)));
        assertTrue(allowed(policy, new Operation.ToolEvaluation("point", same)));
        Reading.Unreadable reading = (Reading.Unreadable) policy.read(new Operation.ToolEvaluation("point", other));
        assertEquals("obligation_unmet", reading.denial().code());
    }

    /** A gate with a memory, so that one sees what it does. */
    private static final class Watched implements Journal, Sessions {
        private final List<String> happened = new ArrayList<>();
        private final Set<String> received = new HashSet<>();
        private boolean full;
        private boolean good = true;

        Gate gate(CompiledPolicy policy) {
            return new Gate(
                    () -> policy,
                    operation -> new Admission.Admitted(operation, Optional.empty()),
                    (principal, epoch) -> good,
                    this,
                    (action, facts) -> {
                        happened.add("reserved");
                        return new Reservations.Reserved.Taken(effect -> happened.add("settled"));
                    },
                    this,
                    () -> "rv_1",
                    () -> new GateClock.Reading(Instant.EPOCH, false),
                    Duration.ofSeconds(1));
        }

        @Override
        public String decided(Decision decision) throws UnrecordableException {
            if (full) {
                throw new UnrecordableException("the disk is full");
            }
            happened.add(decision.ruling().name());
            return decision.action().id();
        }

        @Override
        public void completed(Completion completion) {
            happened.add("completed");
        }

        @Override
        public Set<String> read(Principal principal) {
            return received;
        }

        @Override
        public void received(Principal principal, Set<String> tags) {
            received.addAll(tags);
        }
    }

    private static Attempt attempt(Operation operation) {
        return new Attempt(principal("guest"), 0, operation, "s", "test", Optional.empty());
    }

    private static CompiledPolicy tagged() {
        Written written = new Written();
        return written.catalogue("staff", Set.of("pii"))
                .role("guest", written.permission("staff", "read"))
                .compiled();
    }

    @Test
    void aVerdictHasNoOutcomeAndWhatIsReadByItCounts() {
        Watched watched = new Watched();
        Verdict verdict = watched.gate(tagged()).judge(attempt(asks("staff", "read")));
        assertTrue(verdict instanceof Verdict.Allow);
        assertEquals(List.of("reserved", "ALLOW", "settled"), watched.happened);
        assertEquals(Set.of("pii"), watched.received);
        assertTrue(
                ((Verdict.Allow) verdict).permit().use().isPresent(), "its permit is used up: nobody here acts on it");
    }

    @Test
    void whatCannotBeRecordedIsDenied() {
        Watched watched = new Watched();
        watched.full = true;
        Verdict verdict = watched.gate(tagged()).judge(attempt(asks("staff", "read")));
        assertEquals("audit_unavailable", ((Verdict.Deny) verdict).denial().code());
        assertEquals(Set.of(), watched.received);
    }

    @Test
    void searchingRecordsAndReservesNothing() {
        Watched watched = new Watched();
        Gate gate = watched.gate(tagged());
        assertTrue(gate.wouldAllow(attempt(asks("staff", "read"))));
        assertFalse(gate.wouldAllow(attempt(asks("staff", "delete"))));
        watched.good = false;
        assertFalse(gate.wouldAllow(attempt(asks("staff", "read"))));
        assertEquals(List.of(), watched.happened);
        assertEquals(Set.of(), watched.received);
    }

    @Test
    void nothingThatWouldRunHereIsOnlyJudged() {
        Gate gate = new Watched().gate(tagged());
        Attempt call = attempt(new Operation.ToolCall("up", "find", Json.Obj.EMPTY));
        assertThrows(IllegalArgumentException.class, () -> gate.judge(call));
        assertThrows(IllegalArgumentException.class, () -> gate.wouldAllow(call));
    }

    @Test
    void whatASubjectMayNotSeeIsConcealed() {
        Written written = new Written();
        CompiledPolicy policy = written.catalogue("staff", Set.of())
                .role("guest", written.permission("other:*", "read"))
                .rule(Effect.DENY, resource("staff", ""), "", true)
                .compiled();
        Verdict verdict = new Watched().gate(policy).judge(attempt(asks("staff", "read")));
        Denial denial = ((Verdict.Deny) verdict).denial();
        assertTrue(denial.concealed());
    }
}
