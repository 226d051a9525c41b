package dev.reeve.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each kind of byte in the folder is altered; the verifier says so and names the first bad entry. */
final class LedgerVerifierTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);
    private static final int ENTRIES = 1200;
    private static final int FRAME = SegmentHeader.BYTES;

    @TempDir
    private static Path folder;

    private static SigningKeys key;
    private static Path original;
    private static Path copy;

    /** 1,200 entries in groups of one, over several files; each with one disclosure. */
    @BeforeAll
    static void write() throws Exception {
        key = SigningKeys.loadOrCreate(folder.resolve("keys/key"), "example.com/log");
        original = folder.resolve("original");
        copy = folder.resolve("copy");
        Files.createDirectories(copy);
        try (Ledger ledger = Ledger.open(original, LedgerTest.SMALL, key, CLOCK)) {
            for (int i = 0; i < ENTRIES; i++) {
                ledger.append(entry(i));
            }
        }
    }

    private static Entry entry(int i) {
        byte[] salt = new byte[16];
        ByteBuffer.wrap(salt).putInt(i);
        Disclosure hidden = new Disclosure(salt, "arguments", ("{\"n\":" + i + "}").getBytes(StandardCharsets.UTF_8));
        Json.Obj body = Json.object()
                .put(
                        "hidden",
                        Json.object().put("arguments", Commitment.of(hidden)).build())
                .put("text", "entry " + i)
                .build();
        return Entry.stamped("node-1", body, List.of(hidden));
    }

    @BeforeEach
    void freshCopy() throws IOException {
        for (Path file : files(copy)) {
            Files.delete(file);
        }
        for (Path file : files(original)) {
            Files.copy(file, copy.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static List<Path> files(Path of) throws IOException {
        try (var files = Files.list(of)) {
            return files.sorted().toList();
        }
    }

    private Verification verify() {
        return verify(LeafCheck.none());
    }

    private Verification verify(LeafCheck check) {
        return LedgerVerifier.verify(copy, VerifierKeys.parse(key.verifiers().toString()), check, Progress.silent());
    }

    private void assertBroken(long index, String part) {
        Verification.Broken broken = assertInstanceOf(Verification.Broken.class, verify());
        assertTrue(broken.what().contains(part), broken.toString());
        assertEquals(index, broken.index(), broken.toString());
    }

    /** A frame of the copy, with the bytes of its file. */
    @SuppressWarnings("ArrayRecordComponent") // Bytes to alter, never compared.
    private record Place(Path file, byte[] bytes, int at, FrameHeader header) {
        ByteBuffer view() {
            return ByteBuffer.wrap(bytes);
        }

        int entries() {
            return at + FrameHeader.BYTES;
        }

        int disclosures() {
            return entries() + header.entriesBytes();
        }

        void store() throws IOException {
            Files.write(file, bytes);
        }

        /** What a clever forger does: all checksums are right again. */
        void storeWithChecksums() throws IOException {
            FrameHeader now = new FrameHeader(
                    header.salt(),
                    header.firstIndex(),
                    header.firstCounter(),
                    header.count(),
                    header.entriesBytes(),
                    FrameHeader.crc(view(), entries(), header.entriesBytes()),
                    header.disclosures(),
                    header.disclosuresBytes(),
                    header.stamped(),
                    header.writtenAt());
            now.put(view(), at);
            store();
        }
    }

    private Place frame(long index) throws IOException {
        for (Path file : files(copy)) {
            if (!SegmentHeader.isName(file.getFileName().toString())) {
                continue;
            }
            byte[] bytes = Files.readAllBytes(file);
            ByteBuffer view = ByteBuffer.wrap(bytes);
            SegmentHeader segment = SegmentHeader.read(view);
            int at = FRAME;
            while (segment != null && at + FrameHeader.BYTES <= bytes.length) {
                FrameHeader header = FrameHeader.read(view, at, segment.salt());
                if (header == null) {
                    break;
                }
                if (header.firstIndex() <= index && index < header.endIndex()) {
                    return new Place(file, bytes, at, header);
                }
                at += header.frameBytes();
            }
        }
        throw new AssertionError("no entry " + index);
    }

    private void flip(Path file, long at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[(int) at] ^= 1;
        Files.write(file, bytes);
    }

    @Test
    void anUntouchedCopyHolds() {
        Verification.Holds holds = assertInstanceOf(Verification.Holds.class, verify());
        assertEquals(ENTRIES, holds.size());
        assertEquals(ENTRIES, holds.entries());
        assertEquals(List.of(LedgerVerifier.UNWITNESSED), holds.warnings());
    }

    @Test
    void anAlteredEntryIsNamed() throws IOException {
        for (int index : new int[] {0, 1, 255, 256, 700, ENTRIES - 1}) {
            freshCopy();
            Place place = frame(index);
            place.bytes()[place.entries() + 10] ^= 1;
            place.store();
            assertBroken(index, "the entry was altered");
        }
    }

    @Test
    void anAlteredEntryWithRightChecksumsIsNamed() throws IOException {
        for (int index : new int[] {0, 255, 700, ENTRIES - 1}) {
            freshCopy();
            Place place = frame(index);
            place.bytes()[place.entries() + 10] ^= 1;
            place.storeWithChecksums();
            assertBroken(index, "the entry was altered");
        }
    }

    @Test
    void anEntryAlteredTogetherWithItsStoredHashIsFoundInItsTile() throws IOException {
        Place place = frame(300);
        place.bytes()[place.entries() + 10] ^= 1;
        place.storeWithChecksums();
        int length = place.header().entriesBytes() - 2;
        byte[] hash = new Sha256().leaf(place.bytes(), place.entries() + 2, length);
        Path level = copy.resolve(HashLevels.name(0, 0));
        byte[] hashes = Files.readAllBytes(level);
        System.arraycopy(hash, 0, hashes, 300 * 32, 32);
        Files.write(level, hashes);
        assertBroken(256, "one of the 256 entries from here");
    }

    @Test
    void anAlteredStoredHashIsToldFromAnAlteredEntry() throws IOException {
        flip(copy.resolve(HashLevels.name(0, 0)), 500 * 32 + 5);
        assertBroken(500, "the stored hash of this entry was altered; the entry is as signed");
    }

    @Test
    void anAlteredLengthIsNamed() throws IOException {
        Place place = frame(42);
        place.bytes()[place.entries() + 1] ^= 1;
        place.store();
        assertEquals(42, assertInstanceOf(Verification.Broken.class, verify()).index());
    }

    @Test
    void everyByteOfAGroupsHeaderCounts() throws IOException {
        for (int i = 0; i < FrameHeader.BYTES; i++) {
            freshCopy();
            Place place = frame(600);
            place.bytes()[place.at() + i] ^= 4;
            place.store();
            assertEquals(
                    600,
                    assertInstanceOf(Verification.Broken.class, verify(), "byte " + i)
                            .index(),
                    "byte " + i);
        }
    }

    @Test
    void everyByteOfAFilesHeaderCounts() throws IOException {
        for (int i = 0; i < SegmentHeader.BYTES; i++) {
            freshCopy();
            flip(copy.resolve(SegmentHeader.name(2)), i);
            assertInstanceOf(Verification.Broken.class, verify(), "byte " + i);
        }
    }

    /** Else it would be decoded as another one. */
    @Test
    void aNameThatIsNoTextIsNamed() throws IOException {
        Place place = frame(77);
        int at = place.disclosures();
        place.bytes()[at + FrameEncoder.DISCLOSURE_PREFIX + Disclosure.SALT_BYTES] = (byte) 0xff;
        int length = FrameEncoder.DISCLOSURE_PREFIX + Disclosure.SALT_BYTES + "arguments{\"n\":77}".length();
        place.view().putInt(at + 12, FrameEncoder.disclosureCrc(place.view(), at, length));
        place.store();
        assertBroken(77, "a disclosure of entry 77 has no name in UTF-8");
    }

    @Test
    void anAlteredHiddenValueIsNamed() throws IOException {
        Place place = frame(77);
        place.bytes()[place.disclosures() + place.header().disclosuresBytes() - 2] ^= 1;
        place.store();
        assertBroken(77, "the checksum of a disclosure");
    }

    @Test
    void aHiddenValueForgedWithItsChecksumIsNamed() throws IOException {
        Place place = frame(77);
        int at = place.disclosures();
        int length = place.header().disclosuresBytes();
        place.bytes()[at + length - 2] ^= 1;
        CRC32C crc = new CRC32C();
        crc.update(place.bytes(), at + 2, 10);
        crc.update(place.bytes(), at + FrameEncoder.DISCLOSURE_PREFIX, length - FrameEncoder.DISCLOSURE_PREFIX);
        place.view().putInt(at + 12, (int) crc.getValue());
        place.store();
        assertBroken(77, "a hidden value is not the one that the entry commits to");
    }

    @Test
    void anErasedHiddenValueLeavesTheProofWhole() throws IOException {
        Place place = frame(77);
        int at = place.disclosures();
        place.bytes()[at] = FrameEncoder.ERASED;
        Arrays.fill(place.bytes(), at + 12, at + place.header().disclosuresBytes(), (byte) 0);
        place.store();
        Verification.Holds holds = assertInstanceOf(Verification.Holds.class, verify());
        assertTrue(holds.warnings().get(1).startsWith("1 hidden values were erased"), holds.toString());
    }

    /** All that whoever writes the file can do: what follows moves up, and every checksum is right. */
    @Test
    void aHiddenValueThatWasTakenAwayIsNamed() throws IOException {
        Place place = frame(77);
        FrameHeader header = place.header();
        FrameHeader without = new FrameHeader(
                header.salt(),
                header.firstIndex(),
                header.firstCounter(),
                header.count(),
                header.entriesBytes(),
                header.entriesCrc(),
                0,
                0,
                header.stamped(),
                header.writtenAt());
        byte[] bytes = place.bytes().clone();
        Arrays.fill(bytes, place.disclosures(), bytes.length, (byte) 0);
        without.put(ByteBuffer.wrap(bytes), place.at());
        int next = place.at() + header.frameBytes();
        System.arraycopy(place.bytes(), next, bytes, place.at() + without.frameBytes(), bytes.length - next);
        Files.write(place.file(), bytes);
        assertBroken(77, "a hidden value was taken away: the entry commits to 1 (\"arguments\")");
    }

    @Test
    void aRestOfAnErasedValueIsNoErasure() throws IOException {
        Place place = frame(77);
        place.bytes()[place.disclosures()] = FrameEncoder.ERASED;
        place.store();
        assertBroken(77, "has a rest");
    }

    @Test
    void aLogThatWasCutOffBelowTheCheckpointIsNamed() throws IOException {
        Place place = frame(900);
        Arrays.fill(place.bytes(), place.at(), place.bytes().length, (byte) 0);
        place.store();
        for (Path file : files(copy)) {
            String name = file.getFileName().toString();
            if (SegmentHeader.isName(name)
                    && name.compareTo(place.file().getFileName().toString()) > 0) {
                Files.delete(file);
            }
        }
        assertBroken(900, "cut off");
    }

    @Test
    void aShortenedFileIsNamed() throws IOException {
        Place place = frame(ENTRIES - 5);
        Files.write(place.file(), Arrays.copyOf(place.bytes(), place.at() + 30));
        assertBroken(ENTRIES - 5, "cut off");
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        long first = frame(700).header().firstIndex();
        Path file = frame(first).file();
        Files.delete(file);
        assertInstanceOf(Verification.Broken.class, verify());
        assertTrue(verify().toString().contains("a file is missing"), verify().toString());
    }

    @Test
    void exchangedAndDoubledGroupsAreNamed() throws IOException {
        Place first = frame(500);
        Place second = frame(501);
        int bytes = first.header().frameBytes();
        assertEquals(bytes, second.header().frameBytes());
        byte[] original = first.bytes().clone();
        System.arraycopy(original, second.at(), first.bytes(), first.at(), bytes);
        first.store();
        assertBroken(500, "a group is missing, doubled or in the wrong place");
        System.arraycopy(original, first.at(), first.bytes(), second.at(), bytes);
        first.store();
        assertBroken(500, "a group is missing, doubled or in the wrong place");
    }

    @Test
    void everyPartOfACheckpointCounts() throws IOException {
        Path file = copy.resolve(CheckpointFile.NAME);
        String newest = newestNote();
        byte[] bytes = Files.readAllBytes(file);
        int at = new String(bytes, StandardCharsets.ISO_8859_1)
                .indexOf(new String(newest.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
        int length = newest.getBytes(StandardCharsets.UTF_8).length;
        for (int i = 0; i < length; i += 3) {
            byte[] forged = bytes.clone();
            forged[at + i] ^= 1;
            ByteBuffer slot = ByteBuffer.wrap(forged);
            CRC32C crc = new CRC32C();
            crc.update(slot.slice(at - 16, 12));
            crc.update(slot.slice(at, length));
            slot.putInt(at - 4, (int) crc.getValue());
            Files.write(file, forged);
            assertInstanceOf(Verification.Broken.class, verify(), "byte " + i);
        }
    }

    private String newestNote() throws IOException {
        try (FolderDisk disk = FolderDisk.readOnly(copy);
                CheckpointFile file = new CheckpointFile(disk.open(CheckpointFile.NAME))) {
            return file.notes().getFirst();
        }
    }

    @Test
    void anotherKeyOfTheSameNameProvesNothing() throws IOException {
        VerifierKeys other = SigningKeys.loadOrCreate(folder.resolve("keys/other"), "example.com/log")
                .verifiers();
        assertInstanceOf(
                Verification.Broken.class, LedgerVerifier.verify(copy, other, LeafCheck.none(), Progress.silent()));
    }

    @Test
    void deletedFilesAreNamed() throws IOException {
        for (String name : List.of(CheckpointFile.NAME, Manifest.NAME, HashLevels.name(0, 0), HashLevels.name(1, 0))) {
            freshCopy();
            Files.delete(copy.resolve(name));
            Verification.Broken broken = assertInstanceOf(Verification.Broken.class, verify(), name);
            assertTrue((broken.what() + broken.where()).contains(name), broken.toString());
        }
    }

    @Test
    void theServersCheckSeesEachEntryInOrderAndItsFindingIsNamed() {
        List<Long> seen = new ArrayList<>();
        Verification found = verify((index, leaf) -> {
            seen.add(index);
            assertTrue(new String(leaf, StandardCharsets.UTF_8).contains("\"entry " + index + "\""));
            return index == 9 ? Optional.of("its intent is missing") : Optional.empty();
        });
        assertEquals(10, seen.size());
        assertEquals(9, assertInstanceOf(Verification.Broken.class, found).index());
    }

    @Test
    void theOpeningRefusesWhatTheVerifierNames() throws IOException {
        Place place = frame(ENTRIES - 3);
        Arrays.fill(place.bytes(), place.at(), place.bytes().length, (byte) 0);
        place.store();
        LedgerUnavailableException refused = org.junit.jupiter.api.Assertions.assertThrows(
                LedgerUnavailableException.class,
                () -> Ledger.open(copy, LedgerTest.SMALL, key, CLOCK).close());
        assertEquals(LedgerUnavailableException.Reason.CORRUPT, refused.reason());
    }
}
