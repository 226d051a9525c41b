package dev.reeve.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a kept checkpoint on only what is newer is read; that it goes on from there is proven by the hashes. */
final class VerifyFromTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-24T10:00:00Z"));
    private static final int KEPT = 700;
    private static final int ALL = 1200;

    @TempDir
    private Path folder;

    private Path ledger;
    private SigningKeys keys;
    private String kept;

    @BeforeEach
    void write() throws Exception {
        ledger = folder.resolve("ledger");
        keys = SigningKeys.loadOrCreate(folder.resolve("keys/ledger.key"), "example.com/log");
        kept = append(0, KEPT);
        append(KEPT, ALL);
    }

    private String append(int from, int to) throws Exception {
        try (Ledger opened = Ledger.open(ledger, LedgerTest.SMALL, keys, CLOCK)) {
            for (int i = from; i < to; i++) {
                opened.append(ExportHouse.entry(i));
            }
        }
        return Checkpoint.latest(ledger, keys.verifiers()).note();
    }

    private Verification verify(String from, LeafCheck check) {
        return LedgerVerifier.verifyFrom(ledger, keys.verifiers(), from, check, Progress.silent());
    }

    private Verification.Broken broken(String from) {
        return assertInstanceOf(Verification.Broken.class, verify(from, LeafCheck.none()));
    }

    @Test
    void onlyWhatIsNewerIsRead() {
        List<Long> seen = new ArrayList<>();
        Verification.Holds holds = assertInstanceOf(Verification.Holds.class, verify(kept, (index, leaf) -> {
            seen.add(index);
            return Optional.empty();
        }));
        assertEquals(ALL - KEPT, seen.size());
        assertEquals(KEPT, seen.getFirst());
        assertEquals(ALL, holds.size());
        assertTrue(holds.warnings().contains(KEPT + " entries before the kept checkpoint were not read"));
    }

    @Test
    void fromTheLatestAndFromNothingToo() throws Exception {
        String latest = Checkpoint.latest(ledger, keys.verifiers()).note();
        assertInstanceOf(Verification.Holds.class, verify(latest, LeafCheck.none()));
        String empty =
                Checkpoint.sign(0, new Frontier().rootText(), keys.signers(), 1).note();
        assertInstanceOf(Verification.Holds.class, verify(empty, LeafCheck.none()));
    }

    @Test
    void whatIsNewerAndAlteredIsNamed() throws Exception {
        alter("\"counter\":" + (KEPT + 100) + ",");
        assertEquals(KEPT + 100, broken(kept).index());
    }

    /** What is older is not read; whoever wants that verifies without it. */
    @Test
    void whatIsOlderIsNotReadButItsHashesMustLeadToTheKeptRoot() throws Exception {
        alter("\"counter\":100,");
        assertInstanceOf(Verification.Holds.class, verify(kept, LeafCheck.none()));
        Path hashes = ledger.resolve("hashes-0-000000");
        byte[] bytes = Files.readAllBytes(hashes);
        bytes[32 * (KEPT - 1)] ^= 1;
        Files.write(hashes, bytes);
        assertTrue(
                broken(kept).what().contains("do not give the root of the kept checkpoint"),
                broken(kept).what());
    }

    @Test
    void anotherHistoryOrAnOlderCopyIsSeen() throws Exception {
        String newest = Checkpoint.latest(ledger, keys.verifiers()).note();
        ExportHouse.delete(ledger);
        append(0, KEPT);
        assertTrue(
                broken(newest).what().contains("it is an older state"),
                broken(newest).what());
        ExportHouse.delete(ledger);
        append(2, ALL);
        assertTrue(
                broken(kept).what().contains("do not give the root of the kept checkpoint"),
                broken(kept).what());
    }

    @Test
    void aCheckpointOfSomebodyElseIsNone() throws Exception {
        SigningKeys other = SigningKeys.loadOrCreate(folder.resolve("other/ledger.key"), "example.com/log");
        String root = kept.lines().toList().get(2);
        String theirs = Checkpoint.sign(KEPT, root, other.signers(), 1).note();
        assertTrue(
                broken(theirs).what().contains("is not signed by the keys"),
                broken(theirs).what());
        assertTrue(broken("").what().contains("is not signed by the keys"));
    }

    /** The keys changed since: what was kept is signed by those before. */
    @Test
    void acrossAChangeOfKeys() throws Exception {
        VerifierKeys before = keys.verifiers();
        try (Ledger opened = Ledger.open(ledger, LedgerTest.SMALL, keys, CLOCK)) {
            opened.changeKeys(SuccessionTest::entry);
        }
        append(ALL, ALL + 10);
        assertInstanceOf(
                Verification.Holds.class,
                LedgerVerifier.verifyFrom(ledger, before, kept, LeafCheck.none(), Progress.silent()));
        assertInstanceOf(Verification.Holds.class, verify(kept, LeafCheck.none()));
    }

    private void alter(String text) throws IOException {
        try (var files = Files.list(ledger)) {
            for (Path file : files.filter(one -> one.getFileName().toString().startsWith("wal-"))
                    .toList()) {
                byte[] bytes = Files.readAllBytes(file);
                int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
                if (at >= 0) {
                    bytes[at + 2] ^= 1;
                    Files.write(file, bytes);
                    return;
                }
            }
        }
        throw new IOException("`" + text + "` stands nowhere");
    }
}
