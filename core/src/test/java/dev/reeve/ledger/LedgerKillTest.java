package dev.reeve.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that appends is killed; what it had told us is recorded, is. */
final class LedgerKillTest {
    private static final int ROUNDS = Integer.getInteger("reeve.ledger.kills", 5);
    private static final int ACKNOWLEDGED_BEFORE_KILL = 400;

    @TempDir
    private Path folder;

    @Test
    void whatWasAcknowledgedSurvivesKillNine() throws Exception {
        Map<Long, String> acknowledged = new ConcurrentHashMap<>();
        SigningKeys key = SigningKeys.loadOrCreate(folder.resolve("key"), "example.com/log");
        Path data = folder.resolve("data");
        for (int round = 0; round < ROUNDS; round++) {
            runAndKill(round, acknowledged);
            try (Ledger ledger = Ledger.open(data, LedgerTest.SMALL, key, InstantSource.system())) {
                Map<Long, String> missing = new ConcurrentHashMap<>(acknowledged);
                ledger.read(0, (index, leaf, disclosures) -> {
                    String text = missing.remove(index);
                    String found = new String(leaf, StandardCharsets.UTF_8);
                    assertTrue(text == null || found.contains("\"" + text + "\""), index + ": " + found);
                    assertTrue(found.contains("\"counter\":" + index + ","), found);
                    return true;
                });
                assertEquals(Map.of(), missing);
            }
            assertInstanceOf(
                    Verification.Holds.class,
                    LedgerVerifier.verify(data, key.verifiers(), LeafCheck.none(), Progress.silent()));
        }
    }

    private void runAndKill(int round, Map<Long, String> acknowledged) throws IOException, InterruptedException {
        Process child = ChildJvm.start(Appender.class, folder.toString(), Integer.toString(round));
        try (BufferedReader lines = child.inputReader()) {
            int seen = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] parts = line.split(" ", 2);
                if (parts.length == 2) {
                    acknowledged.put(Long.parseLong(parts[0]), parts[1].strip());
                }
                if (++seen == ACKNOWLEDGED_BEFORE_KILL) {
                    child.destroyForcibly();
                    break;
                }
            }
            assertEquals(ACKNOWLEDGED_BEFORE_KILL, seen, "the child appends until it is killed");
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    /** The child: eight writers that print what they were told is durable. */
    static final class Appender {
        private Appender() {}

        public static void main(String[] args) throws Exception {
            Path folder = Path.of(args[0]);
            SigningKeys key = SigningKeys.loadOrCreate(folder.resolve("key"), "example.com/log");
            Ledger ledger = Ledger.open(folder.resolve("data"), LedgerTest.SMALL, key, InstantSource.system());
            try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int w = 0; w < 8; w++) {
                    String name = "round " + args[1] + " writer " + w;
                    writers.submit(() -> append(ledger, name));
                }
            }
        }

        private static Void append(Ledger ledger, String name) throws LedgerUnavailableException {
            for (int i = 0; ; i++) {
                String text = name + " entry " + i;
                Json.Obj body = Json.object().put("text", text).build();
                long index = ledger.append(Entry.stamped("node-1", body, List.of()));
                synchronized (Appender.class) {
                    System.out.println(index + " " + text);
                    System.out.flush();
                }
            }
        }
    }
}
