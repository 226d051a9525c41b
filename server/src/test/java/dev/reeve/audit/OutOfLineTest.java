package dev.reeve.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Access;
import dev.reeve.action.Action;
import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.gate.Facts;
import dev.reeve.gate.Journal.Decision;
import dev.reeve.gate.Journal.Ruling;
import dev.reeve.gate.Recording;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.Json;
import dev.reeve.ledger.Entry;
import dev.reeve.ledger.LedgerReader;
import dev.reeve.ledger.LedgerSettings;
import dev.reeve.ledger.LedgerVerifier;
import dev.reeve.ledger.Progress;
import dev.reeve.ledger.Verification;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A record that is longer than an entry can be is recorded whole beside it, found and verified like any other, up to a limit. */
final class OutOfLineTest {
    private static final LedgerSettings SETTINGS = LedgerSettings.of("n1");

    @TempDir
    private Path home;

    private static Json.Obj counts(int agents) {
        Json.Builder counts = Json.object();
        for (int i = 0; i < agents; i++) {
            counts.put("agent-" + i, Json.object().put("denied by a rule", i).build());
        }
        return counts.build();
    }

    private Verification verify(AuditHouse house) {
        RecordCheck records = new RecordCheck();
        return LedgerVerifier.verify(house.folder, house.key.verifiers(), records, Progress.silent());
    }

    @Test
    void aLongRecordIsShownWholeAndVerified() throws Exception {
        Json.Obj counts = counts(20_000);
        try (AuditHouse house = new AuditHouse(home, SETTINGS)) {
            house.journal.summary("s_long", Instant.EPOCH, counts);
            house.done("a_short", "clerk");
            Happened long1 = house.reader().at(0).orElseThrow();
            assertEquals("summary", long1.record().kind());
            assertEquals(counts, long1.record().leaf().object("counts").orElseThrow());
            assertFalse(long1.record().leaf().has("out_of_line"));
            assertEquals(List.of(long1), house.reader().find("s_long"));
            assertTrue(long1.json().object("disclosed").orElseThrow().members().isEmpty());
        }
        try (AuditHouse house = new AuditHouse(home, SETTINGS)) {
            assertInstanceOf(Verification.Holds.class, verify(house));
            LedgerReader.read(house.folder, 0, (index, leaf, disclosures) -> {
                assertTrue(leaf.length <= Entry.MOST_LEAF_BYTES);
                assertTrue(new String(leaf, StandardCharsets.UTF_8).contains("\"out_of_line\":"));
                return false;
            });
        }
    }

    /** A statement over very many tables: its intent keeps its arguments' commitments, and pairs with its outcome. */
    @Test
    void aLongIntentPairsWithItsOutcome() throws Exception {
        try (AuditHouse house = new AuditHouse(home, SETTINGS)) {
            Action action = AuditHouse.action(
                    "a_wide", "clerk", Json.object().put("sql", "SELECT").build());
            Decision short1 = AuditHouse.decision(action, Ruling.ALLOW);
            List<Access> accesses = IntStream.range(0, 4_000)
                    .mapToObj(i -> new Access(List.of("table:t" + i), "read", Set.of("tag-" + i)))
                    .toList();
            Facts facts = new Facts(accesses, Set.of(), Set.of(), Instant.EPOCH, false);
            house.journal.decided(new Decision(
                    short1.attempt(),
                    action,
                    "v1",
                    Optional.of(facts),
                    List.of(),
                    Ruling.ALLOW,
                    Optional.empty(),
                    Recording.USUAL));
            house.journal.completed(AuditHouse.completion(action));
            Happened shown = house.reader().at(1).orElseThrow();
            assertEquals(0, shown.record().index());
            assertEquals(
                    4_000,
                    shown.record()
                            .leaf()
                            .object("facts")
                            .orElseThrow()
                            .array("accesses")
                            .orElseThrow()
                            .items()
                            .size());
            assertTrue(shown.record().disclosed().containsKey("arguments"));
            assertEquals(
                    1,
                    house.reader()
                            .last(5, EventFilter.of(EventQuery.of(Map.of(EventQuery.Part.AGENT, "clerk"))), 2)
                            .size());
            assertInstanceOf(Verification.Holds.class, verify(house));
        }
    }

    @Test
    void oneAlteredByteOfItIsFound() throws Exception {
        try (AuditHouse house = new AuditHouse(home, SETTINGS)) {
            house.journal.summary("s_long", Instant.EPOCH, counts(20_000));
        }
        Path wal = home.resolve("ledger/wal-0000000001");
        byte[] bytes = Files.readAllBytes(wal);
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("agent-15000");
        bytes[at] ^= 1;
        Files.write(wal, bytes);
        Verification.Broken broken = assertInstanceOf(
                Verification.Broken.class,
                LedgerVerifier.verify(
                        home.resolve("ledger"),
                        dev.reeve.ledger.SigningKeys.loadOrCreate(home.resolve("keys/ledger.key"))
                                .verifiers(),
                        dev.reeve.ledger.LeafCheck.none(),
                        Progress.silent()));
        assertEquals(0, broken.index());
    }

    @Test
    void whatIsTooLongEvenForThatIsRefusedWithTheLimit() throws Exception {
        try (AuditHouse house = new AuditHouse(home, SETTINGS)) {
            UnrecordableException refused = assertThrows(
                    UnrecordableException.class,
                    () -> house.journal.summary("s_longest", Instant.EPOCH, counts(200_000)));
            assertTrue(String.valueOf(refused.getMessage()).contains("over the limit of 41942"), refused.getMessage());
            house.done("a_after", "clerk");
            assertInstanceOf(Verification.Holds.class, verify(house));
        }
    }
}
