package dev.reeve.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real log, tree and recovery on a disk that crashes, tears and fails, driven by one seed and one thread. What was acknowledged is
 * there, in its place, after every crash; and the verifier holds.
 */
final class LedgerSimulationTest {
    private static final int SEEDS = Integer.getInteger("reeve.ledger.seeds", 60);
    private static final LedgerSettings TINY = new LedgerSettings(
            "node-1", 12 << 10, 2 << 10, 64 << 10, 2 << 10, Duration.ofSeconds(5), Duration.ofSeconds(1));

    @TempDir
    private Path folder;

    @Test
    void nothingAcknowledgedIsLostAndEveryCrashVerifies() throws Exception {
        SigningKeys key = SigningKeys.loadOrCreate(folder.resolve("key"), "example.com/log");
        for (long seed = 0; seed < SEEDS; seed++) {
            try {
                new Life(seed, key).live();
            } catch (Throwable e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private static final class Life {
        private final Random random;
        private final SimulatedDisk disk;
        private final SigningKeys key;
        private final List<String> acknowledged = new ArrayList<>();
        private int appended;

        Life(long seed, SigningKeys key) {
            this.random = new Random(seed);
            this.disk = new SimulatedDisk(random);
            this.key = key;
        }

        void live() throws Exception {
            for (int round = 0; round < 8; round++) {
                plan();
                try {
                    work();
                } catch (SimulatedDisk.Died | IOException e) {
                    // The process is gone, or must be started again.
                }
                disk.crash();
                check();
            }
        }

        private void plan() {
            if (random.nextInt(4) > 0) {
                disk.dieIn(1 + random.nextInt(120));
            }
            if (random.nextInt(3) == 0) {
                disk.failIn(1 + random.nextInt(120), random.nextBoolean() ? "No space left on device" : "I/O error");
            }
        }

        private void work() throws IOException, LedgerUnavailableException {
            OpenedFolder opened = OpenedFolder.open(disk, TINY, key, InstantSource.system());
            for (int i = 0; i < 60; i++) {
                if (random.nextInt(6) == 0) {
                    opened.integrator().advance(opened.wal().end());
                }
                while (opened.wal().wantsSpace()) {
                    opened.wal().reserveStep();
                }
                group(opened.wal());
            }
        }

        private void group(Wal wal) throws IOException {
            List<Entry> group = new ArrayList<>();
            List<String> texts = new ArrayList<>();
            for (int i = 0; i <= random.nextInt(4); i++) {
                String text = "entry " + appended++ + "x".repeat(random.nextInt(200));
                Disclosure hidden = new Disclosure(new byte[16], "n", "\"hidden\"".getBytes(StandardCharsets.UTF_8));
                Json.Obj body = Json.object()
                        .put(
                                "hidden",
                                Json.object().put("n", Commitment.of(hidden)).build())
                        .put("text", text)
                        .build();
                texts.add(text);
                group.add(Entry.stamped("node-1", body, List.of(hidden)));
            }
            Wal.Room room = wal.room(2 << 10, false);
            while (room == Wal.Room.NONE) {
                wal.reserveStep();
                room = wal.room(2 << 10, false);
            }
            long index = wal.end().index();
            wal.write(group, room, 1000);
            while (acknowledged.size() > index) {
                acknowledged.removeLast();
            }
            acknowledged.addAll(texts);
        }

        /** Any record can be proven from what a crash left, and the proof is of that record and no other. */
        private void prove(List<String> found) throws Exception {
            if (found.isEmpty()) {
                return;
            }
            int index = random.nextInt(found.size());
            byte[] proof = LogProofs.of(disk, index, key.verifiers()).text().getBytes(StandardCharsets.UTF_8);
            byte[] entry = found.get(index).getBytes(StandardCharsets.UTF_8);
            byte[] other = (found.get(index) + " ").getBytes(StandardCharsets.UTF_8);
            assertInstanceOf(LogProof.Verdict.Holds.class, LogProof.check(proof, key.verifiers(), Optional.of(entry)));
            assertInstanceOf(
                    LogProof.Verdict.Refused.class, LogProof.check(proof, key.verifiers(), Optional.of(other)));
        }

        /** Entries that were written and not acknowledged may be there too, behind. */
        private void check() throws Exception {
            if (disk.names().contains(Manifest.NAME)) {
                OpenedFolder opened = OpenedFolder.open(disk, TINY, key, InstantSource.system());
                List<String> found = new ArrayList<>();
                LedgerReader.read(disk, 0, opened.wal().end().index(), (index, leaf, disclosures) -> {
                    assertEquals(1, disclosures.size());
                    assertTrue(new String(leaf, StandardCharsets.UTF_8).startsWith("{\"counter\":" + index + ","));
                    return found.add(new String(leaf, StandardCharsets.UTF_8));
                });
                assertTrue(found.size() >= acknowledged.size(), found.size() + " of " + acknowledged.size());
                for (int i = 0; i < acknowledged.size(); i++) {
                    assertTrue(found.get(i).contains("\"" + acknowledged.get(i) + "\""), "entry " + i);
                }
                while (acknowledged.size() < found.size()) {
                    String leaf = found.get(acknowledged.size());
                    int from = leaf.indexOf("\"text\":\"") + 8;
                    acknowledged.add(leaf.substring(from, leaf.indexOf('"', from)));
                }
                opened.integrator().advance(opened.wal().end());
                Verification verified =
                        LedgerVerifier.verify(disk, key.verifiers(), LeafCheck.none(), Progress.silent());
                assertEquals(
                        new Verification.Holds(
                                found.size(),
                                opened.integrator().latest().root(),
                                found.size(),
                                key.verifiers().signatures(),
                                List.of(LedgerVerifier.UNWITNESSED)),
                        verified);
                prove(found);
            } else {
                assertEquals(List.of(), acknowledged);
            }
        }
    }
}
