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
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The vectors of {@code spec/vectors/ledger} are what this code writes, byte for byte, and the wrong ones are refused. They are written
 * again, to be looked at before they are committed, with {@code REEVE_VECTORS=write} in the environment.
 */
final class LedgerVectorsTest {
    private static final Path VECTORS =
            Path.of("..", "spec", "vectors", "ledger").toAbsolutePath().normalize();
    private static final int ENTRIES = 300;

    @TempDir
    private Path folder;

    private Map<String, byte[]> written() throws IOException, LedgerUnavailableException {
        ExportHouse house = new ExportHouse(folder);
        house.append(0, ENTRIES);
        TileExport.run(house.ledger, house.vkey(), folder.resolve("log"), Progress.silent());
        Map<String, byte[]> vectors = new TreeMap<>();
        ExportHouse.files(folder.resolve("log")).forEach((name, bytes) -> vectors.put("log/" + name, bytes));
        vectors.put("key.pub", bytes(house.vkey() + "\n"));
        vectors.put("disclosures", bytes(disclosures()));
        vectors.put("wrong-disclosures", bytes("2 " + Commitment.opened(ExportHouse.hidden(4)) + "\n"));
        vectors.put("named-disclosures", bytes("0 " + Commitment.opened(ExportHouse.hidden(1)) + "\n"));
        vectors.put("doubled-disclosures", bytes(("0 " + Commitment.opened(ExportHouse.hidden(0)) + "\n").repeat(2)));
        for (Map.Entry<String, String> third : senseless().entrySet()) {
            vectors.putAll(signed("senseless/" + third.getKey(), third.getValue()));
        }
        vectors.putAll(succeeded());
        for (long index : new long[] {0, 255, 256, 299}) {
            vectors.put(
                    "proofs/" + index + ".tlog-proof",
                    bytes(LogProofs.of(house.ledger, index, house.vkey()).text()));
        }
        refused(LogProofs.of(house.ledger, 257, house.vkey()).text())
                .forEach((name, text) -> vectors.put("refused/" + name + ".tlog-proof", bytes(text)));
        return vectors;
    }

    /** Logs that are signed as they are, and whose record 2 makes no sense: only who reads the entries can tell. */
    private static Map<String, String> senseless() {
        Map<String, String> thirds = new TreeMap<>();
        thirds.put("no-counter", "{\"node\":\"n\"}");
        thirds.put("a-counter-twice", "{\"counter\":1,\"id\":\"a\",\"kind\":\"outcome\",\"node\":\"n\"}");
        thirds.put("a-gap", "{\"counter\":3,\"id\":\"a\",\"kind\":\"outcome\",\"node\":\"n\"}");
        thirds.put("a-name-twice", "{\"counter\":2,\"id\":\"a\",\"id\":\"a\",\"kind\":\"outcome\",\"node\":\"n\"}");
        thirds.put("a-number-in-another-spelling", "{\"counter\":2,\"millis\":1.0,\"node\":\"n\"}");
        thirds.put("a-space", "{\"counter\":2, \"node\":\"n\"}");
        thirds.put("an-escape-too-many", "{\"counter\":2,\"node\":\"\\u006e\"}");
        thirds.put("an-order-of-its-own", "{\"node\":\"n\",\"counter\":2}");
        thirds.put("no-json", "{\"counter\":2,\"node\":\"n\"");
        thirds.put("no-node", "{\"counter\":2}");
        thirds.put("no-object", "[2]");
        thirds.put("outcome-alone", "{\"counter\":2,\"id\":\"b\",\"kind\":\"outcome\",\"node\":\"n\"}");
        return thirds;
    }

    private Map<String, byte[]> signed(String name, String third) throws IOException, LedgerUnavailableException {
        ExportHouse house = new ExportHouse(folder.resolve(name));
        List<String> texts = List.of(
                "{\"counter\":0,\"node\":\"n\"}",
                "{\"counter\":1,\"id\":\"a\",\"kind\":\"intent\",\"node\":\"n\"}",
                third,
                "{\"counter\":3,\"node\":\"n\"}");
        try (Ledger ledger =
                Ledger.open(house.ledger, LedgerTest.SMALL, house.key, InstantSource.fixed(Instant.EPOCH))) {
            for (String text : texts) {
                ledger.append(new Entry(bytes(text), List.of()));
            }
        }
        TileExport.run(house.ledger, house.vkey(), folder.resolve(name).resolve("log"), Progress.silent());
        Map<String, byte[]> files = new TreeMap<>();
        ExportHouse.files(folder.resolve(name).resolve("log"))
                .forEach((file, content) -> files.put(name + "/" + file, content));
        return files;
    }

    /** A log whose keys were followed by others, with both sets of keys; and successions that do not hold. */
    private Map<String, byte[]> succeeded() throws IOException, LedgerUnavailableException {
        ExportHouse house = new ExportHouse(folder.resolve("succeeded"));
        VerifierKeys before = house.vkey();
        List<SigningKey> gone = house.key.signers();
        house.append(0, 4);
        String early = LogProofs.of(house.ledger, 1, before).text();
        house.changeKeys();
        house.append(4, 8);
        Path log = house.folder.resolve("log");
        TileExport.run(house.ledger, before, log, Progress.silent());
        Map<String, byte[]> files = new TreeMap<>();
        ExportHouse.files(log).forEach((file, content) -> files.put("succeeded/log/" + file, content));
        files.put("succeeded/before.pub", bytes(before + "\n"));
        files.put("succeeded/after.pub", bytes(house.vkey() + "\n"));
        LogProof late = LogProofs.of(house.ledger, 6, before);
        files.put("succeeded/proofs/1-of-before", bytes(early));
        files.put("succeeded/proofs/6-of-after", bytes(late.text()));
        String root = late.note().lines().toList().get(2);
        String byOld = Checkpoint.sign(9, root, gone, 1_764_000_000).note();
        files.put(
                "succeeded/refused-proofs/signed-by-keys-that-are-gone",
                bytes(new LogProof(late.entry(), 6, late.path(), byOld).text()));
        LogProof good = LogProof.read(Files.readAllBytes(log.resolve("succession-000001")))
                .orElseThrow();
        String entry = new String(good.entry().orElseThrow(), StandardCharsets.UTF_8);
        String ours = house.vkey().all().getFirst().toString();
        String theirs = new VerifierKey(house.vkey().name(), KeyKind.ED25519, new byte[32]).toString();
        String byNew = Checkpoint.sign(5, good.note().lines().toList().get(2), house.key.signers(), 1_764_000_000)
                .note();
        Map<String, LogProof> refused = Map.of(
                "other-keys-named",
                new LogProof(Optional.of(bytes(entry.replace(ours, theirs))), 4, good.path(), good.note()),
                "signed-by-the-new-keys",
                new LogProof(good.entry(), 4, good.path(), byNew),
                "another-index",
                new LogProof(good.entry(), 3, good.path(), good.note()));
        refused.forEach((name, proof) -> files.put("succeeded/refused/" + name, bytes(proof.text())));
        return files;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String disclosures() {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < ENTRIES; i += 2) {
            lines.append(i)
                    .append(' ')
                    .append(Commitment.opened(ExportHouse.hidden(i)))
                    .append('\n');
        }
        return lines.toString();
    }

    /** Each is a good proof with one thing wrong. */
    private static Map<String, String> refused(String proof) {
        String[] lines = proof.split("\n", -1);
        String extra = lines[1];
        Map<String, String> refused = new TreeMap<>();
        refused.put("another-version", proof.replace("proof@v1", "proof@v2"));
        refused.put("altered-entry", proof.replace(extra, extra.substring(0, 40) + "A" + extra.substring(41)));
        refused.put("no-entry", proof.replace(extra + "\n", ""));
        refused.put("another-index", proof.replace("index 257", "index 258"));
        refused.put("index-with-a-zero", proof.replace("index 257", "index 0257"));
        refused.put("altered-hash", proof.replace(lines[3], "A" + lines[3].substring(1)));
        refused.put("hash-in-another-spelling", proof.replace(lines[3], lines[3].substring(0, 43)));
        refused.put("a-hash-too-few", proof.replace(lines[4] + "\n", ""));
        refused.put("a-hash-too-many", proof.replace(lines[4] + "\n", lines[4] + "\n" + lines[4] + "\n"));
        refused.put("hashes-exchanged", proof.replace(lines[3] + "\n" + lines[4], lines[4] + "\n" + lines[3]));
        refused.put("another-size", proof.replace("\n300\n", "\n301\n"));
        refused.put("another-origin", proof.replace("example.com/reeve-vectors\n300", "example.com/other\n300"));
        refused.put("unsigned", proof.substring(0, proof.lastIndexOf('\u2014')));
        String signature = lines[lines.length - 2];
        refused.put(
                "altered-signature",
                proof.replace(signature, signature.substring(0, 60) + "A" + signature.substring(61)));
        String signer = signature.substring(0, signature.lastIndexOf(' ') + 1);
        refused.put("a-signature-too-short", proof.replace(signature, signature.substring(0, signer.length() + 16)));
        String ed25519 = lines[lines.length - 3];
        refused.put("without-ed25519", proof.replace(ed25519 + "\n", ""));
        refused.put("without-ml-dsa", proof.replace(signature + "\n", ""));
        refused.put("altered-ed25519", proof.replace(ed25519, ed25519.substring(0, 60) + "A" + ed25519.substring(61)));
        // Behind the name, the key's id and all of the time but its end.
        int time = signer.length() + 15;
        refused.put(
                "another-time",
                proof.replace(signature, signature.substring(0, time) + "A" + signature.substring(time + 1)));
        refused.put("control-character", proof.replace("index 257\n", "index 257\r\n"));
        return refused;
    }

    @Test
    void theVectorsAreWhatIsWritten() throws Exception {
        Map<String, byte[]> written = written();
        if ("write".equals(System.getenv("REEVE_VECTORS"))) {
            for (Map.Entry<String, byte[]> vector : written.entrySet()) {
                Path file = VECTORS.resolve(vector.getKey());
                Files.createDirectories(file.getParent());
                Files.write(file, vector.getValue());
            }
        }
        Map<String, byte[]> stored = ExportHouse.files(VECTORS);
        stored.remove("README.md");
        assertEquals(written.keySet(), stored.keySet());
        for (Map.Entry<String, byte[]> vector : written.entrySet()) {
            assertArrayEquals(vector.getValue(), stored.get(vector.getKey()), vector.getKey());
        }
    }

    @Test
    void aSuccessionIsFollowedAndAWrongOneIsNot() throws IOException {
        Path log = folder.resolve("log");
        ExportHouse.copy(VECTORS.resolve("succeeded/log"), log);
        VerifierKeys before = VerifierKeys.parse(Files.readString(VECTORS.resolve("succeeded/before.pub")));
        VerifierKeys after = VerifierKeys.parse(Files.readString(VECTORS.resolve("succeeded/after.pub")));
        for (VerifierKeys keys : List.of(before, after)) {
            assertInstanceOf(
                    Verification.Holds.class,
                    TilesVerifier.verify(log, keys, Optional.empty(), LeafCheck.none(), Progress.silent()));
        }
        for (String wrong :
                ExportHouse.files(VECTORS.resolve("succeeded/refused")).keySet()) {
            ExportHouse.replace(VECTORS.resolve("succeeded/refused").resolve(wrong), log.resolve("succession-000001"));
            assertInstanceOf(
                    Verification.Broken.class,
                    TilesVerifier.verify(log, before, Optional.empty(), LeafCheck.none(), Progress.silent()),
                    wrong);
        }
    }

    /** Who has the old keys checks what the new ones signed, if the steps between them are there and hold. */
    @Test
    void aProofUnderLaterKeysIsFollowedFromTheOldOnes() throws IOException {
        Path vectors = VECTORS.resolve("succeeded");
        VerifierKeys before = VerifierKeys.parse(Files.readString(vectors.resolve("before.pub")));
        byte[] early = Files.readAllBytes(vectors.resolve("proofs/1-of-before"));
        byte[] late = Files.readAllBytes(vectors.resolve("proofs/6-of-after"));
        byte[] gone = Files.readAllBytes(vectors.resolve("refused-proofs/signed-by-keys-that-are-gone"));
        assertInstanceOf(Verdict.Refused.class, LogProof.check(late, before, Optional.empty()));
        for (Path steps : List.of(vectors.resolve("log"), vectors.resolve("log/succession-000001"))) {
            Verdict.Holds holds =
                    assertInstanceOf(Verdict.Holds.class, LogProof.check(late, before, Optional.empty(), steps));
            assertTrue(holds.signatures().getLast().startsWith("named in record 4 under Ed25519"), holds.toString());
            Verdict.Holds old =
                    assertInstanceOf(Verdict.Holds.class, LogProof.check(early, before, Optional.empty(), steps));
            assertEquals(before.signatures(), old.signatures());
            // With the old keys alone this one holds: only the step says that they had gone.
            assertInstanceOf(Verdict.Holds.class, LogProof.check(gone, before, Optional.empty()));
            assertInstanceOf(Verdict.Refused.class, LogProof.check(gone, before, Optional.empty(), steps));
        }
        for (String wrong : ExportHouse.files(vectors.resolve("refused")).keySet()) {
            Path step = vectors.resolve("refused").resolve(wrong);
            assertInstanceOf(Verdict.Refused.class, LogProof.check(late, before, Optional.empty(), step), wrong);
        }
        assertThrows(
                IOException.class, () -> LogProof.check(late, before, Optional.empty(), vectors.resolve("before.pub")));
        assertThrows(
                IOException.class, () -> LogProof.check(late, before, Optional.empty(), vectors.resolve("proofs")));
    }

    @Test
    void theGoodHoldAndTheWrongAreRefused() throws IOException {
        VerifierKeys key = VerifierKeys.parse(Files.readString(VECTORS.resolve("key.pub")));
        assertInstanceOf(
                Verification.Holds.class,
                TilesVerifier.verify(
                        VECTORS.resolve("log"), key, Optional.empty(), LeafCheck.none(), Progress.silent()));
        Map<String, byte[]> vectors = ExportHouse.files(VECTORS);
        vectors.forEach((name, bytes) -> {
            if (name.startsWith("proofs/")) {
                assertInstanceOf(Verdict.Holds.class, LogProof.check(bytes, key, Optional.empty()), name);
            } else if (name.startsWith("refused/")) {
                assertInstanceOf(Verdict.Refused.class, LogProof.check(bytes, key, Optional.empty()), name);
            }
        });
        assertTrue(vectors.keySet().stream()
                        .filter(name -> name.startsWith("refused/"))
                        .count()
                >= 15);
    }
}
