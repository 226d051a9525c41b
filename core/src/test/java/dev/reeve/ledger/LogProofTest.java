package dev.reeve.ledger;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.ledger.LogProof.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LogProofTest {
    private static final int ENTRIES = 600;

    @TempDir
    private static Path folder;

    private static ExportHouse house;

    @BeforeAll
    static void write() throws Exception {
        house = new ExportHouse(folder);
        house.append(0, ENTRIES);
    }

    private static String proof(long index) throws IOException {
        return LogProofs.of(house.ledger, index, house.vkey()).text();
    }

    private static Verdict check(String proof) {
        return check(proof.getBytes(StandardCharsets.UTF_8));
    }

    private static Verdict check(byte[] proof) {
        return LogProof.check(proof, house.vkey(), Optional.empty());
    }

    private static void assertRefused(Verdict verdict, String part) {
        Verdict.Refused refused = assertInstanceOf(Verdict.Refused.class, verdict);
        assertTrue(refused.what().contains(part), refused.what());
    }

    private static String without(String proof, String start) {
        return proof.lines().filter(line -> !line.startsWith(start)).reduce("", (a, b) -> a + b + "\n");
    }

    /** Sizes around every place where the tree's shape changes; each entry of each. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 8, 9, 255, 256, 257, 300})
    void everyEntryOfATreeIsProven(int size, @TempDir Path other) throws Exception {
        ExportHouse small = new ExportHouse(other);
        small.append(0, size);
        for (int i = 0; i < size; i += size < 10 ? 1 : 7) {
            LogProof proof = LogProofs.of(small.ledger, i, small.vkey());
            Verdict.Holds holds = assertInstanceOf(Verdict.Holds.class, check(proof.text()));
            assertEquals(i, holds.index());
            assertEquals(size, holds.checkpoint().size());
        }
    }

    @Test
    void theTextIsThatOfTheSpecification() throws IOException {
        String[] lines = proof(0).split("\n", -1);
        assertEquals("c2sp.org/tlog-proof@v1", lines[0]);
        assertTrue(lines[1].startsWith("extra "), lines[1]);
        assertEquals("index 0", lines[2]);
        // Ten levels over 600 entries, an empty line, and the checkpoint as it was signed.
        assertEquals("", lines[13]);
        assertEquals(ExportHouse.ORIGIN, lines[14]);
        assertEquals("600", lines[15]);
        assertEquals("", lines[17]);
        assertTrue(lines[18].startsWith("\u2014 " + ExportHouse.ORIGIN + " "), lines[18]);
        assertEquals(21, lines.length);
    }

    @Test
    void whatIsProvenAreTheEntrysBytes() throws IOException {
        Verdict.Holds holds = assertInstanceOf(Verdict.Holds.class, check(proof(333)));
        byte[][] stored = new byte[1][];
        LedgerReader.read(house.ledger, 333, (index, leaf, disclosures) -> {
            stored[0] = leaf;
            return false;
        });
        assertArrayEquals(stored[0], holds.entry());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 32, 128})
    void everyBitOfEveryByteCounts(int bit) throws IOException {
        byte[] proof = proof(515).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < proof.length; i++) {
            byte[] forged = proof.clone();
            forged[i] ^= (byte) bit;
            assertInstanceOf(Verdict.Refused.class, check(forged), "byte " + i);
        }
    }

    @Test
    void aByteMoreOrLessCounts() throws IOException {
        byte[] proof = proof(515).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < proof.length; i++) {
            byte[] cut = Arrays.copyOf(proof, i);
            assertInstanceOf(Verdict.Refused.class, check(cut), "cut to " + i);
            byte[] dropped = new byte[proof.length - 1];
            System.arraycopy(proof, 0, dropped, 0, i);
            System.arraycopy(proof, i + 1, dropped, i, proof.length - i - 1);
            assertInstanceOf(Verdict.Refused.class, check(dropped), "without byte " + i);
        }
        for (String more : new String[] {"\n", " ", "x\n", "\u2014 other AAAA\n"}) {
            assertInstanceOf(Verdict.Refused.class, check(new String(proof, StandardCharsets.UTF_8) + more), more);
        }
    }

    @Test
    void eachRefusalSaysWhatIsWrong() throws IOException {
        String proof = proof(5);
        String[] lines = proof.split("\n", -1);
        assertRefused(check("hello\n\n"), "the first line is not `c2sp.org/tlog-proof@v1`");
        assertRefused(check("c2sp.org/tlog-proof@v1\nindex 0\n"), "it has no checkpoint");
        assertRefused(check("\u0000"), "it is no text, or holds control characters");
        assertRefused(check(new byte[] {(byte) 0xff}), "it is no text");
        assertRefused(check(new byte[LogProof.MOST_BYTES + 1]), "a proof has at most 262144 bytes");
        assertRefused(check(proof.replace("index 5", "index 05")), "the line `index` is missing or holds no index");
        assertRefused(check(without(proof, "index")), "the line `index` is missing");
        assertRefused(check(proof.replace("extra ", "extra %")), "the line `extra` holds no entry in base64");
        assertRefused(check(proof.replace(lines[3], lines[3] + "=")), "its hash 1 is no hash in base64");
        assertRefused(check(proof.replace(lines[4] + "\n", "")), "entry 5 of 600 has not 9 hashes on its way up");
        assertRefused(check(proof.replace(lines[3], lines[3] + "\n" + lines[3])), "has not 11 hashes on its way up");
        assertRefused(
                check(proof.replace(lines[3] + "\n", (lines[3] + "\n").repeat(64))), "it has more than 63 hashes");
        assertRefused(check(proof.replace("index 5", "index 4")), "entry 4 does not lead to the signed root");
        assertRefused(check(proof.replace("index 5", "index 600")), "the checkpoint has only 600 entries");
        assertRefused(check(proof.replace("\n600\n", "\n601\n")), "its checkpoint is not signed by the key");
    }

    @Test
    void aProofOfAnotherEntryIsNotOfThisOne() throws IOException {
        String mine = proof(5);
        String other = proof(6);
        String extra = mine.lines().skip(1).findFirst().orElseThrow();
        String otherExtra = other.lines().skip(1).findFirst().orElseThrow();
        assertRefused(check(mine.replace(extra, otherExtra)), "entry 5 does not lead to the signed root");
    }

    @Test
    void theEntryMayComeFromElsewhereButMustBeTheSame() throws IOException {
        String proof = proof(5);
        byte[] entry = assertInstanceOf(Verdict.Holds.class, check(proof)).entry();
        String bare = without(proof, "extra ");
        byte[] bareBytes = bare.getBytes(StandardCharsets.UTF_8);
        assertRefused(check(bare), "the proof does not carry its entry: give it with --entry");
        assertInstanceOf(Verdict.Holds.class, LogProof.check(bareBytes, house.vkey(), Optional.of(entry)));
        byte[] altered = entry.clone();
        altered[9] ^= 1;
        assertRefused(
                LogProof.check(bareBytes, house.vkey(), Optional.of(altered)), "does not lead to the signed root");
        assertRefused(
                LogProof.check(proof.getBytes(StandardCharsets.UTF_8), house.vkey(), Optional.of(altered)),
                "the entry in the proof is not the one that was given");
    }

    @Test
    void anotherKeyOfTheSameNameProvesNothing() throws IOException {
        VerifierKeys other = SigningKeys.loadOrCreate(folder.resolve("keys/other"), ExportHouse.ORIGIN)
                .verifiers();
        assertRefused(
                LogProof.check(proof(5).getBytes(StandardCharsets.UTF_8), other, Optional.empty()),
                "its checkpoint is not signed by the key");
    }

    @Test
    void aWholeSignatureOfSomebodyElseIsPassedOver() throws IOException {
        assertInstanceOf(Verdict.Holds.class, check(proof(5) + "\u2014 witness.example AAAAAAAA\n"));
        assertRefused(
                check(proof(5) + "\u2014 w.example AAAAAAAA\n".repeat(100)), "its checkpoint is not signed by the key");
    }

    @Test
    void whatIsNotSignedYetOrNotThereIsNotProven(@TempDir Path other) throws Exception {
        assertThrowsIo("there is no entry 600", () -> proof(600));
        ExportHouse fresh = new ExportHouse(other);
        fresh.append(0, 3);
        ExportHouse.copy(fresh.ledger, other.resolve("kept"));
        fresh.append(3, 6);
        ExportHouse.replace(
                other.resolve("kept").resolve(CheckpointFile.NAME), fresh.ledger.resolve(CheckpointFile.NAME));
        assertThrowsIo(
                "entry 5 is not under a checkpoint yet, 3 entries are",
                () -> LogProofs.of(fresh.ledger, 5, fresh.vkey()));
    }

    @Test
    void aDamagedLedgerGivesNoWrongProof(@TempDir Path other) throws Exception {
        ExportHouse damaged = new ExportHouse(other);
        damaged.append(0, 9);
        Path hashes = damaged.ledger.resolve(HashLevels.name(0, 0));
        byte[] bytes = Files.readAllBytes(hashes);
        bytes[3] ^= 1;
        Files.write(hashes, bytes);
        assertThrowsIo(
                "the ledger does not hold what was signed", () -> LogProofs.of(damaged.ledger, 1, damaged.vkey()));
    }

    private static void assertThrowsIo(String part, org.junit.jupiter.api.function.Executable work) {
        String said = String.valueOf(assertThrows(IOException.class, work).getMessage());
        assertTrue(said.contains(part), said);
    }
}
