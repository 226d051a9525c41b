package dev.reeve.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Action;
import dev.reeve.gate.Journal.Ruling;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.Json;
import dev.reeve.ledger.LedgerReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process that was killed between two records leaves, and what the next one makes of it (R3). */
final class RecoveryTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path home;

    private List<String> statuses(AuditHouse house) throws IOException {
        List<String> all = new ArrayList<>();
        house.reader().read(0, happened -> all.add(happened.record().id() + " " + EventText.status(happened)));
        return all;
    }

    private int recovered() throws Exception {
        try (AuditHouse house = new AuditHouse(home)) {
            return Recovery.run(house.ledger, house.journal, house.open);
        }
    }

    @Test
    void anIntentWithoutAnOutcomeIsToldOnceAndKeepsItsPlace() throws Exception {
        try (AuditHouse house = new AuditHouse(home)) {
            house.done("rv_done", "clerk");
            house.decide("rv_denied", "clerk", Ruling.DENY);
            house.decide("rv_cut", "clerk", Ruling.ALLOW);
            house.done("rv_after", "clerk");
        }
        assertEquals(1, recovered());
        assertEquals(0, recovered(), "told once");
        try (AuditHouse house = new AuditHouse(home)) {
            assertEquals(
                    List.of("rv_done success", "rv_denied denied", "rv_after success", "rv_cut outcome_unknown"),
                    statuses(house));
        }
    }

    @Test
    void aKillAfterEachRecordLeavesExactlyWhatIsNotFinished() throws Exception {
        for (int records = 0; records <= 4; records++) {
            Path each = home.resolve("after" + records);
            try (AuditHouse house = new AuditHouse(each)) {
                Action first = records > 0 ? house.decide("rv_1", "clerk", Ruling.ALLOW) : null;
                Action second = records > 1 ? house.decide("rv_2", "clerk", Ruling.ALLOW) : null;
                if (records > 2 && second != null) {
                    house.journal.completed(AuditHouse.completion(second));
                }
                if (records > 3 && first != null) {
                    house.journal.completed(AuditHouse.completion(first));
                }
                house.open.save(house.ledger.size());
            }
            int unfinished = List.of(0, 1, 2, 1, 0).get(records);
            try (AuditHouse house = new AuditHouse(each)) {
                assertEquals(unfinished, Recovery.run(house.ledger, house.journal, house.open), "records: " + records);
                assertEquals(
                        unfinished,
                        statuses(house).stream()
                                .filter(line -> line.endsWith("outcome_unknown"))
                                .count());
            }
        }
    }

    @Test
    void theMarkNeverHidesWhatIsOpen() throws Exception {
        try (AuditHouse house = new AuditHouse(home)) {
            house.decide("rv_cut", "clerk", Ruling.ALLOW);
            for (int i = 0; i < 20; i++) {
                house.done("rv_" + i, "clerk");
            }
            house.open.save(house.ledger.size());
            assertEquals(0, house.open.mark(), "it waits for the oldest");
        }
        assertEquals(1, recovered());
    }

    @Test
    void aMarkThatCannotBeRightIsNone() throws Exception {
        for (String mark : List.of("999999", "-7", "x", "", "99999999999999999999")) {
            Path each = home.resolve("mark" + mark.length() + mark.hashCode());
            try (AuditHouse house = new AuditHouse(each)) {
                house.decide("rv_cut", "clerk", Ruling.ALLOW);
            }
            Files.writeString(each.resolve("open-intents"), mark);
            try (AuditHouse house = new AuditHouse(each)) {
                assertEquals(1, Recovery.run(house.ledger, house.journal, house.open), mark);
            }
        }
    }

    @Test
    void whatWasRefusedIsNotCountedAsOpen() throws Exception {
        try (AuditHouse house = new AuditHouse(home)) {
            Action huge = AuditHouse.action(
                    "rv_huge",
                    "clerk",
                    Json.object().put("sql", "x".repeat(100_000)).build());
            UnrecordableException refused = assertThrows(
                    UnrecordableException.class, () -> house.journal.decided(AuditHouse.decision(huge, Ruling.ALLOW)));
            assertTrue(String.valueOf(refused.getMessage()).startsWith("entry_too_large"), refused.getMessage());
            assertEquals(0, house.open.count());
        }
        AuditHouse closed = new AuditHouse(home);
        closed.close();
        assertThrows(UnrecordableException.class, () -> closed.decide("rv_late", "clerk", Ruling.ALLOW));
        assertEquals(0, closed.open.count());
    }

    @Test
    void whatIsPersonalStandsBesideTheLeafAndEachRecordSaysWhoWroteIt() throws Exception {
        try (AuditHouse house = new AuditHouse(home)) {
            house.journal.decided(AuditHouse.decision(
                    AuditHouse.action(
                            "rv_1",
                            "clerk",
                            Json.object().put("to", "grete@example.com").build()),
                    Ruling.DENY));
            Set<String> names = new HashSet<>();
            LedgerReader.read(house.folder, 0, (index, leaf, disclosures) -> {
                String text = new String(leaf, java.nio.charset.StandardCharsets.UTF_8);
                assertFalse(text.contains("grete"), text);
                assertTrue(text.contains("\"node\":\"n1\"") && text.contains("\"counter\":0"), text);
                assertTrue(text.contains("\"v\":1"), text);
                disclosures.forEach(one -> names.add(one.name()));
                return true;
            });
            assertEquals(Set.of("arguments", "digest", "reasons"), names);
        }
    }
}
