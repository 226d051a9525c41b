package dev.reeve.policy;

import static dev.reeve.policy.Written.args;
import static dev.reeve.policy.Written.call;
import static dev.reeve.policy.Written.principal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.reeve.action.Attempt;
import dev.reeve.action.Operation;
import dev.reeve.gate.Admissions.Admission;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Gate;
import dev.reeve.gate.GateClock;
import dev.reeve.gate.Permit;
import dev.reeve.gate.Reservations;
import dev.reeve.gate.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a text within the arguments is given to a parser, which costs more than all else that is decided (R8). */
final class ReadingsTest {
    private static final Operation SQL = call("pg.q", args("sql", "t id"));

    private final Written written = new Written();
    private CompiledPolicy policy = written.compiled();

    @BeforeEach
    void policy() {
        written.database("db1", Map.of()).mapsSql("pg.q", "db1").role("analyst", written.permission("db1", "query"));
        policy = written.compiled();
    }

    private final Remembering remembering = new Remembering();
    private final Gate gate = new Gate(
            () -> policy,
            operation -> new Admission.Admitted(operation, Optional.empty()),
            (principal, epoch) -> true,
            remembering,
            (action, facts) -> new Reservations.Reserved.Taken(effect -> {}),
            remembering,
            () -> "rv_1",
            () -> new GateClock.Reading(Instant.EPOCH, false),
            Duration.ofSeconds(1));

    private Verdict decide(String role) {
        return gate.decide(new Attempt(principal(role), 0, SQL, "s", "test", Optional.empty()));
    }

    @Test
    void nothingIsParsedForWhomNothingAllowsTheTool() {
        Denial denial = assertInstanceOf(Verdict.Deny.class, decide("clerk")).denial();
        assertEquals("no_rule_allows", denial.code());
        assertEquals(0, written.sql.asked);
        assertInstanceOf(Verdict.Allow.class, decide("analyst"));
        assertEquals(1, written.sql.asked);
    }

    @Test
    void whatRunsIsParsedAgainOnlyUnderAnotherPolicy() {
        Permit permit = assertInstanceOf(Verdict.Allow.class, decide("analyst")).permit();
        for (int second = 0; second < 10; second++) {
            assertEquals(Optional.empty(), gate.reconsider(permit));
        }
        assertEquals(1, written.sql.asked);
        policy = written.compiled();
        for (int second = 0; second < 10; second++) {
            assertEquals(Optional.empty(), gate.reconsider(permit));
        }
        assertEquals(2, written.sql.asked);
        written.rule(PolicySource.Effect.DENY, Written.tool("pg.q"), "", false);
        policy = written.compiled();
        assertEquals("denied_by_rule", gate.reconsider(permit).orElseThrow().code());
    }
}
