package dev.reeve.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each kind of byte of an exported folder is altered; the verifier says so and names the first bad entry. */
final class TilesVerifierTest {
    private static final int ENTRIES = 600;

    @TempDir
    private static Path folder;

    private static ExportHouse house;
    private static Path original;
    private static Path copy;

    @BeforeAll
    static void write() throws Exception {
        house = new ExportHouse(folder);
        house.append(0, ENTRIES);
        original = folder.resolve("original");
        copy = folder.resolve("copy");
        TileExport.run(house.ledger, house.vkey(), original, Progress.silent());
    }

    @BeforeEach
    void freshCopy() throws IOException {
        ExportHouse.delete(copy);
        ExportHouse.copy(original, copy);
    }

    private static Verification verify() {
        return verify(Optional.empty(), LeafCheck.none());
    }

    private static Verification verify(Optional<Checkpoint> kept, LeafCheck check) {
        return TilesVerifier.verify(copy, house.vkey(), kept, check, Progress.silent());
    }

    private static void assertBroken(long index, String part) {
        assertBroken(verify(), index, part);
    }

    private static void assertBroken(Verification found, long index, String part) {
        Verification.Broken broken = assertInstanceOf(Verification.Broken.class, found);
        assertTrue((broken.what() + " " + broken.where()).contains(part), broken.toString());
        assertEquals(index, broken.index(), broken.toString());
    }

    private static void flip(String name, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(copy.resolve(name));
        bytes[at] ^= 1;
        Files.write(copy.resolve(name), bytes);
    }

    private static List<byte[]> entries(String name) throws IOException {
        byte[] bytes = Files.readAllBytes(copy.resolve(name));
        List<byte[]> entries = new ArrayList<>();
        for (int at = 0; at < bytes.length; ) {
            int length = (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
            entries.add(java.util.Arrays.copyOfRange(bytes, at + 2, at + 2 + length));
            at += 2 + length;
        }
        return entries;
    }

    private static void store(String name, List<byte[]> entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] entry : entries) {
            bytes.write(entry.length >>> 8);
            bytes.write(entry.length);
            bytes.writeBytes(entry);
        }
        Files.write(copy.resolve(name), bytes.toByteArray());
    }

    @Test
    void whatWasExportedHoldsAndEveryEntryWasSeen() {
        List<Long> seen = new ArrayList<>();
        Verification.Holds holds =
                assertInstanceOf(Verification.Holds.class, verify(Optional.empty(), (index, leaf) -> {
                    seen.add(index);
                    return Optional.empty();
                }));
        assertEquals(ENTRIES, holds.size());
        assertEquals(ENTRIES, seen.size());
        assertEquals(List.of(LedgerVerifier.UNWITNESSED), holds.warnings());
    }

    /** Bytes of every entry and of every length before one. */
    @Test
    void anAlteredEntryIsNamedWhereverItIsAltered() throws IOException {
        byte[] bytes = Files.readAllBytes(copy.resolve("tile/entries/001"));
        int at = 0;
        for (int i = 0; i < 256; i++) {
            int length = (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
            for (int part :
                    i % 16 == 0 ? new int[] {0, 1, 2, 1 + length / 2, 1 + length} : new int[] {2 + i % length}) {
                flip("tile/entries/001", at + part);
                assertBroken(256 + i, part < 2 ? "entr" : "the entry was altered");
                flip("tile/entries/001", at + part);
            }
            at += 2 + length;
        }
        assertInstanceOf(Verification.Holds.class, verify());
    }

    @Test
    void entriesThatWereMovedDroppedOrDoubledAreNamed() throws IOException {
        List<byte[]> entries = entries("tile/entries/000");
        List<byte[]> swapped = new ArrayList<>(entries);
        Collections.swap(swapped, 7, 9);
        store("tile/entries/000", swapped);
        assertBroken(7, "the entry was altered");
        List<byte[]> dropped = new ArrayList<>(entries);
        dropped.remove(100);
        store("tile/entries/000", dropped);
        assertBroken(100, "the entry was altered");
        List<byte[]> doubled = new ArrayList<>(entries);
        doubled.add(50, entries.get(50));
        store("tile/entries/000", doubled);
        assertBroken(51, "the entry was altered");
        List<byte[]> more = new ArrayList<>(entries);
        more.add(entries.get(0));
        store("tile/entries/000", more);
        assertBroken(256, "something stands behind the last entry");
        store("tile/entries/000", entries.subList(0, 200));
        assertBroken(200, "the bundle ends within this entry, or before it");
    }

    @Test
    void anAlteredHashIsToldFromAnAlteredEntry() throws IOException {
        flip("tile/0/000", 32 * 77 + 5);
        assertBroken(77, "the stored hash of this entry was altered; the entry is as signed");
        freshCopy();
        flip("tile/1/000.p/2", 33);
        assertBroken(256, "a stored hash over the entries from here was altered; they are as signed");
    }

    @Test
    void anEntryAlteredTogetherWithItsHashIsNamedByItsRange() throws IOException {
        List<byte[]> entries = entries("tile/entries/001");
        entries.get(3)[5] ^= 1;
        store("tile/entries/001", entries);
        byte[] tile = Files.readAllBytes(copy.resolve("tile/0/001"));
        byte[] hash = new Sha256().leaf(entries.get(3), 0, entries.get(3).length);
        System.arraycopy(hash, 0, tile, 32 * 3, 32);
        Files.write(copy.resolve("tile/0/001"), tile);
        assertBroken(256, "one of the 256 entries from here was altered, and its stored hash with it");
    }

    @Test
    void twoForgeriesDoNotHideEachOther() throws IOException {
        flip("tile/0/000", 32 * 5);
        List<byte[]> entries = entries("tile/entries/001");
        entries.get(3)[5] ^= 1;
        store("tile/entries/001", entries);
        assertBroken(5, "the entry was altered, or its stored hash, and it is not all that was");
    }

    @Test
    void aRightEdgeAlteredInEveryFileIsStillNotTheSignedRoot() throws IOException {
        List<byte[]> entries = entries("tile/entries/002.p/88");
        entries.get(3)[5] ^= 1;
        store("tile/entries/002.p/88", entries);
        byte[] tile = Files.readAllBytes(copy.resolve("tile/0/002.p/88"));
        byte[] hash = new Sha256().leaf(entries.get(3), 0, entries.get(3).length);
        System.arraycopy(hash, 0, tile, 32 * 3, 32);
        Files.write(copy.resolve("tile/0/002.p/88"), tile);
        assertBroken(-1, "the entries do not give the signed root");
    }

    @Test
    void everyFileIsMissedAndEveryLengthChecked() throws IOException {
        for (String name : ExportHouse.files(original).keySet()) {
            freshCopy();
            Files.delete(copy.resolve(name));
            String where = name.equals("checkpoint") ? "the checkpoint is missing" : name;
            assertBroken(name.startsWith("tile/entries") ? firstOf(name) : -1, where);
            freshCopy();
            byte[] bytes = Files.readAllBytes(copy.resolve(name));
            Files.write(copy.resolve(name), java.util.Arrays.copyOf(bytes, bytes.length - 1));
            assertInstanceOf(Verification.Broken.class, verify(), name);
            Files.write(copy.resolve(name), java.util.Arrays.copyOf(bytes, bytes.length + 1));
            assertInstanceOf(Verification.Broken.class, verify(), name);
        }
    }

    private static long firstOf(String bundle) {
        return 256 * Long.parseLong(bundle.substring("tile/entries/".length(), "tile/entries/".length() + 3));
    }

    @Test
    void everyByteOfTheCheckpointCounts() throws IOException {
        int length = Files.readAllBytes(copy.resolve("checkpoint")).length;
        for (int i = 0; i < length; i++) {
            flip("checkpoint", i);
            assertBroken(-1, "the checkpoint is not signed by the key");
            flip("checkpoint", i);
        }
    }

    @Test
    void aKeptCheckpointTellsAnOlderStateAndAnotherHistory() throws Exception {
        Path later = folder.resolve("later");
        ExportHouse grown = new ExportHouse(Files.createDirectories(later));
        grown.append(0, ENTRIES + 20);
        TileExport.run(grown.ledger, grown.vkey(), later.resolve("out"), Progress.silent());
        Checkpoint newer = checkpoint(later.resolve("out"));
        Checkpoint mine = checkpoint(copy);
        assertInstanceOf(Verification.Holds.class, verify(Optional.of(mine), LeafCheck.none()));
        assertBroken(verify(Optional.of(newer), LeafCheck.none()), ENTRIES, "it is an older state");

        Path other = folder.resolve("other");
        ExportHouse forked = new ExportHouse(Files.createDirectories(other));
        forked.append(1, 200);
        TileExport.run(forked.ledger, forked.vkey(), other.resolve("out"), Progress.silent());
        assertBroken(
                verify(Optional.of(checkpoint(other.resolve("out"))), LeafCheck.none()),
                -1,
                "the first 199 entries are not those of the kept checkpoint");
        ExportHouse.delete(copy);
        ExportHouse.copy(later.resolve("out"), copy);
        assertInstanceOf(Verification.Holds.class, verify(Optional.of(mine), LeafCheck.none()));
    }

    private static Checkpoint checkpoint(Path of) throws IOException {
        return Checkpoint.open(Files.readString(of.resolve("checkpoint"), StandardCharsets.UTF_8), house.vkey())
                .orElseThrow();
    }

    @Test
    void whatTheRecordsSayOfEachOtherIsNamedAtItsEntry() {
        assertBroken(
                verify(
                        Optional.empty(),
                        (index, leaf) -> index == 9 ? Optional.of("its intent is missing") : Optional.empty()),
                9,
                "its intent is missing");
    }

    /** What makes no sense any more because something was altered must not hide where it was altered. */
    @Test
    void theTreeComesBeforeTheSense() throws IOException {
        LeafCheck nonsense = (index, leaf) -> Optional.of("nothing makes sense");
        flip("tile/entries/001", 9);
        assertBroken(verify(Optional.empty(), nonsense), 256, "the entry was altered");
        freshCopy();
        flip("tile/1/000.p/2", 33);
        assertBroken(verify(Optional.empty(), nonsense), 256, "a stored hash over the entries from here was altered");
        freshCopy();
        assertBroken(verify(Optional.empty(), nonsense), 0, "nothing makes sense");
    }
}
