package dev.reeve.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.reeve.action.Action;
import dev.reeve.gate.Finding;
import dev.reeve.gate.Journal;
import dev.reeve.gate.Journal.Decision;
import dev.reeve.gate.Journal.Ruling;
import dev.reeve.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Denials fill the disk of whoever records them (R15). */
final class DenialQuotasTest {
    private final List<String> recorded = new ArrayList<>();
    private final List<String> counted = new ArrayList<>();
    private Instant now = Instant.parse("2026-11-24T10:00:00Z");
    private final DenialQuotas quotas = new DenialQuotas(new Recording(), () -> now, (agent, code) -> {
        counted.add(agent + " " + code);
        return "rv_summary";
    });

    private final class Recording implements Journal {
        @Override
        public String decided(Decision decision) {
            recorded.add(decision.action().principal().agent());
            return decision.action().id();
        }

        @Override
        public void completed(Completion completion) {
            recorded.add("completed");
        }
    }

    @Test
    void theTicketIsThatOfTheRecordThatHoldsIt() throws Exception {
        Action action = AuditHouse.action("rv_1", "noisy", Json.Obj.EMPTY);
        for (int i = 0; i < DenialQuotas.BURST; i++) {
            assertEquals("rv_1", quotas.decided(AuditHouse.decision(action, Ruling.DENY)));
        }
        assertEquals("rv_summary", quotas.decided(AuditHouse.decision(action, Ruling.DENY)));
        assertEquals("rv_1", quotas.decided(AuditHouse.decision(action, Ruling.ALLOW)));
    }

    private void decide(int times, String agent, Ruling ruling) throws Exception {
        Action action = AuditHouse.action("rv_1", agent, Json.Obj.EMPTY);
        for (int i = 0; i < times; i++) {
            quotas.decided(AuditHouse.decision(action, ruling));
        }
    }

    @Test
    void whatIsBeyondAnAgentsQuotaIsCountedWithItsCode() throws Exception {
        decide(DenialQuotas.BURST + 5, "noisy", Ruling.DENY);
        assertEquals(DenialQuotas.BURST, recorded.size());
        assertEquals(List.of("noisy no_rule"), counted.stream().distinct().toList());
        assertEquals(5, counted.size());
    }

    @Test
    void aNoisyAgentTakesNothingFromTheOthers() throws Exception {
        decide(DenialQuotas.BURST + 1, "noisy", Ruling.DENY);
        recorded.clear();
        decide(1, "quiet", Ruling.DENY);
        assertEquals(List.of("quiet"), recorded);
    }

    @Test
    void whatIsAllowedOrHeldIsAlwaysRecorded() throws Exception {
        decide(DenialQuotas.BURST, "noisy", Ruling.DENY);
        recorded.clear();
        decide(DenialQuotas.BURST + 7, "noisy", Ruling.ALLOW);
        decide(3, "noisy", Ruling.HOLD);
        quotas.completed(AuditHouse.completion(AuditHouse.action("rv_1", "noisy", Json.Obj.EMPTY)));
        assertEquals(DenialQuotas.BURST + 7 + 3 + 1, recorded.size());
        assertEquals(List.of(), counted);
    }

    /** A question that waits may be asked as often as an agent likes, and one that no person's yes settles too. */
    @Test
    void holdsThatSayNothingNewHaveTheQuotaOfDenials() throws Exception {
        Action action = AuditHouse.action("rv_9", "noisy", Json.Obj.EMPTY);
        Decision first = AuditHouse.decision(action, Ruling.HOLD);
        Decision repeated = AuditHouse.decision(
                action, Ruling.HOLD, List.of(), Optional.of(new Journal.Approval("rv_1", List.of())));
        Decision elsewhere = AuditHouse.decision(
                action,
                Ruling.HOLD,
                List.of(new Finding.Ask("definition", first.denial().orElseThrow(), List.of("operator"))),
                Optional.empty());
        for (int i = 0; i < DenialQuotas.BURST; i++) {
            assertEquals("rv_9", quotas.decided(i % 2 == 0 ? repeated : elsewhere));
        }
        assertEquals("rv_summary", quotas.decided(repeated));
        assertEquals("rv_summary", quotas.decided(elsewhere));
        assertEquals("rv_9", quotas.decided(first), "what is asked for the first time is always recorded");
    }

    @Test
    void whatRecordsHoldHasAQuotaToo() throws Exception {
        Json.Obj large = Json.object().put("body", "x".repeat(4 << 20)).build();
        Action action = AuditHouse.action("rv_1", "noisy", large);
        for (int i = 0; i < 8; i++) {
            quotas.decided(AuditHouse.decision(action, Ruling.DENY));
        }
        assertEquals("rv_summary", quotas.decided(AuditHouse.decision(action, Ruling.DENY)));
        assertEquals("rv_1", quotas.decided(AuditHouse.decision(action, Ruling.ALLOW)));
        decide(1, "noisy", Ruling.DENY);
        assertEquals(10, recorded.size(), "a small one has room");
        now = now.plus(DenialQuotas.REFILL_KIB.multipliedBy(4 << 10));
        assertEquals("rv_1", quotas.decided(AuditHouse.decision(action, Ruling.DENY)));
    }

    @Test
    void theQuotaComesBackWithTimeAndNotBeyondItsSize() throws Exception {
        decide(DenialQuotas.BURST, "noisy", Ruling.DENY);
        now = now.plus(DenialQuotas.REFILL.multipliedBy(2)).plusMillis(500);
        recorded.clear();
        decide(5, "noisy", Ruling.DENY);
        assertEquals(2, recorded.size());
        now = now.plusMillis(500);
        decide(1, "noisy", Ruling.DENY);
        assertEquals(3, recorded.size(), "the half was not lost");
        now = now.plusSeconds(1_000_000);
        recorded.clear();
        decide(DenialQuotas.BURST + 5, "noisy", Ruling.DENY);
        assertEquals(DenialQuotas.BURST, recorded.size());
    }

    @Test
    void aClockThatGoesBackRefillsNothing() throws Exception {
        decide(DenialQuotas.BURST, "noisy", Ruling.DENY);
        recorded.clear();
        now = now.minusSeconds(1_000);
        decide(1, "noisy", Ruling.DENY);
        assertEquals(List.of(), recorded);
    }
}
