package dev.reeve.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results that wait, in the store: there after a restart, unreadable in the file, gone from it once they are removed. */
final class StoredResultsTest {
    private static final Json.Obj SAID = Json.object()
            .put("text", "grete.holm@holm.example")
            .put("n", Json.Num.of(1.5))
            .build();

    @TempDir
    Path folder;

    private static StoredResults results(Store store) {
        return new StoredResults(store, new SecureRandom());
    }

    private String files() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return all.toString();
    }

    @Test
    void theyAreThereAfterARestartAndNoFileHoldsThem() throws Exception {
        StoreHouse house = new StoreHouse(folder);
        try (Store store = house.open()) {
            results(store).put("rv_first", "clerk", SAID);
            assertThrows(
                    UnrecordableException.class,
                    () -> results(store).put("rv_first", "clerk", Json.Obj.EMPTY),
                    "what waits is not replaced");
        }
        assertFalse(files().contains("holm"), "it is encrypted");
        try (Store store = house.open()) {
            assertEquals(Optional.of(SAID), results(store).read("rv_first"));
            assertEquals(Optional.empty(), results(store).read("rv_other"));
            assertEquals("clerk", results(store).sizes().getFirst().agent());
            assertEquals(42, results(store).sizes().getFirst().bytes());
            results(store).remove("rv_first");
            assertEquals(List.of(), results(store).sizes());
        }
        assertFalse(files().contains("rv_first"), "the row is overwritten");
    }

    @Test
    void whatSomebodyMovedToAnotherTicketIsNotRead() throws StoreException, UnrecordableException, SQLException {
        StoreHouse house = new StoreHouse(folder);
        try (Store store = house.open()) {
            results(store).put("rv_1", "clerk", SAID);
            results(store).put("rv_2", "clerk", Json.Obj.EMPTY);
        }
        house.tamper(
                "UPDATE held_results SET body = (SELECT body FROM held_results WHERE ticket = 'rv_1') WHERE ticket = 'rv_2'");
        try (Store store = house.open()) {
            assertEquals(Optional.empty(), results(store).read("rv_2"));
            assertTrue(house.incidents.toString().contains("row_altered"), house.incidents.toString());
        }
    }
}
