package dev.reeve.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.SimpleFileServer;
import dev.reeve.acceptance.LedgerForgeries.Forgery;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The record of a product that ran, verified by code that is not ours, and by the second verifier in Python; and forgeries, which ours
 * and the second one refuse, naming the same record.
 */
final class ForeignVerifiersTest {
    private static final int CALLS = 270;
    private static final Path VERIFY =
            Path.of("..", "spec", "verify.py").toAbsolutePath().normalize();

    @TempDir
    static Path folder;

    private static Product product;
    private static CountingUpstream upstream;
    private static Path key;
    private static Path ed25519;
    private static Path older;
    private static Path disclosures;
    private static ExportedLog log;

    /** More than two bundles of records; exported once in the middle and once in the end, while the product runs. */
    @BeforeAll
    static void recordAndExport() throws IOException, InterruptedException {
        Outside.slow("checking the record with other people's verifiers");
        upstream = new CountingUpstream();
        Path home = Homes.home(
                folder.resolve("home"), "up: { url: \"" + upstream.url() + "\", definitions: trust-first-use }");
        Homes.file(
                home,
                "policies/worker.yaml",
                "agent_roles: { worker: { permissions: [ { resource: \"tool:up.work\", actions: [execute] } ] } }");
        product = Product.start(home);
        assertEquals(
                0,
                product.reeve("agent", "create", "worker", "--role", "worker").exit());
        String made = product.reeve("key", "create", "worker", "--json").out();
        Tools.waitUntilPinned(product, List.of("up"));
        RawClient client = new RawClient(product.mcp(), Text.find(made, "\"key\"\\s*:\\s*\"(reeve_[A-Za-z0-9]+)\""));
        older = folder.resolve("older");
        disclosures = folder.resolve("disclosures");
        log = new ExportedLog(folder.resolve("log"));
        for (int i = 0; i < CALLS; i++) {
            assertTrue(client.call("up.work", "{\"n\":\"n" + i + "\"}").body().contains("\"done\""));
            if (i == CALLS - 100) {
                // Each second there is a checkpoint, and calls may be faster than that.
                exportOnce(older, 2 * i);
                exportOnce(log.folder(), 2 * i);
            }
        }
        product.close();
        export(log.folder(), "--disclosures", disclosures.toString());
        key = folder.resolve("ledger.pub");
        Files.writeString(key, product.reeve("audit", "key").out());
        ed25519 = folder.resolve("ledger-ed25519.pub");
        Files.writeString(
                ed25519, product.reeve("audit", "key", "--algorithm", "ed25519").out());
    }

    @AfterAll
    static void stop() {
        if (upstream != null) {
            upstream.close();
        }
    }

    private static void export(Path to, String... more) {
        List<String> arguments = new ArrayList<>(List.of("audit", "export", to.toString()));
        arguments.addAll(List.of(more));
        Commands.Ran exported = product.reeve(arguments.toArray(String[]::new));
        assertEquals(0, exported.exit(), exported.err());
    }

    private static void exportOnce(Path to, int records) throws IOException {
        for (int round = 0; round < 40; round++) {
            export(to);
            if (size(to) >= records) {
                return;
            }
            LockSupport.parkNanos(250_000_000);
        }
        throw new AssertionError("no checkpoint has " + records + " records after 10 s");
    }

    private static int size() throws IOException {
        return size(log.folder());
    }

    private static int size(Path exported) throws IOException {
        return Integer.parseInt(
                Files.readAllLines(exported.resolve("checkpoint")).get(1));
    }

    private static Path proof(long record) {
        Path file = folder.resolve(record + ".tlog-proof");
        Commands.Ran made = product.reeve("audit", "prove", Long.toString(record), "--out", file.toString());
        assertEquals(0, made.exit(), made.err());
        return file;
    }

    /** Somebody who has neither home nor data. */
    private static Commands.Ran stranger(String... arguments) {
        return Commands.run(folder, Map.of(), 60, Product.java(arguments));
    }

    private static Commands.Ran python(String... arguments) {
        List<String> command = new ArrayList<>(List.of("python3", VERIFY.toString()));
        command.addAll(List.of(arguments));
        return Commands.run(folder, Map.of(), 120, command);
    }

    /** The signatures of ML-DSA-44 are verified by circl. */
    @Test
    void sumdbAndTransparencyDevVerifyEveryEntryAndOurProofs() throws IOException {
        Commands.Ran ran = Commands.run(
                folder,
                Map.of(),
                120,
                List.of(
                        Outside.go("go").resolve("verifier").toString(),
                        key.toString(),
                        log.folder().toString(),
                        proof(0).toString(),
                        proof(255).toString(),
                        proof(256).toString(),
                        proof(size() - 1).toString()));
        assertEquals(0, ran.exit(), ran.err());
        assertTrue(ran.out().startsWith("holds: " + size() + " entries, 4 proofs, root "), ran.out());
    }

    /** Over HTTP, as a log is published. Its exit code says nothing. */
    @Test
    void tesserasFsckVerifiesTheFolder() throws IOException {
        var server = SimpleFileServer.createFileServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                log.folder(),
                SimpleFileServer.OutputLevel.NONE);
        server.start();
        try {
            Commands.Ran ran = fsck("http://127.0.0.1:" + server.getAddress().getPort() + "/");
            assertTrue(ran.err().contains("Successfully fsck'd log with size " + size()), ran.out() + ran.err());
        } finally {
            server.stop(0);
        }
        ExportedLog forged = log.copyTo(folder.resolve("fsck-forged"));
        forged.flip(ExportedLog.FIRST, 50, 1);
        Commands.Ran refused = fsck("file://" + forged.folder() + "/");
        assertTrue(!refused.err().contains("Successfully"), refused.err());
    }

    private static Commands.Ran fsck(String url) {
        return Commands.run(
                folder,
                Map.of(),
                120,
                List.of(
                        Outside.go("fsck").resolve("fsck").toString(),
                        "--storage_url=" + url,
                        "--public_key=" + ed25519,
                        "--ui=false",
                        "-N=64",
                        "--logtostderr"));
    }

    @Test
    void theSecondVerifierAgreesAboutTheFolderItsHiddenValuesAndProofs() {
        Commands.Ran folderHolds = python(
                "folder", log.folder().toString(), "--key", key.toString(), "--disclosures", disclosures.toString());
        assertEquals(0, folderHolds.exit(), folderHolds.out() + folderHolds.err());
        assertTrue(folderHolds.out().startsWith("no witness has signed"), folderHolds.out());
        assertTrue(
                folderHolds.out().contains(" hidden values are those that the entries commit to"), folderHolds.out());
        Commands.Ran proofHolds = python("proof", proof(300).toString(), "--key", key.toString());
        assertEquals(0, proofHolds.exit(), proofHolds.out() + proofHolds.err());
    }

    @Test
    void theVectorsHoldForTheSecondVerifierAndTheWrongOnesDoNot() throws IOException {
        Path vectors = VERIFY.resolveSibling("vectors/ledger");
        String vkey = vectors.resolve("key.pub").toString();
        Commands.Ran holds = python(
                "folder",
                vectors.resolve("log").toString(),
                "--key",
                vkey,
                "--disclosures",
                vectors.resolve("disclosures").toString());
        assertEquals(0, holds.exit(), holds.out() + holds.err());
        try (var files = Files.walk(vectors)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".tlog-proof"))
                    .toList()) {
                int wanted = file.startsWith(vectors.resolve("refused")) ? 1 : 0;
                Commands.Ran ran = python("proof", file.toString(), "--key", vkey);
                assertEquals(wanted, ran.exit(), file + ": " + ran.out() + ran.err());
            }
        }
    }

    @Test
    void aSuccessionOfKeysIsFollowedByTheSecondVerifierAndAWrongOneIsNot() throws IOException {
        Path vectors = VERIFY.resolveSibling("vectors/ledger/succeeded");
        String before = vectors.resolve("before.pub").toString();
        ExportedLog succeeded = new ExportedLog(vectors.resolve("log")).copyTo(folder.resolve("succeeded"));
        String path = succeeded.folder().toString();
        assertEquals(0, python("folder", path, "--key", before).exit());
        assertEquals(
                0,
                python("folder", path, "--key", vectors.resolve("after.pub").toString())
                        .exit());
        try (var wrong = Files.list(vectors.resolve("refused"))) {
            for (Path succession : wrong.toList()) {
                Files.copy(
                        succession,
                        succeeded.file("succession-000001"),
                        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                Commands.Ran ran = python("folder", path, "--key", before);
                assertEquals(1, ran.exit(), succession + ": " + ran.out() + ran.err());
                assertTrue(ran.out().contains("were not named under their signature"), ran.out());
            }
        }
        Files.delete(succeeded.file("succession-000001"));
        assertEquals(1, python("folder", path, "--key", before).exit());
    }

    @Test
    void aProofUnderLaterKeysIsFollowedFromTheOldOnesByTheSecondVerifier() throws IOException {
        Path vectors = VERIFY.resolveSibling("vectors/ledger/succeeded");
        String before = vectors.resolve("before.pub").toString();
        String late = vectors.resolve("proofs/6-of-after").toString();
        String step = vectors.resolve("log/succession-000001").toString();
        assertEquals(1, python("proof", late, "--key", before).exit());
        for (String steps : List.of(step, vectors.resolve("log").toString())) {
            Commands.Ran followed = python("proof", late, "--key", before, "--successions", steps);
            assertEquals(0, followed.exit(), followed.out() + followed.err());
            assertTrue(followed.out().contains("named in record 4 under Ed25519"), followed.out());
        }
        String early = vectors.resolve("proofs/1-of-before").toString();
        assertEquals(
                0,
                python("proof", early, "--key", before, "--successions", step).exit());
        String gone =
                vectors.resolve("refused-proofs/signed-by-keys-that-are-gone").toString();
        assertEquals(
                1, python("proof", gone, "--key", before, "--successions", step).exit());
        try (var wrong = Files.list(vectors.resolve("refused"))) {
            for (Path succession : wrong.toList()) {
                Commands.Ran ran = python("proof", late, "--key", before, "--successions", succession.toString());
                assertEquals(1, ran.exit(), succession + ": " + ran.out() + ran.err());
            }
        }
        assertEquals(
                2,
                python("proof", late, "--key", before, "--successions", "nowhere")
                        .exit());
    }

    /** Signed as they are: only who reads the entries can tell. */
    @Test
    void recordsThatMakeNoSenseAreNamedByTheSecondVerifier() throws IOException {
        Path vectors = VERIFY.resolveSibling("vectors/ledger");
        String vkey = vectors.resolve("key.pub").toString();
        try (var logs = Files.list(vectors.resolve("senseless"))) {
            for (Path senseless : logs.toList()) {
                Commands.Ran ran = python("folder", senseless.toString(), "--key", vkey);
                assertEquals(1, ran.exit(), senseless + ": " + ran.out() + ran.err());
                assertTrue(ran.out().contains("DOES NOT HOLD: record 2: "), senseless + ": " + ran.out());
            }
        }
        Map<String, Integer> refused = Map.of("wrong-disclosures", 2, "named-disclosures", 0, "doubled-disclosures", 0);
        refused.forEach((file, record) -> {
            Commands.Ran wrong = python(
                    "folder",
                    vectors.resolve("log").toString(),
                    "--key",
                    vkey,
                    "--disclosures",
                    vectors.resolve(file).toString());
            assertEquals(1, wrong.exit(), file + ": " + wrong.out());
            assertTrue(
                    wrong.out()
                            .contains("record " + record + ": a hidden value is not the one that the entry commits to"),
                    file + ": " + wrong.out());
        });
    }

    @Test
    void everyForgeryOfTheFolderIsRefusedByBothWithTheSameRecord() throws IOException {
        List<Forgery> forgeries = LedgerForgeries.of(size(), older);
        assertTrue(forgeries.size() >= 30, forgeries.size() + " forgeries");
        List<String> wrong = new ArrayList<>();
        for (Forgery forgery : forgeries) {
            ExportedLog forged = log.copyTo(folder.resolve("forged"));
            forgery.change().on(forged);
            String path = forged.folder().toString();
            judge(forgery, stranger("audit", "verify", "--exported", path, "--key", key.toString()), wrong);
            judge(forgery, python("folder", path, "--key", key.toString()), wrong);
        }
        assertEquals(List.of(), wrong);
    }

    private static void judge(Forgery forgery, Commands.Ran ran, List<String> wrong) {
        String named = forgery.record() < 0 ? "DOES NOT HOLD: " : "DOES NOT HOLD: record " + forgery.record() + ": ";
        boolean about = forgery.record() >= 0 || !ran.out().contains("DOES NOT HOLD: record ");
        if (ran.exit() != 1 || !ran.out().contains(named) || !about) {
            wrong.add(forgery.name() + ", record " + forgery.record() + ": exit " + ran.exit() + ", " + ran.out()
                    + ran.err());
        }
    }

    /** One of the two keys is enough for whoever knows only that one. */
    @Test
    void eachKeyVerifiesAlone() throws IOException {
        for (String algorithm : List.of("Ed25519", "ML-DSA-44")) {
            String vkey = product.reeve("audit", "key", "--algorithm", algorithm)
                    .out()
                    .strip();
            String path = log.folder().toString();
            for (Commands.Ran ran : List.of(
                    stranger("audit", "verify", "--exported", path, "--key", vkey),
                    stranger("audit", "check-proof", proof(3).toString(), "--key", vkey),
                    python("folder", path, "--key", vkey))) {
                assertEquals(0, ran.exit(), ran.out() + ran.err());
                assertTrue(ran.out().contains("signatures checked: " + algorithm), ran.out());
            }
        }
    }

    /** An older state is signed too: only who kept the newer checkpoint can tell. */
    @Test
    void anOlderStateHoldsUnlessANewerCheckpointWasKept() {
        String checkpoint = log.file("checkpoint").toString();
        assertEquals(
                0,
                stranger("audit", "verify", "--exported", older.toString(), "--key", key.toString())
                        .exit());
        List<Commands.Ran> refused = List.of(
                stranger(
                        "audit",
                        "verify",
                        "--exported",
                        older.toString(),
                        "--key",
                        key.toString(),
                        "--kept",
                        checkpoint),
                python("folder", older.toString(), "--key", key.toString(), "--kept", checkpoint));
        for (Commands.Ran ran : refused) {
            assertEquals(1, ran.exit(), ran.out() + ran.err());
            assertTrue(ran.out().contains("older state"), ran.out());
        }
        String before = older.resolve("checkpoint").toString();
        assertEquals(
                0,
                python("folder", log.folder().toString(), "--key", key.toString(), "--kept", before)
                        .exit());
    }

    @Test
    void everyForgeryOfAProofIsRefusedByBoth() throws IOException {
        byte[] proof = Files.readAllBytes(proof(300));
        Path forged = folder.resolve("forged.tlog-proof");
        List<Integer> places = new ArrayList<>(List.of(0, proof.length - 1, proof.length - 2));
        String text = new String(proof, StandardCharsets.ISO_8859_1);
        for (String part : List.of("extra ", "index ", "index 300\n", "\n\n", "reeve.local", "\u00e2\u0080\u0094")) {
            places.add(text.indexOf(part) + part.length());
        }
        for (int place : places) {
            byte[] bytes = proof.clone();
            bytes[place] ^= 1;
            Files.write(forged, bytes);
            Commands.Ran ours = stranger("audit", "check-proof", forged.toString(), "--key", key.toString());
            Commands.Ran theirs = python("proof", forged.toString(), "--key", key.toString());
            assertEquals(1, ours.exit(), "byte " + place + ": " + ours.out());
            assertEquals(1, theirs.exit(), "byte " + place + ": " + theirs.out());
        }
    }
}
