package dev.reeve.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StoreTest {
    private static final SealedTable TABLE =
            new SealedTable("session_tags", List.of("tenant", "agent", "instance", "tag"), List.of());
    private static final SealedTable MARKS = new SealedTable("high_water", List.of("node"), List.of("mark"));

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private StoreHouse house;

    @BeforeEach
    void found() {
        house = new StoreHouse(folder);
    }

    private static Map<String, @Nullable Object> tag(String tag) {
        Map<String, @Nullable Object> row = new HashMap<>();
        row.put("tenant", "default");
        row.put("agent", "a");
        row.put("instance", "k_1");
        row.put("tag", tag);
        return row;
    }

    private static void put(Store store, String... tags) throws StoreException {
        store.write(writing -> {
            for (String tag : tags) {
                TABLE.put(writing, tag(tag));
            }
            return true;
        });
    }

    private static List<String> tags(Store store) throws StoreException {
        return store.read(TABLE::rows).stream().map(row -> row.text("tag")).toList();
    }

    @Test
    void whatWasWrittenIsThereAfterARestartAndTheGenerationGrows() throws StoreException {
        long before;
        String id;
        try (Store store = house.open()) {
            put(store, "pii");
            put(store, "money");
            before = store.generation();
            id = store.id();
            assertEquals(2, before);
        }
        try (Store store = house.open()) {
            assertEquals(List.of("money", "pii"), tags(store));
            assertEquals(before, store.generation());
            assertEquals(id, store.id());
        }
    }

    @Test
    void readingDoesNotCountAsAChange() throws StoreException {
        try (Store store = house.open()) {
            tags(store);
            assertEquals(0, store.generation());
        }
    }

    @Test
    void aPieceOfWorkThatFailsLeavesNothingAndDoesNotTouchTheOthers() throws StoreException {
        try (Store store = house.open()) {
            List<CompletableFuture<Boolean>> futures = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                int number = i;
                futures.add(store.writeLater(writing -> {
                    TABLE.put(writing, tag("t" + number));
                    if (number % 2 == 1) {
                        throw new IllegalStateException("odd");
                    }
                }));
            }
            int failed = 0;
            for (CompletableFuture<Boolean> future : futures) {
                failed += future.handle((done, failure) -> failure == null ? 0 : 1)
                        .join();
            }
            assertEquals(25, failed);
            assertEquals(25, tags(store).size());
            assertEquals(25, store.generation());
        }
        try (Store store = house.open()) {
            assertEquals(25, tags(store).size(), "the seal is right");
        }
    }

    @Test
    void rowsHaveVersions() throws StoreException {
        try (Store store = house.open()) {
            for (long mark = 1; mark <= 3; mark++) {
                Map<String, Object> row = Map.of("node", "n1", "mark", mark);
                store.write(writing -> {
                    MARKS.put(writing, new HashMap<>(row));
                    return true;
                });
            }
            assertEquals(
                    List.of(3L),
                    store.read(MARKS::rows).stream().map(Row::version).toList());
        }
    }

    @Test
    void anAlteredRowIsIgnoredWithAnIncident() throws StoreException, SQLException {
        try (Store store = house.open()) {
            put(store, "pii", "money");
        }
        house.tamper("UPDATE session_tags SET agent = 'b' WHERE tag = 'pii'");
        try (Store store = house.open()) {
            assertEquals(List.of("money"), tags(store));
            assertEquals(1, house.incidents.size());
            assertTrue(house.incidents.getFirst().startsWith("row_altered: a row of `session_tags`"));
        }
    }

    @Test
    void aRowWhoseTypeWasChangedIsIgnored() throws StoreException, SQLException {
        try (Store store = house.open()) {
            put(store, "pii", "7");
        }
        house.tamper("UPDATE session_tags SET tag = x'70' WHERE tag = '7'");
        try (Store store = house.open()) {
            assertEquals(List.of("pii"), tags(store));
        }
    }

    @Test
    void aDeletedRowIsFound() throws StoreException, SQLException {
        try (Store store = house.open()) {
            put(store, "pii", "money");
        }
        house.tamper("DELETE FROM session_tags WHERE tag = 'pii'");
        assertTrue(refused().contains("deleted, added or put back"));
    }

    @Test
    void aRowPutBackAsItWasIsFoundThoughItsMacIsRight() throws StoreException, SQLException {
        try (Store store = house.open()) {
            store.write(writing -> {
                MARKS.put(writing, new HashMap<>(Map.of("node", "n1", "mark", 1L)));
                return true;
            });
        }
        house.tamper("CREATE TABLE aside AS SELECT * FROM high_water");
        try (Store store = house.open()) {
            store.write(writing -> {
                MARKS.put(writing, new HashMap<>(Map.of("node", "n1", "mark", 2L)));
                return true;
            });
        }
        house.tamper("DELETE FROM high_water", "INSERT INTO high_water SELECT * FROM aside");
        assertTrue(refused().contains("put back"));
    }

    @Test
    void aGenerationThatWasMovedForwardIsFound() throws StoreException, SQLException {
        try (Store store = house.open()) {
            put(store, "pii");
        }
        house.tamper("UPDATE store_state SET generation = 900");
        assertTrue(refused().contains("deleted, added or put back"));
    }

    @Test
    void anOlderCopyOfTheWholeStoreIsRefused() throws IOException {
        try (Store store = house.open()) {
            put(store, "pii");
        }
        assertFalse(Files.exists(house.data.resolve("store.db-wal")), "closing folds the log into the file");
        Path copy = Files.copy(house.data.resolve("store.db"), folder.resolve("copy.db"));
        try (Store store = house.open()) {
            put(store, "money");
        }
        Files.copy(copy, house.data.resolve("store.db"), StandardCopyOption.REPLACE_EXISTING);
        String refused = refused();
        assertTrue(refused.contains("older than what was seen"), refused);
        String mark = refused.replaceAll(".*remove `([^`]+)`.*", "$1");
        Files.delete(house.keys.resolve(mark));
        try (Store store = house.open()) {
            assertEquals(List.of("pii"), tags(store), "the operator decided so");
        }
    }

    @Test
    void aStoreWithoutItsStateIsNotTakenForANewOneWhileItHasRows() throws StoreException, SQLException {
        try (Store store = house.open()) {
            put(store, "pii");
        }
        house.tamper("DELETE FROM store_state");
        assertTrue(refused().contains("deleted, added or put back"));
    }

    @Test
    void rowsOfAnotherStoreAreNotValidHere() throws StoreException, SQLException {
        StoreHouse other = new StoreHouse(folder.resolve("other"));
        try (Store store = house.open();
                Store theirs = other.open()) {
            put(store, "pii");
            put(theirs, "pii");
            assertNotEquals(store.id(), theirs.id());
        }
        house.tamper(
                "ATTACH '" + other.data.resolve("store.db") + "' AS other",
                "UPDATE session_tags SET mac = (SELECT mac FROM other.session_tags)",
                "UPDATE store_state SET seal = (SELECT seal FROM other.store_state)");
        assertTrue(refused().contains("behind Reeve's back"));
    }

    @Test
    void withoutItsKeyAStoreIsNotOpened() throws IOException {
        try (Store store = house.open()) {
            put(store, "pii");
        }
        try (var files = Files.list(house.keys)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        assertTrue(refused().contains("is not in the folder of keys"));
    }

    @Test
    void aKeyThatOthersCanReadIsNotUsed() throws IOException {
        house.open().close();
        try (var files = Files.list(house.keys)) {
            for (Path file :
                    files.filter(one -> one.toString().endsWith(".key")).toList()) {
                assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
            }
        }
        assertTrue(refused().contains("chmod 600"));
    }

    @Test
    void theStoreIsForItsOwnerOnly() throws IOException {
        house.open().close();
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(house.data)));
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(house.data.resolve("store.db"))));
    }

    @Test
    void aStoreOfANewerVersionIsNotTouched() throws StoreException, SQLException {
        house.open().close();
        house.tamper("INSERT INTO migrations (number, applied) VALUES (999, 1)");
        assertTrue(refused().contains("newer Reeve"));
    }

    @Test
    void whatIsClosedRefuses() throws StoreException {
        Store store = house.open();
        store.close();
        StoreException refused = assertThrows(StoreException.class, () -> put(store, "pii"));
        assertTrue(String.valueOf(refused.getMessage()).contains("closed"));
    }

    @Test
    void oneProcessAtATimeOwnsTheFolder() throws StoreException {
        DataLock first = DataLock.take(house.data).orElseThrow();
        assertTrue(DataLock.take(house.data).isEmpty());
        assertEquals(Optional.of(ProcessHandle.current().pid()), DataLock.holder(house.data));
        first.close();
        DataLock.take(house.data).orElseThrow().close();
    }

    private String refused() {
        return String.valueOf(
                assertThrows(StoreException.class, () -> house.open().close()).getMessage());
    }
}
