package dev.reeve.ledger;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.json.Json;
import dev.reeve.ledger.LedgerUnavailableException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LedgerTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-24T10:00:00Z"));
    static final LedgerSettings SMALL = new LedgerSettings(
            "node-1", 64 << 10, 8 << 10, 1 << 20, 8 << 10, Duration.ofSeconds(20), Duration.ofMillis(20));

    @TempDir
    private Path folder;

    private SigningKeys key;
    private Path data;

    @BeforeEach
    void setUp() throws IOException {
        key = SigningKeys.loadOrCreate(folder.resolve("keys/ledger.key"), "example.com/log");
        data = folder.resolve("data/ledger");
    }

    private Ledger open() throws LedgerUnavailableException {
        return Ledger.open(data, SMALL, key, CLOCK);
    }

    private static Entry entry(String text) {
        return Entry.stamped(
                "node-1", Json.object().put("alpha", text).put("zulu", 1).build(), List.of());
    }

    private static List<String> leaves(Ledger ledger) throws LedgerUnavailableException {
        List<String> leaves = new ArrayList<>();
        ledger.read(0, (index, leaf, disclosures) -> {
            assertEquals(leaves.size(), index);
            return leaves.add(new String(leaf, StandardCharsets.UTF_8));
        });
        return leaves;
    }

    @Test
    void stampsCanonicalLeavesWithNodeAndCounter() throws Exception {
        try (Ledger ledger = open()) {
            assertEquals(0, ledger.append(entry("first")));
            assertEquals(1, ledger.append(new Entry(new byte[] {'{', '}'}, List.of())));
            assertEquals(2, ledger.append(entry("second")));
            assertEquals(
                    List.of(
                            "{\"alpha\":\"first\",\"counter\":0,\"node\":\"node-1\",\"zulu\":1}",
                            "{}",
                            "{\"alpha\":\"second\",\"counter\":1,\"node\":\"node-1\",\"zulu\":1}"),
                    leaves(ledger));
        }
    }

    @Test
    void goesOnAfterARestartOverManyFiles() throws Exception {
        int count = 0;
        for (int round = 0; round < 4; round++) {
            try (Ledger ledger = open()) {
                assertEquals(count, ledger.size());
                for (int i = 0; i < 1000; i++) {
                    assertEquals(count, ledger.append(entry("entry " + count)));
                    count++;
                }
            }
        }
        try (Ledger ledger = open()) {
            assertEquals(4000, ledger.checkpoint().size(), "closing signs everything");
            List<String> leaves = leaves(ledger);
            for (int i = 0; i < count; i++) {
                assertTrue(leaves.get(i).contains("\"counter\":" + i + ","), leaves.get(i));
            }
            List<Long> tail = new ArrayList<>();
            ledger.read(3990, (index, leaf, disclosures) -> tail.add(index) && index < 3995);
            assertEquals(List.of(3990L, 3991L, 3992L, 3993L, 3994L, 3995L), tail);
        }
    }

    @Test
    void manyWritersGetEachIndexOnce() throws Exception {
        Set<Long> indexes = new ConcurrentSkipListSet<>();
        try (Ledger ledger = open();
                ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int w = 0; w < 32; w++) {
                running.add(writers.submit(() -> {
                    for (int i = 0; i < 100; i++) {
                        assertTrue(indexes.add(ledger.append(entry("x"))));
                    }
                    return null;
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
            assertEquals(3200, ledger.size());
            assertEquals(3199L, new TreeSet<>(indexes).getLast());
        }
    }

    @Test
    void keepsDisclosuresBesideTheirLeaf() throws Exception {
        Disclosure secret = new Disclosure(new byte[16], "arguments", "{\"a\":1}".getBytes(StandardCharsets.UTF_8));
        Json.Obj body = Json.object().put("arguments", Commitment.of(secret)).build();
        try (Ledger ledger = open()) {
            ledger.append(entry("before"));
            ledger.append(Entry.stamped("node-1", body, List.of(secret)));
        }
        List<Disclosure> found = new ArrayList<>();
        LedgerReader.read(data, 1, (index, leaf, disclosures) -> found.addAll(disclosures));
        assertEquals(1, found.size());
        assertEquals("arguments", found.getFirst().name());
        assertArrayEquals(secret.value(), found.getFirst().value());
    }

    @Test
    void aFutureIsCompletedWhenItIsDurable() throws Exception {
        try (Ledger ledger = open()) {
            assertEquals(0, ledger.appendAsync(entry("async")).get());
            assertEquals(1, ledger.size());
        }
    }

    @Test
    void anInterruptedCallerStillLearnsItsIndexAndStaysInterrupted() throws Exception {
        try (Ledger ledger = open()) {
            Thread.currentThread().interrupt();
            assertEquals(0, ledger.append(entry("interrupted")));
            assertTrue(Thread.interrupted());
            assertEquals(1, ledger.append(entry("and the next")));
        }
    }

    @Test
    void refusesWhatIsTooLargeAndWhatComesAfterClosing() throws Exception {
        Ledger ledger = open();
        Entry large = new Entry(new byte[Entry.MOST_LEAF_BYTES + 1], List.of());
        assertEquals(Reason.ENTRY_TOO_LARGE, refusal(ledger, large));
        ledger.close();
        ledger.close();
        assertEquals(Reason.CLOSED, refusal(ledger, entry("late")));
        assertTrue(ledger.appendAsync(entry("late")).isCompletedExceptionally());
    }

    private static Reason refusal(Ledger ledger, Entry entry) {
        return assertThrows(LedgerUnavailableException.class, () -> ledger.append(entry))
                .reason();
    }

    @Test
    void oneProcessOneKeyOneNode() throws Exception {
        try (Ledger ledger = open()) {
            ledger.append(entry("mine"));
            assertEquals(Reason.IN_USE, openingFails(SMALL, key));
        }
        SigningKeys sameName = SigningKeys.loadOrCreate(folder.resolve("keys/other.key"), "example.com/log");
        assertEquals(Reason.FOREIGN, openingFails(SMALL, sameName));
        assertEquals(Reason.FOREIGN, openingFails(LedgerSettings.of("node-2"), key));
        SigningKeys inside = SigningKeys.loadOrCreate(data.resolve("inside.key"), "example.com/log");
        assertEquals(Reason.FOREIGN, openingFails(SMALL, inside));
    }

    private Reason openingFails(LedgerSettings settings, SigningKeys with) {
        return assertThrows(
                        LedgerUnavailableException.class,
                        () -> Ledger.open(data, settings, with, CLOCK).close())
                .reason();
    }

    @Test
    void whatIsNewIsSignedWithinTheInterval() throws Exception {
        try (Ledger ledger = open()) {
            ledger.append(entry("to be signed"));
            while (ledger.checkpoint().size() == 0) {
                Thread.onSpinWait();
            }
            Checkpoint signed = ledger.checkpoint();
            assertEquals(signed, Checkpoint.open(signed.note(), key.verifiers()).orElseThrow());
            assertFalse(ledger.status().trouble().isPresent());
        }
    }

    @Test
    void canBeReadAndVerifiedWhileItIsWritten() throws Exception {
        try (Ledger ledger = open();
                ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int w = 0; w < 4; w++) {
                running.add(writers.submit(() -> {
                    for (int i = 0; i < 500; i++) {
                        ledger.append(entry("x".repeat(i)));
                    }
                    return null;
                }));
            }
            while (!running.stream().allMatch(Future::isDone)) {
                long size = ledger.size();
                assertTrue(leaves(ledger).size() >= size);
                assertInstanceOf(
                        Verification.Holds.class,
                        LedgerVerifier.verify(data, key.verifiers(), LeafCheck.none(), Progress.silent()));
            }
        }
    }

    @Test
    void timeInTheLogNeverGoesBack() throws Exception {
        try (Ledger ledger = open()) {
            ledger.append(entry("x"));
        }
        InstantSource earlier = InstantSource.fixed(Instant.EPOCH);
        try (Ledger ledger = Ledger.open(data, SMALL, key, earlier)) {
            ledger.append(entry("y"));
            assertEquals(CLOCK.instant(), ledger.highWaterMark());
        }
    }

    @Test
    void filesAreForThisUserAlone() throws Exception {
        open().close();
        try (var files = Files.list(data)) {
            for (Path file : files.filter(path -> !path.endsWith("lock")).toList()) {
                assertEquals(2, Files.getPosixFilePermissions(file).size(), file.toString());
            }
        }
    }
}
