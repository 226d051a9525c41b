package dev.reeve.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys that were followed by others verify what the others signed; nothing but a succession under their own signature does that. */
final class SuccessionTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-24T10:00:00Z"));
    private static final String ORIGIN = "example.com/log";

    @TempDir
    private Path folder;

    private Path ledger;
    private Path file;
    private int appended;

    @BeforeEach
    void name() {
        ledger = folder.resolve("ledger");
        file = folder.resolve("keys/ledger.key");
    }

    private SigningKeys load() throws IOException {
        return SigningKeys.loadOrCreate(file, ORIGIN);
    }

    static Entry entry(VerifierKeys before, VerifierKeys after) {
        return Entry.stamped(
                "node-1",
                Json.object()
                        .put("act", "ledger_keys")
                        .put("id", "c_1")
                        .put("kind", "control")
                        .put("new_keys", vkeys(after))
                        .put("old_keys", vkeys(before))
                        .put("person", "local:\"ana\\")
                        .put("subject", before.name())
                        .put("time", "2026-11-24T10:00:00Z")
                        .put("v", 1)
                        .build(),
                List.of());
    }

    private static Json.Arr vkeys(VerifierKeys keys) {
        return Json.Arr.ofStrings(keys.all().stream().map(VerifierKey::toString).toList());
    }

    /** Appends so many, and then changes the keys if told to. */
    private VerifierKeys run(int entries, boolean change) throws Exception {
        SigningKeys keys = load();
        try (Ledger opened = Ledger.open(ledger, LedgerTest.SMALL, keys, CLOCK)) {
            for (int i = 0; i < entries; i++) {
                opened.append(ExportHouse.entry(appended++));
            }
            if (change) {
                opened.changeKeys(SuccessionTest::entry);
                opened.append(ExportHouse.entry(appended++));
            }
        }
        return keys.verifiers();
    }

    private Verification verify(VerifierKeys keys) {
        return LedgerVerifier.verify(ledger, keys, LeafCheck.none(), Progress.silent());
    }

    private static void assertBroken(String what, Verification found) {
        Verification.Broken broken = assertInstanceOf(Verification.Broken.class, found);
        assertTrue(broken.what().contains(what), broken.what());
    }

    private List<VerifierKeys> threeGenerations() throws Exception {
        VerifierKeys first = load().verifiers();
        run(10, true);
        run(300, true);
        VerifierKeys third = run(5, false);
        Succession one = Succession.parse("", Files.readAllBytes(ledger.resolve("succession-000001")))
                .orElseThrow();
        return List.of(first, one.after(), third);
    }

    @Test
    void everyGenerationVerifiesAndWhatTheFirstSaidIsFollowed() throws Exception {
        List<VerifierKeys> generations = threeGenerations();
        assertNotEquals(generations.get(0), generations.get(1));
        assertNotEquals(generations.get(1), generations.get(2));
        for (VerifierKeys keys : generations) {
            Verification.Holds holds = assertInstanceOf(Verification.Holds.class, verify(keys));
            assertTrue(holds.signatures().containsAll(generations.get(2).signatures()), holds.signatures() + "");
            for (VerifierKey one : keys.all()) {
                assertInstanceOf(Verification.Holds.class, verify(VerifierKeys.of(one)));
            }
        }
        Verification.Holds told = assertInstanceOf(Verification.Holds.class, verify(generations.get(0)));
        assertEquals(
                "named in record 10 under Ed25519 "
                        + generations.get(0).all().get(0).idText() + " and ML-DSA-44 "
                        + generations.get(0).all().get(1).idText(),
                told.signatures().get(2));
    }

    @Test
    void whatIsExportedIsVerifiedByEveryGenerationToo() throws Exception {
        VerifierKeys first = load().verifiers();
        run(10, false);
        Path out = folder.resolve("out");
        TileExport.run(ledger, first, out, Progress.silent());
        String kept = Files.readString(out.resolve("checkpoint"));
        List<VerifierKeys> generations = threeGenerations();
        // What was exported before is signed by the first keys, and whoever has the newest goes on with it.
        Path on = folder.resolve("on");
        ExportHouse.copy(out, on);
        TileExport.run(ledger, generations.get(2), on, Progress.silent());
        assertInstanceOf(
                Verification.Holds.class,
                TilesVerifier.verify(
                        on,
                        generations.get(2),
                        Checkpoint.open(kept, generations.get(2), on),
                        LeafCheck.none(),
                        Progress.silent()));
        for (VerifierKeys keys : generations) {
            Path to = keys.equals(first)
                    ? out
                    : folder.resolve("out-" + keys.all().getFirst().idText());
            TileExport.run(ledger, keys, to, Progress.silent());
            assertInstanceOf(
                    Verification.Holds.class,
                    TilesVerifier.verify(to, keys, Optional.empty(), LeafCheck.none(), Progress.silent()));
            assertTrue(LogProofs.of(ledger, 3, keys).note().startsWith(ORIGIN));
        }
        assertInstanceOf(
                Verification.Holds.class,
                TilesVerifier.verify(
                        out, first, Checkpoint.open(kept, first, out), LeafCheck.none(), Progress.silent()));
        assertTrue(Checkpoint.open(Files.readString(out.resolve("checkpoint")), first, out)
                .isPresent());
    }

    /** An export that was killed before its last step: the state in it is older than the change of keys. */
    @Test
    void anOlderStateBesideANewerSuccessionHoldsWithAWarning() throws Exception {
        VerifierKeys first = load().verifiers();
        run(10, false);
        Path out = folder.resolve("out");
        TileExport.run(ledger, first, out, Progress.silent());
        VerifierKeys second = run(1, true);
        Files.copy(ledger.resolve("succession-000001"), out.resolve("succession-000001"));
        Verification.Holds holds = assertInstanceOf(
                Verification.Holds.class,
                TilesVerifier.verify(out, first, Optional.empty(), LeafCheck.none(), Progress.silent()));
        assertTrue(
                holds.warnings().get(1).contains("the keys changed after this state"),
                holds.warnings().toString());
        // The keys of before are not believed by whoever has the newer ones.
        assertInstanceOf(
                Verification.Broken.class,
                TilesVerifier.verify(out, second, Optional.empty(), LeafCheck.none(), Progress.silent()));
        TileExport.run(ledger, second, out, Progress.silent());
        assertInstanceOf(
                Verification.Holds.class,
                TilesVerifier.verify(out, second, Optional.empty(), LeafCheck.none(), Progress.silent()));
    }

    @Test
    void theOldSeedsAreGone() throws Exception {
        List<SigningKey> old = load().signers();
        run(3, true);
        assertEquals(Optional.empty(), load().of(SigningKeys.verifiers(old)));
        try (Stream<Path> files = Files.list(file.getParent())) {
            assertEquals(
                    List.of("ledger-mldsa.key", "ledger.key"),
                    files.map(one -> one.getFileName().toString()).sorted().toList());
        }
    }

    /** The old key is what one fears for: what it signs for a state of after the succession does not count. */
    @Test
    void theOldKeysSignNothingAnyMore() throws Exception {
        List<SigningKey> old = load().signers();
        run(3, true);
        CheckpointFile store = new CheckpointFile(FolderDisk.locked(ledger).open(CheckpointFile.NAME));
        List<String> lines = store.notes().getFirst().lines().toList();
        Checkpoint again = Checkpoint.sign(Long.parseLong(lines.get(1)), lines.get(2), old, 1);
        store.store(again);
        store.store(again);
        assertBroken("a checkpoint is not signed by the keys", verify(SigningKeys.verifiers(old)));
    }

    @Test
    void forgedSuccessionsAreRefused() throws Exception {
        SigningKeys keys = load();
        VerifierKeys first = keys.verifiers();
        run(10, true);
        Path succession = ledger.resolve("succession-000001");
        byte[] good = Files.readAllBytes(succession);
        LogProof proof = LogProof.read(good).orElseThrow();
        SigningKeys thief = SigningKeys.loadOrCreate(folder.resolve("thief/ledger.key"), ORIGIN);
        String signedByThief = Checkpoint.sign(11, proof.note().lines().toList().get(2), thief.signers(), 1)
                .note();
        String entry = new String(proof.entry().orElseThrow(), StandardCharsets.UTF_8);
        VerifierKeys second = Succession.parse("", good).orElseThrow().after();
        String named = entry.replace(
                second.all().get(0).toString(), thief.verifiers().all().get(0).toString());
        List<LogProof> forged = List.of(
                new LogProof(proof.entry(), proof.index(), proof.path(), signedByThief),
                new LogProof(Optional.of(bytes(named)), proof.index(), proof.path(), proof.note()),
                new LogProof(proof.entry(), proof.index() - 1, proof.path(), proof.note()),
                new LogProof(
                        proof.entry(),
                        proof.index(),
                        proof.path().subList(1, proof.path().size()),
                        proof.note()));
        for (LogProof one : forged) {
            Files.writeString(succession, one.text());
            assertBroken("were not named under their signature", verify(first));
        }
        for (int at = 0; at < good.length; at += 97) {
            byte[] flipped = good.clone();
            flipped[at] ^= 1;
            Files.write(succession, flipped);
            assertInstanceOf(Verification.Broken.class, verify(first), "byte " + at);
        }
        Files.delete(succession);
        assertBroken("a checkpoint is not signed by the keys", verify(first));
        assertInstanceOf(Verification.Holds.class, verify(second), "the newest keys need no succession");
        Files.write(ledger.resolve("succession-000002"), good);
        assertBroken("is missing or damaged", verify(first));
        Files.write(succession, good);
        assertInstanceOf(Verification.Broken.class, verify(first), "the same one twice");
        Files.delete(ledger.resolve("succession-000002"));
        assertInstanceOf(Verification.Holds.class, verify(first));
    }

    /** The proof is good, and of a state that this log never had: the old keys signed two histories. */
    @Test
    void aSuccessionOfAnotherHistoryIsRefused() throws Exception {
        List<SigningKey> old = load().signers();
        run(10, true);
        Succession real = Succession.parse("", Files.readAllBytes(ledger.resolve("succession-000001")))
                .orElseThrow();
        byte[] leaf = real.proof().entry().orElseThrow();
        Frontier fork = new Frontier();
        fork.add(new Sha256().leaf(leaf, 0, leaf.length), (level, index, hash) -> {});
        LogProof forked = new LogProof(
                Optional.of(leaf),
                0,
                List.of(),
                Checkpoint.sign(1, fork.rootText(), old, 1).note());
        Files.writeString(ledger.resolve("succession-000001"), forked.text());
        assertBroken("the first 1 entries do not give the signed root", verify(SigningKeys.verifiers(old)));
    }

    @Test
    void whatOnlyLooksLikeASuccessionIsNone() throws Exception {
        VerifierKeys keys = load().verifiers();
        String good =
                new String(entry(keys, keys).leaf(), StandardCharsets.UTF_8).replace("\"counter\":,", "\"counter\":7,");
        assertTrue(Succession.keys(bytes(good)).isPresent());
        for (String wrong : List.of(
                "{\"text\":" + good + "}",
                good.replace("\"kind\":\"control\"", "\"kind\":\"outcome\""),
                good.replace("ledger_keys", "ledger-keys"),
                good.replace("\"old_keys\":[", "\"old_keys\":[\"x\","),
                good.replace("\"person\":", "\"new_keys\":[],\"person\":"),
                good + " ")) {
            assertFalse(Succession.keys(bytes(wrong)).isPresent(), wrong.substring(0, 40));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** One after the other, each step is the last one before the machine stops. */
    @Test
    void aCrashAtAnyStepLeavesOneClearState() throws Exception {
        boolean died = true;
        int changed = 0;
        int step = 1;
        for (; died; step++) {
            Files.createDirectories(folder.resolve("s" + step));
            file = folder.resolve("s" + step).resolve("ledger.key");
            SimulatedDisk disk = new SimulatedDisk(new Random(step));
            SigningKeys before = load();
            VerifierKeys first = before.verifiers();
            OpenedFolder opened = begun(disk, before);
            disk.dieIn(step);
            died = dies(opened, before);
            disk.crash();
            SigningKeys after = load();
            OpenedFolder again = OpenedFolder.open(disk, LedgerTest.SMALL, after, CLOCK);
            again.integrator().advance(again.wal().end());
            assertInstanceOf(
                    Verification.Holds.class,
                    LedgerVerifier.verify(disk, first, LeafCheck.none(), Progress.silent()),
                    "step " + step);
            assertInstanceOf(
                    Verification.Holds.class,
                    LedgerVerifier.verify(disk, after.verifiers(), LeafCheck.none(), Progress.silent()));
            assertEquals(first.equals(after.verifiers()), Succession.read(disk).isEmpty(), "step " + step);
            changed += first.equals(after.verifiers()) ? 0 : 1;
            // Whatever became of it: it can be done again.
            assertFalse(dies(again, after));
            assertInstanceOf(
                    Verification.Holds.class, LedgerVerifier.verify(disk, first, LeafCheck.none(), Progress.silent()));
        }
        assertTrue(changed > 1 && changed < step - 1, changed + " of " + step);
    }

    private static OpenedFolder begun(Disk disk, SigningKeys keys) throws Exception {
        OpenedFolder opened = OpenedFolder.open(disk, LedgerTest.SMALL, keys, CLOCK);
        while (!opened.wal().hasSpare()) {
            opened.wal().reserveStep();
        }
        opened.wal().write(List.of(ExportHouse.entry(0), ExportHouse.entry(1)), Wal.Room.NEXT_FILE, 1000);
        return opened;
    }

    /** What {@link Ledger#changeKeys} does, on one thread. */
    private static boolean dies(OpenedFolder opened, SigningKeys keys) throws IOException {
        try {
            List<SigningKey> next = keys.prepareNext();
            Entry entry = entry(keys.verifiers(), SigningKeys.verifiers(next));
            long index = opened.wal().end().index();
            opened.wal().write(List.of(entry), Wal.Room.HERE, 2000);
            byte[][] leaf = new byte[1][];
            LedgerReader.read(opened.disk(), index, index + 1, (at, bytes, disclosures) -> {
                leaf[0] = bytes;
                return false;
            });
            opened.integrator().succeed(index, leaf[0], next, opened.wal().end());
            keys.promote();
            return false;
        } catch (SimulatedDisk.Died e) {
            return true;
        }
    }

    /** The files of the keys are renamed one by one. */
    @Test
    void keysThatWereRenamedInPartAreFinished() throws Exception {
        VerifierKeys first = load().verifiers();
        run(3, true);
        VerifierKeys second = load().verifiers();
        for (String name : List.of("ledger.key", "ledger-mldsa.key")) {
            Path whole = file.resolveSibling(name);
            Files.move(whole, file.resolveSibling(name + ".next"));
            SigningKeys stranger = SigningKeys.loadOrCreate(folder.resolve("old-" + name + "/ledger.key"), ORIGIN);
            assertEquals(ORIGIN, stranger.name());
            Path old = stranger.file().resolveSibling(name.equals("ledger.key") ? name : name + ".next");
            Files.copy(old, whole);
            assertEquals(second, run(1, false));
            assertInstanceOf(Verification.Holds.class, verify(first));
            assertFalse(Files.exists(file.resolveSibling(name + ".next")));
        }
    }

    @Test
    void withTheKeysOfBeforeItDoesNotOpen() throws Exception {
        load();
        Path copy = Files.createDirectories(folder.resolve("copy"));
        run(1, false);
        for (String name : List.of("ledger.key", "ledger-mldsa.key")) {
            Files.copy(file.resolveSibling(name), copy.resolve(name));
        }
        run(3, true);
        file = copy.resolve("ledger.key");
        LedgerUnavailableException refused = assertThrows(LedgerUnavailableException.class, () -> run(1, false));
        assertTrue(String.valueOf(refused.getMessage()).contains("put back the newest ones"), refused.getMessage());
    }
}
