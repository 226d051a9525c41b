package dev.reeve.ledger;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.ledger.TileExport.Exported;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TileExportTest {
    @TempDir
    private Path folder;

    private ExportHouse house;
    private Path out;

    @BeforeEach
    void open() throws IOException {
        house = new ExportHouse(folder);
        out = folder.resolve("out");
    }

    private Exported export() throws IOException {
        return TileExport.run(house.ledger, house.vkey(), out, Progress.silent());
    }

    private Verification verify() {
        return TilesVerifier.verify(out, house.vkey(), Optional.empty(), LeafCheck.none(), Progress.silent());
    }

    private void assertRefused(String part) {
        String said =
                String.valueOf(assertThrows(IOException.class, this::export).getMessage());
        assertTrue(said.contains(part), said);
    }

    /** The example of the specification: a tree of 256 has a full tile and, above it, one of width 1. */
    @Test
    void theFilesAreThoseOfTheSpecification() throws Exception {
        house.append(0, 256);
        export();
        assertEquals(
                Set.of("checkpoint", "tile/0/000", "tile/1/000.p/1", "tile/entries/000"),
                ExportHouse.files(out).keySet());
        house.append(256, 300);
        assertEquals(new Exported(export().checkpoint(), 300, 0), export());
        assertEquals(
                Set.of(
                        "checkpoint",
                        "tile/0/000",
                        "tile/0/001.p/44",
                        "tile/1/000.p/1",
                        "tile/entries/000",
                        "tile/entries/001.p/44"),
                ExportHouse.files(out).keySet());
        assertInstanceOf(Verification.Holds.class, verify());
    }

    @Test
    void numbersOfTilesAreThreeDigitsAnElement() {
        assertEquals("tile/0/x001/x234/067", TilePath.tile(0, 1_234_067, 256));
        assertEquals("tile/entries/x001/000.p/7", TilePath.bundle(1000, 7));
        assertEquals("tile/3/000.p/255", TilePath.tile(3, 0, 255));
    }

    @Test
    void anEmptyLedgerIsACheckpointAlone() throws Exception {
        house.append(0, 0);
        assertEquals(0, export().checkpoint().size());
        assertEquals(Set.of("checkpoint"), ExportHouse.files(out).keySet());
        assertInstanceOf(Verification.Holds.class, verify());
    }

    /** Each pair of sizes in which a bundle, a tile or a level begins, ends or goes on. */
    @ParameterizedTest
    @CsvSource({"1,2", "5,256", "255,256", "256,257", "256,512", "257,300", "300,301", "300,512", "511,513", "1,600"})
    void whatIsAddedLaterGivesTheSameFilesAsAllAtOnce(int first, int then) throws Exception {
        house.append(0, first);
        assertEquals(0, export().from());
        house.append(first, then);
        Exported added = export();
        assertEquals(first, added.from());
        assertEquals(then, added.checkpoint().size());
        assertInstanceOf(Verification.Holds.class, verify());
        Map<String, byte[]> grown = ExportHouse.files(out);

        out = folder.resolve("at-once");
        export();
        for (Map.Entry<String, byte[]> file : ExportHouse.files(out).entrySet()) {
            assertArrayEquals(file.getValue(), grown.remove(file.getKey()), file.getKey());
        }
        // What is left are partial tiles of the smaller state, and none of a tile that is full now.
        for (String name : grown.keySet()) {
            assertTrue(name.contains(".p/"), name);
            assertFalse(Files.exists(out.resolve(name.substring(0, name.indexOf(".p/")))), name);
        }
    }

    @Test
    void nothingIsWrittenTwice() throws Exception {
        house.append(0, 600);
        assertTrue(export().files() > 5);
        Path tile = out.resolve("tile/0/000");
        Object before = Files.readAttributes(tile, "unix:ino,lastModifiedTime");
        house.append(600, 700);
        // Bundle and tile at the right edge, the same number of roots, the checkpoint.
        assertEquals(3, export().files());
        assertEquals(before, Files.readAttributes(tile, "unix:ino,lastModifiedTime"));
    }

    @Test
    void anExportThatWasKilledGoesOn() throws Exception {
        house.append(0, 600);
        export();
        Map<String, byte[]> whole = ExportHouse.files(out);
        Files.delete(out.resolve("checkpoint"));
        Files.delete(out.resolve("tile/1/000.p/2"));
        Files.writeString(out.resolve(".reeve-export.tmp"), "half a ti");
        assertEquals(2, export().files());
        assertEquals(whole.keySet(), ExportHouse.files(out).keySet());
        assertInstanceOf(Verification.Holds.class, verify());
    }

    @Test
    void itExportsWhileTheLedgerIsWritten() throws Exception {
        house.append(0, 10);
        List<Long> sizes = new ArrayList<>();
        try (Ledger ledger = Ledger.open(house.ledger, LedgerTest.SMALL, house.key, java.time.InstantSource.system())) {
            for (int round = 0; round < 20; round++) {
                Thread writer = Thread.ofVirtual().start(() -> {
                    try {
                        for (int i = 0; i < 60; i++) {
                            ledger.append(ExportHouse.entry(i));
                        }
                    } catch (LedgerUnavailableException e) {
                        throw new AssertionError(e);
                    }
                });
                sizes.add(export().checkpoint().size());
                assertInstanceOf(Verification.Holds.class, verify());
                writer.join();
            }
        }
        export();
        assertEquals(1210, assertInstanceOf(Verification.Holds.class, verify()).size());
        assertEquals(sizes.stream().sorted().toList(), sizes);
    }

    @Test
    void onlyItsOwnerCanReadIt() throws Exception {
        house.append(0, 3);
        export();
        for (String name : ExportHouse.files(out).keySet()) {
            assertEquals(
                    PosixFilePermissions.fromString("rw-------"),
                    Files.getPosixFilePermissions(out.resolve(name)),
                    name);
        }
        assertEquals(PosixFilePermissions.fromString("rwx------"), Files.getPosixFilePermissions(out.resolve("tile")));
    }

    @Test
    void aForeignFolderIsLeftAlone() throws Exception {
        house.append(0, 3);
        Files.createDirectories(out);
        Files.writeString(out.resolve("thesis.txt"), "mine");
        assertRefused("holds `thesis.txt` and is no export of the log `" + ExportHouse.ORIGIN + "`: it is left alone");
        assertEquals(Set.of("thesis.txt"), ExportHouse.files(out).keySet());

        Files.writeString(out.resolve("checkpoint"), "example.com/other\n3\nAAAA\n\n\u2014 example.com/other AAAA\n");
        assertRefused("the checkpoint in `" + out + "` is not signed by the key");
        assertEquals(2, ExportHouse.files(out).size());
    }

    @Test
    void anExportOfAnotherLogIsLeftAlone() throws Exception {
        house.append(0, 3);
        Files.createDirectories(out);
        Files.writeString(out.resolve(ExportFolder.MARK), "example.com/other\n");
        assertRefused("is no export of the log");
    }

    @Test
    void theLedgersOwnFolderIsNoTarget() throws Exception {
        house.append(0, 3);
        out = house.ledger.resolve("out");
        assertRefused("an export does not go into the ledger itself");
        out = house.ledger;
        assertRefused("an export does not go into the ledger itself");
    }

    @Test
    void twoExportsIntoOneFolderDoNotMix() throws Exception {
        house.append(0, 3);
        export();
        try (FileChannel other = FileChannel.open(out.resolve(ExportFolder.MARK), StandardOpenOption.WRITE)) {
            assertTrue(other.lock().isValid());
            assertRefused("another export writes into `" + out + "` just now");
        }
        export();
    }

    @Test
    void anOlderCopyOfTheLedgerIsNotExportedOverANewerOne() throws Exception {
        house.append(0, 300);
        ExportHouse.copy(house.ledger, folder.resolve("older"));
        house.append(300, 310);
        export();
        ExportHouse.delete(house.ledger);
        ExportHouse.copy(folder.resolve("older"), house.ledger);
        assertRefused("310 entries were exported, and the ledger has only 300 signed");
    }

    @Test
    void anotherHistoryUnderTheSameKeyIsNotExportedOverTheFirst() throws Exception {
        house.append(0, 300);
        export();
        ExportHouse.delete(house.ledger);
        house.append(1, 311);
        Map<String, byte[]> before = ExportHouse.files(out);
        assertRefused("the ledger is not what was exported before: its first 300 entries give another root");
        assertEquals(before.keySet(), ExportHouse.files(out).keySet());
        assertArrayEquals(before.get("checkpoint"), ExportHouse.files(out).get("checkpoint"));
    }

    @Test
    void aDamagedLedgerGivesNoCheckpoint() throws Exception {
        house.append(0, 300);
        Path hashes = house.ledger.resolve(HashLevels.name(0, 0));
        Path log = house.ledger.resolve("wal-0000000001");
        byte[] bytes = Files.readAllBytes(log);
        byte[] forged = bytes.clone();
        forged[SegmentHeader.BYTES + FrameHeader.BYTES + 20] ^= 1;
        Files.write(log, forged);
        assertRefused("the checksum of the group's entries is wrong");
        assertFalse(Files.exists(out.resolve("checkpoint")));
        Files.write(log, bytes);
        byte[] altered = Files.readAllBytes(hashes);
        altered[40] ^= 1;
        Files.write(hashes, altered);
        // The tiles come from the entries: an altered stored hash does not get out.
        export();
        assertInstanceOf(Verification.Holds.class, verify());
    }

    @Test
    void anotherKeyExportsNothing() throws Exception {
        house.append(0, 3);
        VerifierKeys other = SigningKeys.loadOrCreate(folder.resolve("keys/other"), ExportHouse.ORIGIN)
                .verifiers();
        IOException refused =
                assertThrows(IOException.class, () -> TileExport.run(house.ledger, other, out, Progress.silent()));
        assertTrue(String.valueOf(refused.getMessage()).contains("is not signed by the key"), refused.toString());
        assertFalse(Files.exists(out));
    }
}
