package dev.reeve.ledger;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A running ledger serves what an export of it would write. */
final class LogTilesTest {
    @TempDir
    private Path folder;

    private ExportHouse house;

    @BeforeEach
    void open() throws IOException {
        house = new ExportHouse(folder);
    }

    private Ledger ledger() throws LedgerUnavailableException {
        return Ledger.open(
                house.ledger, LedgerTest.SMALL, house.key, InstantSource.fixed(Instant.parse("2026-11-24T10:00:00Z")));
    }

    private static TileName name(String path) {
        return TileName.parse(path).orElseThrow(() -> new AssertionError(path));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 255, 256, 257, 300, 511, 512, 513, 1024, 1700})
    void everyFileIsTheOneThatAnExportWrites(int entries) throws Exception {
        house.append(0, entries);
        Path out = folder.resolve("out");
        TileExport.run(house.ledger, house.vkey(), out, Progress.silent());
        Map<String, byte[]> files = ExportHouse.files(out);
        try (Ledger ledger = ledger()) {
            assertArrayEquals(
                    files.remove("checkpoint"), ledger.checkpoint().note().getBytes(StandardCharsets.UTF_8));
            assertTrue(!files.isEmpty());
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                assertArrayEquals(
                        file.getValue(),
                        ledger.tiles().read(name(file.getKey()), entries).orElseThrow(),
                        file.getKey());
            }
        }
    }

    /** The log grows over several files of the write-ahead log meanwhile. */
    @Test
    void readersGetTheSameBytesWhileTheLogGrows() throws Exception {
        house.append(0, 300);
        AtomicBoolean grown = new AtomicBoolean();
        try (Ledger ledger = ledger();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            byte[] first = ledger.tiles().read(name("tile/entries/000"), 300).orElseThrow();
            List<Future<Integer>> readers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Callable<Integer> reader = () -> {
                    int read = 0;
                    while (!grown.get() || read == 0) {
                        long size = ledger.checkpoint().size();
                        long last = size / 256 - 1;
                        assertArrayEquals(
                                first,
                                ledger.tiles()
                                        .read(name("tile/entries/000"), size)
                                        .orElseThrow());
                        assertTrue(ledger.tiles()
                                .read(new TileName(TileName.ENTRIES, last, 256), size)
                                .isPresent());
                        read++;
                    }
                    return read;
                };
                readers.add(threads.submit(reader));
            }
            for (int i = 300; i < 6000; i++) {
                ledger.append(ExportHouse.entry(i));
            }
            grown.set(true);
            for (Future<Integer> reader : readers) {
                assertTrue(reader.get() > 0);
            }
        }
        try (Ledger again = ledger()) {
            for (long bundle = 0; bundle < 6000 / 256; bundle++) {
                byte[] bytes = again.tiles()
                        .read(new TileName(TileName.ENTRIES, bundle, 256), 6000)
                        .orElseThrow();
                long index = bundle * 256;
                int length = (bytes[0] & 0xff) << 8 | (bytes[1] & 0xff);
                String entry = new String(bytes, 2, length, StandardCharsets.UTF_8);
                assertTrue(
                        entry.contains("\"counter\":" + (index + 1) + ",") || entry.contains("a_" + index / 2), entry);
            }
        }
    }

    @Test
    void whatTheTreeDoesNotHaveIsNotThere() throws Exception {
        house.append(0, 300);
        try (Ledger ledger = ledger()) {
            for (String path : List.of(
                    "tile/0/001",
                    "tile/0/001.p/45",
                    "tile/0/002.p/1",
                    "tile/1/000",
                    "tile/1/000.p/2",
                    "tile/2/000.p/1",
                    "tile/7/000.p/1",
                    "tile/8/000.p/1",
                    "tile/63/000.p/1",
                    "tile/entries/001",
                    "tile/entries/002.p/1",
                    "tile/0/x999/x999/x999/x999/x999/999")) {
                assertEquals(Optional.empty(), ledger.tiles().read(name(path), 300), path);
            }
            // The beginning of a tile that is wider by now was one, when the log was smaller.
            assertEquals(
                    32 * 3, ledger.tiles().read(name("tile/0/000.p/3"), 300).orElseThrow().length);
        }
    }

    @Test
    void aNameHasOneSpelling() {
        for (String path :
                List.of("tile/0/000", "tile/1/001.p/255", "tile/entries/x001/x234/067", "tile/63/x001/000.p/1")) {
            assertEquals(path, name(path).path());
        }
        for (String path : List.of(
                "",
                "tile",
                "tile/",
                "tile/0",
                "tile/0/",
                "tile/00/000",
                "tile/64/000",
                "tile/-1/000",
                "tile/0/0",
                "tile/0/0000",
                "tile/0/x000/000",
                "tile/0/001/000",
                "tile/0/x001",
                "tile/0/000.p/0",
                "tile/0/000.p/256",
                "tile/0/000.p/01",
                "tile/0/000.p/",
                "tile/0/000.p",
                "tile/0/000/",
                "tile/0/../0/000",
                "tile/entries/../../checkpoint",
                "tile/0/%30%30%30",
                "tile/0/000\u0000",
                "tile/0/000\n",
                "TILE/0/000",
                "tile/Entries/000",
                "tile/0/x\u0661\u0661\u0661/000",
                "tile/0/x999/x999/x999/x999/x999/x999/999")) {
            assertEquals(Optional.empty(), TileName.parse(path), path);
        }
    }

    @Test
    void anAlteredEntryIsNotServed() throws Exception {
        house.append(0, 300);
        try (FileChannel wal = FileChannel.open(house.ledger.resolve("hashes-0-000000"), StandardOpenOption.WRITE)) {
            wal.write(ByteBuffer.wrap(new byte[] {1}), 32 * 7);
        }
        // The frontier of 300 entries is made from other hashes, so the ledger opens.
        try (Ledger ledger = ledger()) {
            String said = String.valueOf(assertThrows(
                            IOException.class, () -> ledger.tiles().read(name("tile/entries/000"), 300))
                    .getMessage());
            assertTrue(said.startsWith("entry 7 is not the one"), said);
            assertTrue(ledger.tiles().read(name("tile/entries/001.p/44"), 300).isPresent());
        }
    }
}
