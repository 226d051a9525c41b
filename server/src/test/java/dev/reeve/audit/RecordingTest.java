package dev.reeve.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Action;
import dev.reeve.action.Operation;
import dev.reeve.action.Operation.Completion.Completed;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Effect;
import dev.reeve.gate.Finding;
import dev.reeve.gate.Journal.Completion;
import dev.reeve.gate.Journal.Decision;
import dev.reeve.gate.Journal.Ruling;
import dev.reeve.gate.Recording;
import dev.reeve.gate.Recording.Detail;
import dev.reeve.json.CanonicalDigest;
import dev.reeve.json.Json;
import dev.reeve.ledger.Entry;
import dev.reeve.ledger.LedgerReader;
import dev.reeve.record.Event.Stored;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code record:} keeps, and how far an outcome may ride behind its answer. */
final class RecordingTest {
    private static final Entry ENTRY = new Entry(new byte[] {1}, List.of());

    @TempDir
    private Path home;

    private static Json.Obj event(AuditHouse house) throws Exception {
        return house.reader()
                .last(1, EventFilter.ALL, house.reader().size())
                .getFirst()
                .json();
    }

    private Json.Obj recorded(Detail detail) throws Exception {
        Recording recording = new Recording(detail, false);
        try (AuditHouse house = new AuditHouse(home)) {
            Action action = AuditHouse.action(
                    "rv_1", "ana", Json.object().put("sql", "SELECT 1").build());
            Decision usual = AuditHouse.decision(action, Ruling.ALLOW);
            house.journal.decided(new Decision(
                    usual.attempt(),
                    action,
                    usual.policyVersion(),
                    usual.facts(),
                    usual.findings(),
                    usual.ruling(),
                    usual.denial(),
                    recording));
            house.journal.completed(AuditHouse.completion(action, recording));
            return event(house);
        }
    }

    private static boolean keepsResult(Json.Obj event) {
        return event.object("reeve")
                .orElseThrow()
                .object("outcome_disclosed")
                .orElseThrow()
                .get("result")
                .isPresent();
    }

    @Test
    void usuallyArgumentsAreKeptAndResultsAreNot() throws Exception {
        Json.Obj event = recorded(Detail.USUAL);
        assertEquals(
                "SELECT 1",
                event.object("arguments").orElseThrow().string("sql").orElseThrow());
        assertFalse(keepsResult(event));
    }

    @Test
    void lessKeepsNoArguments() throws Exception {
        Json.Obj event = recorded(Detail.LESS);
        assertEquals(Optional.of(Json.Null.NULL), event.get("arguments"));
        assertEquals(
                Optional.of("not recorded"), event.object("reeve").orElseThrow().string("arguments"));
        assertFalse(event.toString().contains("SELECT 1"), event.toString());
        assertTrue(event.toString().contains("digest"));
    }

    /** Refused before it was known what it touches: why may quote what the policy wants nobody to keep. */
    @Test
    void lessKeepsNoReasonsThatMayQuoteWhereNothingElseIsKnown() throws Exception {
        for (Detail detail : List.of(Detail.LESS, Detail.USUAL)) {
            try (AuditHouse house = new AuditHouse(home.resolve(detail.name()))) {
                Action action = AuditHouse.action("rv_1", "ana", Json.Obj.EMPTY)
                        .with(new Operation.ResourceRead("files", "file:///SELCT ssn"), Optional.empty());
                Decision usual = AuditHouse.decision(action, Ruling.DENY);
                Denial quoting = Denial.of("sql_refused", Denial.ReasonClass.ARGUMENTS, "cannot read `SELCT ssn`");
                house.journal.decided(new Decision(
                        usual.attempt(),
                        action,
                        usual.policyVersion(),
                        Optional.empty(),
                        List.of(new Finding.Stop("catalogue", quoting)),
                        Ruling.DENY,
                        Optional.of(quoting),
                        new Recording(detail, false)));
                String event = event(house).toString();
                assertEquals(detail == Detail.USUAL, event.contains("SELCT ssn"), event);
                assertTrue(event.contains("sql_refused"), event);
            }
        }
    }

    /** What may name somebody stands in no leaf, which nothing is ever taken out of. */
    @Test
    void whatIsReadStandsInNoLeafAndCanBeErased() throws Exception {
        String name = "ana-meier";
        String uri = "file:///patients/" + name;
        Map<Operation, String> clear = Map.of(
                new Operation.ResourceRead("files", uri), "file:*",
                new Operation.Subscription("files", uri, true), "file:*",
                new Operation.DirectoryRead("files", uri), "file:*",
                new Operation.SkillGet("files", "skill://" + name + "/SKILL.md"), "skill:*",
                new Operation.ResourceRead("files", name + "@example.com"), "*",
                new Operation.ResourceRead("files", name + "@example.com:1"), "*",
                new Operation.Completion("files", Completed.RESOURCE_TEMPLATE, uri + "/{page}", Json.Obj.EMPTY),
                        "file:*",
                new Operation.AccessEvaluation("point", "record:" + name, "read", Json.Obj.EMPTY, true), "record:*");
        int home1 = 0;
        for (Map.Entry<Operation, String> one : clear.entrySet()) {
            Operation operation = one.getKey();
            try (AuditHouse house = new AuditHouse(home.resolve("h" + home1++))) {
                Action action = AuditHouse.action("rv_1", "ana", Json.Obj.EMPTY).with(operation, Optional.empty());
                house.journal.decided(AuditHouse.decision(action, Ruling.DENY));
                LedgerReader.read(house.folder, 0, (index, leaf, disclosures) -> {
                    String text = new String(leaf, StandardCharsets.UTF_8);
                    assertFalse(text.contains(name), text);
                    assertTrue(text.contains("\"subject\":\"" + one.getValue() + "\""), text);
                    Stored whole = AuditReader.stored(index, leaf, disclosures);
                    assertEquals(operation.subject(), whole.subject());
                    assertTrue(whole.isSubjectWhole());
                    Stored erased = AuditReader.stored(index, leaf, List.of());
                    assertEquals(one.getValue(), erased.subject());
                    assertFalse(erased.isSubjectWhole());
                    return true;
                });
                assertTrue(event(house).toString().contains(operation.subject()));
            }
        }
    }

    @Test
    void fullKeepsTheResult() throws Exception {
        assertTrue(keepsResult(recorded(Detail.FULL)));
    }

    /** Whoever may read the record has the digest too: few values could be tried against a plain one, redacted as they may be. */
    @Test
    void nobodyCanTryValuesAgainstTheDigestOfAResult() throws Exception {
        try (AuditHouse house = new AuditHouse(home)) {
            Action action = house.decide("rv_1", "ana", Ruling.ALLOW);
            Completion completion = AuditHouse.completion(action, Recording.USUAL);
            house.journal.completed(completion);
            String plain = CanonicalDigest.of(((Effect.Answered) completion.effect()).result());
            String event = event(house).toString();
            assertFalse(event.contains(plain), event);
            assertTrue(event.contains("\"result_digest\":\"" + AuditHouse.keyed(plain) + "\""), event);
        }
    }

    @Test
    void anOutcomeThatRidesBehindIsInTheRecordAllTheSame() throws Exception {
        try (AuditHouse house = new AuditHouse(home)) {
            for (int i = 0; i < 200; i++) {
                Action action = house.decide("rv_" + i, "ana", Ruling.ALLOW);
                house.journal.completed(AuditHouse.completion(action, new Recording(Detail.USUAL, true)));
            }
        }
        AuditReader reader = new AuditReader(home.resolve("ledger"));
        List<AuditReader.Happened> all = reader.last(1000, EventFilter.ALL, reader.size());
        assertEquals(200, all.size());
        for (AuditReader.Happened happened : all) {
            assertTrue(happened.json().toString().contains("\"status\":\"success\""), happened.toString());
        }
    }

    @Test
    void noneBeginsWhileOneIsUnderWayForLongerThanFiveMilliseconds() {
        AtomicLong now = new AtomicLong();
        CompletableFuture<Long> disk = new CompletableFuture<>();
        List<String> incidents = new ArrayList<>();
        List<String> durable = new ArrayList<>();
        RidingOutcomes riding = new RidingOutcomes(entry -> disk, now::get, incidents::add);
        assertTrue(riding.mayBegin());
        riding.begin("rv_1", ENTRY, () -> durable.add("rv_1"));
        now.set(RidingOutcomes.MOST_NANOS - 1);
        assertTrue(riding.mayBegin());
        now.set(RidingOutcomes.MOST_NANOS);
        assertFalse(riding.mayBegin());
        disk.complete(7L);
        assertTrue(riding.mayBegin());
        assertEquals(List.of("rv_1"), durable);
        assertEquals(List.of(), incidents);
    }

    @Test
    void oneThatWasToldAndCannotBeRecordedIsAnIncidentAndStaysOpen() {
        List<String> incidents = new ArrayList<>();
        List<String> durable = new ArrayList<>();
        RidingOutcomes riding = new RidingOutcomes(
                entry -> CompletableFuture.failedFuture(new IllegalStateException("full")), () -> 0, incidents::add);
        riding.begin("rv_1", ENTRY, () -> durable.add("rv_1"));
        assertEquals(List.of(), durable);
        assertTrue(incidents.getFirst().contains("rv_1"), incidents.toString());
    }
}
