package dev.reeve.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Action;
import dev.reeve.audit.AuditHouse;
import dev.reeve.gate.Journal.Ruling;
import dev.reeve.ledger.LedgerSettings;
import dev.reeve.ledger.VerifierKeys;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code audit verify --resume}: a verification that is killed goes on, and from nothing else than where it was. */
final class ResumeFileTest {
    private static final LedgerSettings TINY = new LedgerSettings(
            "n1", 24 << 10, 8 << 10, 1 << 20, 8 << 10, Duration.ofSeconds(60), Duration.ofMillis(20));
    private static final int PAIRS = 100;

    @TempDir
    private Path folder;

    private Path ledger;
    private Path key;
    private Path keys;
    private Path state;

    @BeforeEach
    void record() throws Exception {
        try (AuditHouse house = new AuditHouse(folder.resolve("house"), TINY)) {
            ledger = house.folder;
            Action open = house.decide("rv_open", "ana", Ruling.ALLOW);
            for (int i = 0; i < PAIRS; i++) {
                house.done("rv_" + i, "ana");
            }
            house.journal.completed(AuditHouse.completion(open));
            house.decide("rv_never", "ana", Ruling.ALLOW);
        }
        key = Files.writeString(
                folder.resolve("ledger.pub"),
                dev.reeve.ledger.SigningKeys.loadOrCreate(folder.resolve("house/keys/ledger.key"))
                        .verifiers()
                        .toString());
        keys = folder.resolve("of-the-verifier");
        state = folder.resolve("state");
    }

    private Typed verify(String... more) {
        List<String> all = new ArrayList<>(List.of(
                "audit", "verify", "--ledger", ledger.toString(), "--key", key.toString(), "--keys", keys.toString()));
        all.addAll(List.of(more));
        return Typed.run(all);
    }

    private Typed resume() {
        return verify("--resume", state.toString());
    }

    private void refused(String why) throws Exception {
        byte[] before = Files.readAllBytes(state);
        Typed refused = resume();
        assertEquals(ExitCodes.USAGE, refused.code(), refused.out() + refused.err());
        assertTrue(refused.err().contains(why), refused.err());
        assertFalse(refused.out().contains("holds:"), refused.out());
        assertEquals(
                new String(before, StandardCharsets.UTF_8), Files.readString(state), "what is refused stays as it is");
    }

    /** The child that verifies stops after this many files of the log, and waits to be killed. */
    private void killAfter(int files) throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Verifier.class.getName(),
                        ledger.toString(),
                        key.toString(),
                        keys.toString(),
                        state.toString(),
                        Integer.toString(files))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines = child.inputReader()) {
            assertEquals("there", lines.readLine());
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    /** The child: as the command, up to a place. */
    static final class Verifier {
        private Verifier() {}

        public static void main(String[] args) throws Exception {
            LedgerSource source =
                    new LedgerSource(Path.of(args[0]), VerifierKeys.parse(Files.readString(Path.of(args[1]))));
            ResumeFile state = ResumeFile.open(Path.of(args[3]), Path.of(args[2]), source, false);
            int[] files = {Integer.parseInt(args[4])};
            state.verify(source, Optional.empty(), (entries, bytes, bytesInAll) -> {
                if (--files[0] == 0) {
                    System.out.println("there");
                    System.out.flush();
                    waitForEver();
                }
            });
        }

        private static void waitForEver() {
            try {
                new java.util.concurrent.CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    void aKilledVerificationGoesOnWhereItWasAndFindsTheSame() throws Exception {
        String whole = verify().out();
        killAfter(2);
        killAfter(1);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(state)));
        Typed resumed = resume();
        assertEquals(0, resumed.code(), resumed.out() + resumed.err());
        assertTrue(resumed.out().contains(" entries were read by an earlier run"), resumed.out());
        assertTrue(resumed.out().contains("warning: 1 intents have no outcome"), resumed.out());
        assertEquals(
                whole,
                resumed.out()
                        .lines()
                        .filter(line -> !line.contains("read by an earlier run"))
                        .map(line -> line + "\n")
                        .reduce("", String::concat));
        assertFalse(Files.exists(state), "it has done its work");
        assertEquals(0, resume().code());
    }

    @Test
    void everyAlteredByteOfItIsRefused() throws Exception {
        killAfter(2);
        byte[] good = Files.readAllBytes(state);
        for (int at = 0; at < good.length; at += Math.max(1, good.length / 60)) {
            byte[] bad = good.clone();
            bad[at] ^= 1;
            Files.write(state, bad);
            refused("cannot be gone on from");
        }
        Files.write(state, java.util.Arrays.copyOf(good, good.length - 1));
        refused("it is damaged, or it was written by somebody else");
        Files.write(state, good);
        assertEquals(0, resume().code());
    }

    /** The attack: a place in a log whose beginning was altered, made up by whoever altered it. */
    @Test
    void oneThatAnotherUserMadeIsRefused() throws Exception {
        Path own = keys;
        keys = folder.resolve("of-another");
        killAfter(2);
        keys = own;
        refused("written by somebody else");
    }

    @Test
    void ofAnotherFolderOrOtherKeysOrAFileOfAnotherKindIsRefused() throws Exception {
        killAfter(2);
        Path moved = folder.resolve("moved");
        Files.move(ledger, moved);
        Path original = ledger;
        ledger = moved;
        refused("it is of another folder, another log or other keys");
        Files.move(moved, original);
        ledger = original;
        List<String> lines = Files.readAllLines(key);
        Files.writeString(key, lines.getFirst());
        refused("it is of another folder, another log or other keys");
        Files.writeString(key, String.join("\n", lines));
        Files.writeString(state, "my only copy of a letter");
        refused("it was not written by `audit verify --resume`");
    }

    @Test
    void whatWasAlteredSinceInWhatWasReadIsNotPassedOver() throws Exception {
        killAfter(2);
        Path file = ledger.resolve("wal-0000000001");
        byte[] bytes = Files.readAllBytes(file);
        bytes[300] ^= 1;
        Files.write(file, bytes);
        refused("files that the earlier run has read were written since");
        Files.delete(state);
        Typed again = resume();
        assertEquals(1, again.code());
        assertTrue(again.out().contains("DOES NOT HOLD: record 0"), again.out());
    }

    @Test
    void whatCannotBeWrittenDownIsSaidAndVerifiedAllTheSame() {
        state = folder.resolve("nowhere/state");
        Typed ended = resume();
        assertEquals(0, ended.code(), ended.err());
        assertTrue(ended.err().contains("cannot be written, so nothing goes on from here"), ended.err());
        assertEquals(2, verify("--resume", state.toString(), "--from", "kept").code());
    }
}
