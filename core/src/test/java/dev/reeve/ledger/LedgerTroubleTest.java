package dev.reeve.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.ledger.LedgerUnavailableException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A disk that is full, slow or broken: each answer has its name, and what was accepted is kept. */
final class LedgerTroubleTest {
    private static final LedgerSettings SETTINGS = new LedgerSettings(
            "node-1", 64 << 10, 8 << 10, 16 << 10, 16 << 10, Duration.ofSeconds(2), Duration.ofMillis(20));
    private static final Entry ENTRY = new Entry(new byte[1000], List.of());

    @TempDir
    private Path folder;

    private SigningKeys key;
    private TroubledDisk disk;

    @BeforeEach
    void setUp() throws Exception {
        key = SigningKeys.loadOrCreate(folder.resolve("key"), "example.com/log");
        disk = new TroubledDisk(FolderDisk.locked(folder.resolve("data")));
    }

    private Ledger open() throws Exception {
        return Ledger.open(disk, SETTINGS, key, InstantSource.system());
    }

    @Test
    void aFullDiskRefusesOrdinaryRecordsFirstAndControlRecordsLast() throws Exception {
        long ordinary;
        try (Ledger ledger = open()) {
            ledger.append(ENTRY);
            disk.creating = "No space left on device";
            assertEquals(Reason.DISK_FULL, appendUntilRefused(ledger));
            ordinary = ledger.size();
            assertTrue(ledger.status().trouble().orElseThrow().contains("No space left"));
            long control = ledger.appendControl(ENTRY);
            assertEquals(ordinary, control);
            assertEquals(Reason.DISK_FULL, refusal(ledger));
            assertTrue(ledger.status().warning().orElseThrow().contains("No space left"));
            disk.creating = null;
            awaitSpace(ledger);
            assertEquals(Optional.empty(), ledger.status().trouble());
        }
        disk = new TroubledDisk(FolderDisk.locked(folder.resolve("data")));
        try (Ledger ledger = open()) {
            assertTrue(ledger.size() > ordinary + 1);
        }
    }

    private static Reason appendUntilRefused(Ledger ledger) {
        while (true) {
            try {
                ledger.append(ENTRY);
            } catch (LedgerUnavailableException e) {
                return e.reason();
            }
        }
    }

    private static void awaitSpace(Ledger ledger) {
        while (true) {
            try {
                ledger.append(ENTRY);
                return;
            } catch (LedgerUnavailableException e) {
                assertEquals(Reason.DISK_FULL, e.reason());
                Thread.onSpinWait();
            }
        }
    }

    private static Reason refusal(Ledger ledger) {
        return assertThrows(LedgerUnavailableException.class, () -> ledger.append(ENTRY))
                .reason();
    }

    @Test
    void aSlowDiskEndsTheWaitingAndIsForgivenWhenItAnswers() throws Exception {
        try (Ledger ledger = open()) {
            ledger.append(ENTRY);
            disk.hold = new CountDownLatch(1);
            assertEquals(Reason.SLOW_DISK, refusal(ledger));
            assertEquals(Reason.SLOW_DISK, refusal(ledger));
            assertTrue(ledger.status().trouble().isPresent());
            disk.hold.countDown();
            while (ledger.status().trouble().isPresent()) {
                Thread.onSpinWait();
            }
            assertEquals(2, ledger.append(ENTRY), "the refused one was on its way and is there");
        }
    }

    @Test
    void afterAFailedForceNothingIsAcceptedAndTheDescriptorIsNotForcedAgain() throws Exception {
        Ledger ledger = open();
        ledger.append(ENTRY);
        disk.forcing = "I/O error";
        assertEquals(Reason.IO_ERROR, refusal(ledger));
        disk.forcing = null;
        int forces = disk.logForces.get();
        assertEquals(Reason.IO_ERROR, refusal(ledger));
        assertEquals(
                Reason.IO_ERROR,
                assertThrows(LedgerUnavailableException.class, () -> ledger.appendControl(ENTRY))
                        .reason());
        ledger.close();
        assertEquals(forces, disk.logForces.get());
        disk = new TroubledDisk(FolderDisk.locked(folder.resolve("data")));
        try (Ledger again = open()) {
            assertTrue(again.append(ENTRY) >= 1);
        }
    }

    /** Whoever takes a file away leaves a descriptor that still takes writes, and a folder without them. */
    @ParameterizedTest
    @CsvSource({
        "wal-0000000001, true",
        "wal-0000000001, false",
        "checkpoint, true",
        "checkpoint, false",
        "hashes-0-000000, true",
        "hashes-0-000000, false"
    })
    void aFileThatIsTakenAwayOrReplacedStopsTheRecordWithinACheckpoint(String name, boolean replaced) throws Exception {
        try (Ledger ledger = open()) {
            ledger.append(ENTRY);
            await(() -> ledger.checkpoint().size() == 1);
            Path file = folder.resolve("data").resolve(name);
            if (replaced) {
                Files.move(Files.copy(file, folder.resolve("copy")), file, StandardCopyOption.REPLACE_EXISTING);
            } else {
                Files.delete(file);
            }
            // The log is looked at without traffic too; the others are when they are written.
            if (!SegmentHeader.isName(name)) {
                ledger.append(ENTRY);
            }
            await(() -> ledger.status().trouble().isPresent());
            assertEquals(Reason.IO_ERROR, refusal(ledger));
            String why = ledger.status().trouble().orElseThrow();
            assertTrue(why.contains(name) && (why.contains("somebody has") || why.contains("is missing")), why);
        }
    }

    private static void await(BooleanSupplier condition) {
        long until = System.nanoTime() + 10_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < until, "not within ten seconds");
            Thread.onSpinWait();
        }
    }

    @Test
    void moreThanTheQueueHoldsIsRefusedAtOnce() throws Exception {
        try (Ledger ledger = open()) {
            disk.hold = new CountDownLatch(1);
            List<CompletableFuture<Long>> waiting = new ArrayList<>();
            @Nullable Reason refused = null;
            while (refused == null) {
                CompletableFuture<Long> next = ledger.appendAsync(ENTRY);
                waiting.add(next);
                if (next.isCompletedExceptionally()) {
                    refused = reason(next);
                }
            }
            assertEquals(Reason.OVERLOADED, refused);
            assertTrue(waiting.size() <= SETTINGS.queueBytes() / 1000 + SETTINGS.groupBytes() / 1000 + 2);
            disk.hold.countDown();
        }
    }

    private static Reason reason(CompletableFuture<Long> failed) {
        ExecutionException thrown = assertThrows(ExecutionException.class, failed::get);
        return assertInstanceOf(LedgerUnavailableException.class, thrown.getCause())
                .reason();
    }

    /** A real folder with a knob for each trouble. */
    private static final class TroubledDisk extends ThroughDisk {
        private volatile @Nullable String creating;
        private volatile @Nullable String forcing;
        private volatile CountDownLatch hold = new CountDownLatch(0);
        private final AtomicInteger logForces = new AtomicInteger();

        TroubledDisk(Disk real) {
            super(real);
        }

        @Override
        void beforeCreate(String name) throws IOException {
            String failure = creating;
            if (failure != null && SegmentHeader.isName(name)) {
                throw new IOException(failure);
            }
        }

        @Override
        void beforeForce(String name, boolean created) throws IOException {
            boolean log = created && SegmentHeader.isName(name);
            if (log && Thread.currentThread().getName().equals("ledger-writer")) {
                logForces.incrementAndGet();
                awaitRelease();
                String failure = forcing;
                if (failure != null) {
                    throw new IOException(failure);
                }
            }
        }

        private void awaitRelease() throws IOException {
            try {
                hold.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }
}
