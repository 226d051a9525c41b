package dev.reeve.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cosignatures, what counts as a quorum, and how the newest checkpoint that has one is kept. */
final class CosignatureTest {
    private static final Instant WHEN = Instant.parse("2026-11-24T10:00:00Z");

    @TempDir
    private Path folder;

    private ExportHouse house;
    private CosigningKey one;
    private CosigningKey two;

    @BeforeEach
    void open() throws IOException {
        house = new ExportHouse(folder);
        one = CosigningKey.loadOrCreate(folder.resolve("keys/one"), "witness.example.com/one");
        two = CosigningKey.loadOrCreate(folder.resolve("keys/two"), "witness.example.com/two");
    }

    private Checkpoint checkpoint(int entries) throws Exception {
        house.append(0, entries);
        try (Ledger ledger = ledger()) {
            return ledger.checkpoint();
        }
    }

    private Ledger ledger() throws LedgerUnavailableException {
        return Ledger.open(house.ledger, LedgerTest.SMALL, house.key, InstantSource.fixed(WHEN));
    }

    private static String line(CosigningKey key, Checkpoint checkpoint) {
        return key.cosign(checkpoint, WHEN).strip();
    }

    @Test
    void aCosignatureSaysWhenAndIsOfThisKeyAndCheckpointOnly() throws Exception {
        Checkpoint checkpoint = checkpoint(3);
        String line = line(one, checkpoint);
        assertEquals(Optional.of(WHEN), one.verifier().signedAt(checkpoint, line));
        assertEquals(Optional.empty(), two.verifier().signedAt(checkpoint, line));
        Checkpoint other = new Checkpoint(
                checkpoint.origin(),
                checkpoint.size(),
                checkpoint.root(),
                checkpoint.note().replace("\n3\n", "\n4\n"));
        assertEquals(Optional.empty(), one.verifier().signedAt(other, line));
        // The vkey is all that anybody needs to know.
        CosignerKey parsed = CosignerKey.parse(one.verifier().toString());
        assertEquals(Optional.of(WHEN), parsed.signedAt(checkpoint, line));
        assertTrue(parsed.isSameKey(one.verifier()));
    }

    @Test
    void noByteOfACosignatureCanBeAnother() throws Exception {
        Checkpoint checkpoint = checkpoint(3);
        String line = line(one, checkpoint);
        for (int i = 0; i < line.length(); i++) {
            for (char c : new char[] {'A', '+', ' ', '=', 'z'}) {
                if (line.charAt(i) != c) {
                    String altered = line.substring(0, i) + c + line.substring(i + 1);
                    assertEquals(Optional.empty(), one.verifier().signedAt(checkpoint, altered), altered);
                }
            }
        }
    }

    @Test
    void aLogsOwnSignatureIsNoCosignatureAndTheOtherWayRound() throws Exception {
        Checkpoint checkpoint = checkpoint(3);
        SigningKey own = SigningKeys.one(folder.resolve("keys/one"), "x", new SecureRandom());
        Checkpoint signed = Checkpoint.sign(3, checkpoint.root(), List.of(own), 0);
        String line = signed.signatureLines().getFirst();
        assertEquals(Optional.empty(), one.verifier().signedAt(signed, line));
        Checkpoint cosigned =
                new Checkpoint("x", 3, checkpoint.root(), signed.text() + "\n" + line(one, signed) + "\n");
        assertEquals(Optional.empty(), Checkpoint.open(cosigned.note(), own.verifier()));
        String said = String.valueOf(assertThrows(
                        IllegalArgumentException.class,
                        () -> CosignerKey.parse(own.verifier().toString()))
                .getMessage());
        assertTrue(said.contains("a log's own"), said);
        assertThrows(
                IllegalArgumentException.class,
                () -> VerifierKey.parse(one.verifier().toString()));
    }

    @Test
    void aQuorumIsOfDifferentKeys() throws Exception {
        Checkpoint bare = checkpoint(3);
        Quorum both = new Quorum(List.of(one.verifier(), two.verifier()), 2);
        String first = one.cosign(bare, WHEN);
        assertFalse(both.isReached(bare));
        assertFalse(both.isReached(bare.with(List.of(first))));
        assertFalse(both.isReached(bare.with(List.of(first, one.cosign(bare, WHEN.plusSeconds(1))))));
        Checkpoint cosigned = bare.with(List.of(first, two.cosign(bare, WHEN)));
        assertTrue(both.isReached(cosigned));
        assertEquals(Optional.of(cosigned), Checkpoint.open(cosigned.note(), house.vkey()));
        assertTrue(new Quorum(List.of(one.verifier(), two.verifier()), 1).isReached(bare.with(List.of(first))));
        CosigningKey sameUnderAnotherName =
                CosigningKey.loadOrCreate(folder.resolve("keys/one"), "witness.example.com/one");
        assertThrows(
                IllegalArgumentException.class,
                () -> new Quorum(List.of(one.verifier(), sameUnderAnotherName.verifier()), 2));
        assertThrows(IllegalArgumentException.class, () -> new Quorum(List.of(one.verifier()), 2));
        assertThrows(IllegalArgumentException.class, () -> new Quorum(List.of(one.verifier()), 0));
        assertThrows(IllegalArgumentException.class, () -> new Quorum(List.of(), 0));
    }

    @Test
    void theKeyOfAWitnessKeepsItsName() {
        assertThrows(IOException.class, () -> CosigningKey.loadOrCreate(folder.resolve("keys/one"), "another"));
        assertEquals("***", one.toString());
    }

    @Test
    void whatIsSentToAWitnessIsReadAsItWasWritten() throws Exception {
        checkpoint(300);
        try (Ledger ledger = ledger()) {
            Checkpoint now = ledger.checkpoint();
            AddCheckpoint sent = new AddCheckpoint(7, ledger.consistency(7, now), now.note());
            AddCheckpoint read = AddCheckpoint.parse(sent.body()).orElseThrow();
            assertEquals(7, read.oldSize());
            assertEquals(300, read.newSize());
            assertEquals(ExportHouse.ORIGIN, read.origin());
            String text = new String(sent.body(), StandardCharsets.UTF_8);
            for (String wrong : List.of(
                    "",
                    "\n",
                    "old\n\n",
                    text.substring(4),
                    text.replace("old 7", "old 07"),
                    text.replace("old 7", "old -7"),
                    text.replace("old 7", "old 7 "),
                    text.replace("old 7", "old 9999999999999999999"),
                    text.replace("old 7\n", "old 7\nAAAA\n"),
                    text.replace("\n300\n", "\n0300\n"),
                    text.replace("\n300\n", "\n300\u0001\n"),
                    text.replace("old 7\n", "old 7\n" + (now.root() + "\n").repeat(64)),
                    text.substring(0, text.length() - 1),
                    text.replace("\n\n", "\n"))) {
                assertEquals(Optional.empty(), AddCheckpoint.parse(wrong.getBytes(StandardCharsets.UTF_8)), wrong);
            }
            assertEquals(Optional.empty(), AddCheckpoint.parse(new byte[] {(byte) 0xff, '\n', '\n'}));
            assertEquals(
                    Optional.empty(),
                    AddCheckpoint.parse(
                            ("old 7\n\n" + "x".repeat(AddCheckpoint.MOST_BYTES)).getBytes(StandardCharsets.UTF_8)));
        }
    }

    @Test
    void whatWasCosignedIsThereAfterARestartAndIsNeverTakenBack() throws Exception {
        Checkpoint earlier = checkpoint(5);
        house.append(5, 9);
        Checkpoint cosigned;
        try (Ledger ledger = ledger()) {
            assertEquals(Optional.empty(), ledger.cosigned());
            cosigned = ledger.checkpoint().with(List.of(one.cosign(ledger.checkpoint(), WHEN)));
            ledger.storeCosigned(cosigned);
            ledger.storeCosigned(earlier.with(List.of(one.cosign(earlier, WHEN))));
            assertEquals(Optional.of(cosigned), ledger.cosigned());
        }
        house.append(9, 12);
        try (Ledger ledger = ledger()) {
            assertEquals(Optional.of(cosigned), ledger.cosigned());
            assertEquals(12, ledger.checkpoint().size());
        }
    }

    /** An older copy of everything but what witnesses have seen is found at the start. */
    @Test
    void aLedgerThatDoesNotHoldWhatWasCosignedStaysShut() throws Exception {
        checkpoint(5);
        ExportHouse.copy(house.ledger, folder.resolve("older"));
        house.append(5, 9);
        try (Ledger ledger = ledger()) {
            ledger.storeCosigned(ledger.checkpoint().with(List.of(one.cosign(ledger.checkpoint(), WHEN))));
        }
        Path seen = folder.resolve("seen");
        ExportHouse.replace(house.ledger.resolve("cosigned"), seen);
        ExportHouse.delete(house.ledger);
        ExportHouse.copy(folder.resolve("older"), house.ledger);
        ExportHouse.replace(seen, house.ledger.resolve("cosigned"));
        String said = String.valueOf(
                assertThrows(LedgerUnavailableException.class, this::ledger).getMessage());
        assertTrue(said.contains("witnesses have cosigned 9 entries"), said);
    }

    /** Power goes at each step of storing: one of both is there, whole. */
    @Test
    void aCrashWhileStoringLeavesTheOneBeforeOrTheNew() throws Exception {
        Checkpoint signed = checkpoint(5);
        Checkpoint first = signed.with(List.of(one.cosign(signed, WHEN)));
        Checkpoint second = first.with(List.of(two.cosign(signed, WHEN)));
        int died = 0;
        for (int seed = 0; seed < 300; seed++) {
            SimulatedDisk disk = new SimulatedDisk(new Random(seed));
            CosignedFile file = CosignedFile.open(disk, new HashLevels(disk), signed, Keyring.of(house.vkey()));
            boolean storedFirst = seed % 3 != 0;
            if (storedFirst) {
                file.store(first);
            }
            disk.dieIn(1 + seed % 5);
            try {
                file.store(second);
            } catch (SimulatedDisk.Died e) {
                died++;
            }
            disk.crash();
            Optional<Checkpoint> found = CosignedFile.newest(disk, Keyring.of(house.vkey()));
            assertTrue(
                    found.equals(Optional.of(second))
                            || found.equals(storedFirst ? Optional.of(first) : Optional.empty()),
                    "seed " + seed + ": " + found);
        }
        assertTrue(died > 50, died + " crashes");
    }
}
