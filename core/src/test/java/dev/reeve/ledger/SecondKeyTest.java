package dev.reeve.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.ledger.LedgerUnavailableException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger that was signed with Ed25519 alone gets the ML-DSA-44 key at its next start; from then on nothing counts without it. */
final class SecondKeyTest {
    private static final InstantSource CLOCK = InstantSource.fixed(java.time.Instant.parse("2026-11-24T10:00:00Z"));

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("ledger.key");
    }

    private SigningKeys load() throws IOException {
        return SigningKeys.loadOrCreate(file, "example.com/log");
    }

    /** A folder as it was left by a Reeve that knew one kind of key. */
    private SimulatedDisk older(long seed) throws Exception {
        for (String name : List.of("ledger-mldsa.key", "ledger-mldsa.key.next")) {
            Files.deleteIfExists(folder.resolve(name));
        }
        SimulatedDisk disk = new SimulatedDisk(new Random(seed));
        SigningKeys keys = load();
        OpenedFolder opened = OpenedFolder.open(disk, LedgerTest.SMALL, keys, CLOCK);
        opened.wal().reserveStep();
        while (!opened.wal().hasSpare()) {
            opened.wal().reserveStep();
        }
        opened.wal().write(List.of(ExportHouse.entry(0), ExportHouse.entry(1)), Wal.Room.NEXT_FILE, 1000);
        opened.integrator().advance(opened.wal().end());
        signAgain(disk, keys.signers().subList(0, 1));
        Files.delete(folder.resolve("ledger-mldsa.key"));
        return disk;
    }

    private static void signAgain(Disk disk, List<SigningKey> by) throws IOException {
        CheckpointFile store = new CheckpointFile(disk.open(CheckpointFile.NAME));
        String root = store.notes().getFirst().lines().toList().get(2);
        Checkpoint signed = Checkpoint.sign(2, root, by, 1);
        store.store(signed);
        store.store(signed);
    }

    private static Verification verify(Disk disk, SigningKeys keys) {
        return LedgerVerifier.verify(disk, keys.verifiers(), LeafCheck.none(), Progress.silent());
    }

    @Test
    void theNextStartSignsWithBoth() throws Exception {
        SimulatedDisk disk = older(1);
        SigningKeys keys = load();
        assertTrue(keys.joining().isPresent());
        assertInstanceOf(Verification.Broken.class, verify(disk, keys));
        OpenedFolder.open(disk, LedgerTest.SMALL, keys, CLOCK);
        assertEquals(Optional.empty(), keys.joining());
        assertInstanceOf(Verification.Holds.class, verify(disk, keys));
        assertFalse(Files.exists(folder.resolve("ledger-mldsa.key.next")));
        assertEquals(keys.verifiers(), load().verifiers());
    }

    @Test
    void aCrashAtAnyStepLeavesSomethingThatTheNextStartFinishes() throws Exception {
        boolean died = true;
        for (int step = 1; died; step++) {
            SimulatedDisk disk = older(step);
            SigningKeys before = load();
            disk.dieIn(step);
            died = dies(disk, before);
            disk.crash();
            SigningKeys keys = load();
            OpenedFolder.open(disk, LedgerTest.SMALL, keys, CLOCK);
            assertInstanceOf(Verification.Holds.class, verify(disk, keys), "step " + step);
            assertEquals(before.verifiers(), keys.verifiers());
        }
    }

    private static boolean dies(Disk disk, SigningKeys keys) throws IOException, LedgerUnavailableException {
        try {
            OpenedFolder.open(disk, LedgerTest.SMALL, keys, CLOCK);
            return false;
        } catch (SimulatedDisk.Died e) {
            return true;
        }
    }

    /** Two installations with one folder of keys: each ledger gets the second key at its own start. */
    @Test
    void ledgersThatShareTheirKeysGetItOneByOne() throws Exception {
        SimulatedDisk one = older(1);
        SimulatedDisk two = older(2);
        for (SimulatedDisk disk : List.of(one, two)) {
            SigningKeys keys = load().sharedIf(true);
            OpenedFolder.open(disk, LedgerTest.SMALL, keys, CLOCK);
            assertInstanceOf(Verification.Holds.class, verify(disk, keys));
        }
        assertTrue(Files.exists(folder.resolve("ledger-mldsa.key.next")));
    }

    /** Who can forge Ed25519 must not get it signed with the other key by taking that key's lines away. */
    @Test
    void onceItHasSignedNothingCountsWithoutIt() throws Exception {
        SimulatedDisk disk = older(1);
        OpenedFolder.open(disk, LedgerTest.SMALL, load(), CLOCK);
        SigningKeys keys = load();
        signAgain(disk, keys.signers().subList(0, 1));
        LedgerUnavailableException refused = assertThrows(
                LedgerUnavailableException.class, () -> OpenedFolder.open(disk, LedgerTest.SMALL, keys, CLOCK));
        assertEquals(Reason.FOREIGN, refused.reason());
    }
}
