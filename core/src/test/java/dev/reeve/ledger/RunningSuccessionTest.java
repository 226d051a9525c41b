package dev.reeve.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.json.Json;
import dev.reeve.ledger.LedgerUnavailableException.Reason;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys are followed by others while the log is written. */
@Timeout(120)
final class RunningSuccessionTest {
    private static final String ORIGIN = "example.com/log";
    private static final int KILLS = Integer.getInteger("reeve.ledger.kills", 2);
    private static final int CHANGES_BEFORE_KILL = 3;

    @TempDir
    private Path folder;

    private Path data;
    private VerifierKeys first;

    @BeforeEach
    void keys() throws Exception {
        data = folder.resolve("data");
        first = load().verifiers();
    }

    private SigningKeys load() throws IOException {
        return SigningKeys.loadOrCreate(folder.resolve("keys/ledger.key"), ORIGIN);
    }

    private Ledger open() throws Exception {
        return Ledger.open(data, LedgerTest.SMALL, load(), InstantSource.system());
    }

    private void holds() throws Exception {
        for (VerifierKeys keys : List.of(first, load().verifiers())) {
            assertInstanceOf(
                    Verification.Holds.class, LedgerVerifier.verify(data, keys, LeafCheck.none(), Progress.silent()));
        }
    }

    private static Entry entry(int writer, int number) {
        return Entry.stamped(
                "node-1",
                Json.object().put("writer", writer).put("number", number).build(),
                List.of());
    }

    @Test
    void keysChangeWhileOthersAppendAndNobodyIsRefused() throws Exception {
        int changes = 4;
        AtomicBoolean done = new AtomicBoolean();
        long appended = 0;
        try (Ledger ledger = open();
                ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> counts = new ArrayList<>();
            for (int w = 0; w < 8; w++) {
                int writer = w;
                counts.add(writers.submit(() -> appendUntil(ledger, writer, done)));
            }
            try {
                for (int i = 0; i < changes; i++) {
                    VerifierKeys now = ledger.changeKeys(SuccessionTest::entry);
                    assertTrue(Checkpoint.open(ledger.checkpoint().note(), now).isPresent());
                }
            } finally {
                done.set(true);
            }
            for (Future<Integer> count : counts) {
                appended += count.get();
            }
        }
        Verification.Holds held = assertInstanceOf(
                Verification.Holds.class, LedgerVerifier.verify(data, first, LeafCheck.none(), Progress.silent()));
        assertEquals(appended + changes, held.size());
        assertEquals(2 + changes, held.signatures().size());
        holds();
    }

    private static int appendUntil(Ledger ledger, int writer, AtomicBoolean done) throws Exception {
        int count = 0;
        do {
            ledger.append(entry(writer, count++));
        } while (!done.get());
        return count;
    }

    /** Wherever it is killed: the next start opens, and the first keys verify everything. */
    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES) // of many rounds; each begins a process and verifies a longer record
    void aProcessThatIsKilledWhileItChangesKeysAndAppendsIsGoneOnWith() throws Exception {
        for (int round = 0; round < KILLS; round++) {
            killWhileChanging();
            long size;
            try (Ledger ledger = open()) {
                size = ledger.append(entry(99, round)) + 1;
            }
            assertEquals(
                    size,
                    assertInstanceOf(
                                    Verification.Holds.class,
                                    LedgerVerifier.verify(data, first, LeafCheck.none(), Progress.silent()))
                            .size());
            holds();
        }
    }

    private void killWhileChanging() throws Exception {
        Process child = ChildJvm.start(Changing.class, folder.toString());
        try (BufferedReader lines = child.inputReader()) {
            for (int seen = 0; seen < CHANGES_BEFORE_KILL; seen++) {
                assertEquals("changed", lines.readLine(), "the child changes keys until it is killed");
            }
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    /** The child: writers, and one that changes the keys again and again. */
    static final class Changing {
        private Changing() {}

        public static void main(String[] args) throws Exception {
            Path folder = Path.of(args[0]);
            SigningKeys keys = SigningKeys.loadOrCreate(folder.resolve("keys/ledger.key"), ORIGIN);
            Ledger ledger = Ledger.open(folder.resolve("data"), LedgerTest.SMALL, keys, InstantSource.system());
            ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor();
            for (int w = 0; w < 4; w++) {
                int writer = w;
                writers.submit(() -> appendUntil(ledger, writer, new AtomicBoolean()));
            }
            while (true) {
                ledger.changeKeys(SuccessionTest::entry);
                System.out.println("changed");
                System.out.flush();
            }
        }
    }

    /** The folder, in which one file cannot be forced any more once the proof of a change is being written. */
    private static final class Failing extends ThroughDisk {
        private volatile String file = "";

        Failing(Disk real) {
            super(real);
        }

        /** What was written may be on the disk, or not. */
        @Override
        void beforeForce(String name, boolean created) throws IOException {
            if (name.equals(file) && names().contains("succession-000001")) {
                throw new IOException("Input/output error");
            }
        }
    }

    /**
     * The proof of the change may be on the disk or not when its force fails. What the old keys signed beyond it would not count then: so
     * nothing is signed and nothing accepted, until the next start has looked.
     */
    @ParameterizedTest
    @ValueSource(strings = {"succession-000001", "checkpoint"})
    void whereTheDiskFailsInTheMiddleNothingIsSignedUntilTheNextStart(String file) throws Exception {
        Failing disk = new Failing(FolderDisk.locked(data));
        Ledger ledger = Ledger.open(disk, LedgerTest.SMALL, load(), InstantSource.system());
        ledger.append(entry(0, 0));
        disk.file = file;
        assertThrows(LedgerUnavailableException.class, () -> ledger.changeKeys(SuccessionTest::entry));
        Reason reason = assertThrows(LedgerUnavailableException.class, () -> ledger.append(entry(0, 1)))
                .reason();
        assertEquals(Reason.IO_ERROR, reason);
        long signed = ledger.checkpoint().size();
        disk.file = "";
        assertThrows(LedgerUnavailableException.class, () -> ledger.changeKeys(SuccessionTest::entry));
        assertEquals(signed, ledger.checkpoint().size());
        ledger.close();
        try (Ledger again = open()) {
            again.append(entry(0, 2));
            again.changeKeys(SuccessionTest::entry);
            again.append(entry(0, 3));
        }
        holds();
    }

    @Test
    void theSeedsOfBeforeAreGoneWhileItRuns() throws Exception {
        try (Ledger ledger = open()) {
            byte[] before = Files.readAllBytes(folder.resolve("keys/ledger.key"));
            VerifierKeys now = ledger.changeKeys(SuccessionTest::entry);
            assertEquals(now, load().verifiers());
            try (var files = Files.list(folder.resolve("keys"))) {
                for (Path file : files.toList()) {
                    assertTrue(file.toString().endsWith(".key"), file.toString());
                    assertTrue(!Arrays.equals(before, Files.readAllBytes(file)), file.toString());
                }
            }
        }
        holds();
    }
}
