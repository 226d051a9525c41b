package dev.reeve.policy;

import static dev.reeve.policy.Written.args;
import static dev.reeve.policy.Written.call;
import static dev.reeve.policy.Written.principal;
import static dev.reeve.policy.Written.tool;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.reeve.action.Attempt;
import dev.reeve.budget.Budgets;
import dev.reeve.budget.Per;
import dev.reeve.budget.Quantity;
import dev.reeve.gate.Admissions.Admission;
import dev.reeve.gate.Approvals;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Effect;
import dev.reeve.gate.Gate;
import dev.reeve.gate.GateClock;
import dev.reeve.gate.Journal;
import dev.reeve.gate.Judges;
import dev.reeve.gate.Permit;
import dev.reeve.gate.Release;
import dev.reeve.gate.Sessions;
import dev.reeve.gate.Stops;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.gate.Verdict;
import dev.reeve.gate.Voices;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Limits and stops, through the gate. */
final class LimitedGateTest {
    private static final Instant NOW = Instant.parse("2027-01-01T00:00:00Z");

    private final Written written = new Written().role("clerk", written("tool:up.*"));
    private final List<Journal.Decision> decided = new ArrayList<>();
    private final List<Journal.Completion> completed = new ArrayList<>();
    private boolean broken;
    private Stops stops = Stops.NONE;

    private static PolicySource.Permission written(String resource) {
        return new PolicySource.Permission(resource, List.of("execute"), List.of(), Written.HERE);
    }

    private final class Remembering implements Journal {
        @Override
        public String decided(Decision decision) {
            decided.add(decision);
            return decision.action().id();
        }

        @Override
        public void completed(Completion completion) throws UnrecordableException {
            if (broken) {
                throw new UnrecordableException("the disk is full");
            }
            completed.add(completion);
        }
    }

    private static final class NothingRead implements Sessions {
        @Override
        public Set<String> read(Principal principal) {
            return Set.of();
        }

        @Override
        public void received(Principal principal, Set<String> tags) {}
    }

    private Gate gate() {
        CompiledPolicy policy = written.compiled();
        GateClock clock = () -> new GateClock.Reading(NOW, false);
        return new Gate(
                () -> policy,
                operation -> new Admission.Admitted(operation, Optional.empty()),
                (principal, epoch) -> true,
                new NothingRead(),
                new Budgets(policy::limits, clock.source()),
                new Remembering(),
                () -> "rv_1",
                clock,
                Duration.ofSeconds(1),
                List.of(),
                new Voices(
                        (principal, operation) -> stops.stopped(principal, operation), Approvals.NOBODY, Judges.NONE));
    }

    private static WrittenLimits.Entry limit(Quantity count, long max, long worst, PolicySource.Target of) {
        return new WrittenLimits.Entry(
                "some-" + count.word(),
                List.of(Per.AGENT),
                count,
                max,
                Optional.of(Duration.ofMinutes(1)),
                Optional.empty(),
                worst == 0 ? OptionalLong.empty() : OptionalLong.of(worst),
                Optional.empty(),
                Optional.of(of),
                "",
                false,
                Written.HERE);
    }

    private static Verdict ask(Gate gate, String tool) {
        return gate.decide(
                new Attempt(principal("clerk"), 0, call(tool, args("a", "b")), "s", "test", Optional.empty()));
    }

    private static Permit allowed(Gate gate, String tool) {
        Permit permit = assertInstanceOf(Verdict.Allow.class, ask(gate, tool)).permit();
        assertEquals(Optional.empty(), permit.use());
        return permit;
    }

    private static Denial denied(Gate gate, String tool) {
        return assertInstanceOf(Verdict.Deny.class, ask(gate, tool)).denial();
    }

    private static Effect rows(int count) {
        List<Json> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(Json.object().put("n", i).build());
        }
        return new Effect.Answered(
                Json.object()
                        .put("structuredContent", Json.object().put("rows", new Json.Arr(rows)))
                        .build(),
                false);
    }

    @Test
    void aLimitIsAboutWhatItNamesAndTheIntentSaysWhatWasTaken() {
        written.limit(limit(Quantity.CALLS, 1, 0, tool("up.a")));
        Gate gate = gate();
        allowed(gate, "up.a");
        assertEquals(1, decided.getLast().reserved().getFirst().amount());
        assertEquals("some-calls", decided.getLast().reserved().getFirst().limit());
        allowed(gate, "up.b");
        assertEquals(List.of(), decided.getLast().reserved());
        assertEquals("limit_reached", denied(gate, "up.a").code());
        assertEquals(List.of(), decided.getLast().reserved());
    }

    @Test
    void whatComesOverTheReservationIsWithheldAndTheOutcomeSaysWhatItCameTo() {
        written.limit(limit(Quantity.ROWS, 10, 0, tool("up.*")));
        Gate gate = gate();
        assertInstanceOf(Release.Result.class, gate.release(allowed(gate, "up.a"), rows(4), Duration.ZERO));
        assertEquals(4, completed.getLast().spent().getFirst().amount());
        Release.Withheld withheld =
                assertInstanceOf(Release.Withheld.class, gate.release(allowed(gate, "up.a"), rows(7), Duration.ZERO));
        assertEquals("limit_reached", withheld.denial().code());
        assertEquals(6, completed.getLast().spent().getFirst().amount());
    }

    @Test
    void whatCannotBeRecordedStaysAtWorst() {
        written.limit(limit(Quantity.ROWS, 10, 6, tool("up.*")));
        Gate gate = gate();
        broken = true;
        gate.release(allowed(gate, "up.a"), rows(1), Duration.ZERO);
        assertEquals("limit_reached", denied(gate, "up.a").code());
    }

    @Test
    void whatIsStoppedIsNeitherDecidedNorSentNorGoesOn() {
        Gate gate = gate();
        Permit running = allowed(gate, "up.a");
        Permit unsent = assertInstanceOf(Verdict.Allow.class, ask(gate, "up.a")).permit();
        Denial stopped = Denial.of("stopped_by_operator", Denial.ReasonClass.POLICY, "for the test");
        stops = (principal, operation) -> operation.subject().equals("up.a") ? Optional.of(stopped) : Optional.empty();
        assertEquals("stopped_by_operator", unsent.use().orElseThrow().code());
        assertEquals(
                "stopped_by_operator", gate.reconsider(running).orElseThrow().code());
        assertEquals("stopped_by_operator", denied(gate, "up.a").code());
        allowed(gate, "up.b");
    }
}
