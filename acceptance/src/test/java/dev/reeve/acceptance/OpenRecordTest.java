package dev.reeve.acceptance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The record in the open: a running product, cosigned by a witness that is not ours (litewitness) and by one that is, and read over HTTP by
 * clients that are not ours; and our witness before a log that is not ours, also killed in the middle.
 */
@Timeout(300)
final class OpenRecordTest {
    private static final int CALLS = 320;
    private static final Path VERIFY =
            Path.of("..", "spec", "verify.py").toAbsolutePath().normalize();
    private static final Pattern WITNESS_READY = Pattern.compile("ready: witness (https?://\\S+) key (\\S+)");
    /** Of the tree without entries; litewitness keeps it for a log of which it has seen nothing. */
    private static final String EMPTY_ROOT = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

    @TempDir
    static Path folder;

    private static Path go;
    private static Product product;
    private static CountingUpstream upstream;
    private static final List<AutoCloseable> CLOSING = new ArrayList<>();
    private static String logKey;
    private static String foreignKey;
    private static String ownKey;
    private static String log;
    private static String client;

    @BeforeAll
    static void serveAndHaveCosigned() throws Exception {
        Outside.slow("serving the record to other people's clients, and witnesses");
        for (String program : List.of("ssh-agent", "ssh-add", "ssh-keygen", "python3")) {
            Outside.program(program);
        }
        go = Outside.go("witness");
        client = go.resolve("witness").toString();
        upstream = new CountingUpstream();
        Path home = folder.resolve("home");
        String up = "up: { url: \"" + upstream.url() + "\", definitions: trust-first-use }";
        Homes.home(home, up);
        Homes.file(
                home,
                "policies/worker.yaml",
                "agent_roles: { worker: { permissions: [ { resource: \"tool:up.work\", actions: [execute] } ] } }");
        assertEquals(
                0,
                Product.reeve(home, "agent", "create", "worker", "--role", "worker")
                        .exit());
        logKey = Product.reeve(home, "audit", "key", "--algorithm", "ed25519")
                .out()
                .strip();
        int foreignPort = Ports.free();
        foreignKey = litewitness(foreignPort);
        Path own = witnessFile("own", Map.of(logKey.substring(0, logKey.indexOf('+')), logKey));
        ownKey = keyOf(own);
        Running running = startWitness(own);
        CLOSING.add(running);
        String ownUrl = running.matched();
        Homes.file(home, "reeve.yaml", """
                listen:
                  agents: "127.0.0.1:0"
                  control: "127.0.0.1:0"
                  log: { address: "127.0.0.1:0", readers: anybody }
                data: ./reeve-data
                upstreams: { %s }
                witnesses:
                  quorum: 2
                  every: 1s
                  ask:
                    foreign: { url: "http://127.0.0.1:%d", key: "%s" }
                    own: { url: "%s", key: "%s" }
                """.formatted(up, foreignPort, foreignKey, ownUrl, ownKey));
        product = Product.start(home);
        CLOSING.add(product);
        log = Text.find(product.output(), "ready: .* log (http://\\S+)") + "/";
        String made = product.reeve("key", "create", "worker", "--json").out();
        Tools.waitUntilPinned(product, List.of("up"));
        RawClient agent = new RawClient(product.mcp(), Text.find(made, "\"key\"\\s*:\\s*\"(reeve_[A-Za-z0-9]+)\""));
        for (int i = 0; i < CALLS; i++) {
            assertTrue(agent.call("up.work", "{\"n\":\"n" + i + "\"}").body().contains("\"done\""));
        }
        awaitCosigned(2 * CALLS);
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable one : CLOSING.reversed()) {
            one.close();
        }
        CLOSING.clear();
        if (upstream != null) {
            upstream.close();
        }
    }

    /** Its key is an SSH agent's, and its logs stand in its database. */
    private static String litewitness(int port) throws IOException, InterruptedException {
        Path home = Files.createDirectories(folder.resolve("lite"));
        // A path of a socket has at most some hundred characters.
        Path socket = Files.createTempDirectory("lw").resolve("a");
        run(home, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "key");
        Process agent = new ProcessBuilder("ssh-agent", "-D", "-a", socket.toString())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("agent.log").toFile())
                .start();
        CLOSING.add(agent::destroy);
        Map<String, String> withAgent = Map.of("SSH_AUTH_SOCK", socket.toString());
        Commands.Ran added = new Commands.Ran(1, "", "");
        for (int i = 0; i < 100 && added.exit() != 0; i++) {
            LockSupport.parkNanos(50_000_000);
            added = Commands.run(home, withAgent, 20, List.of("ssh-add", "key"));
        }
        assertEquals(0, added.exit(), added.err());
        String fingerprint = run(home, "ssh-keygen", "-l", "-f", "key.pub").split(" ", -1)[1];
        run(home, "python3", "-c", """
                import sqlite3, sys
                db = sqlite3.connect("w.db")
                db.execute("CREATE TABLE log (origin TEXT PRIMARY KEY, tree_size INTEGER NOT NULL, tree_hash TEXT NOT NULL)")
                db.execute("CREATE TABLE key (origin TEXT NOT NULL, key TEXT NOT NULL, FOREIGN KEY(origin) REFERENCES log(origin))")
                db.execute("INSERT INTO log VALUES (?, 0, ?)", (sys.argv[1], sys.argv[3]))
                db.execute("INSERT INTO key VALUES (?, ?)", (sys.argv[1], sys.argv[2]))
                db.commit()
                """, logKey.substring(0, logKey.indexOf('+')), logKey, EMPTY_ROOT);
        Running running = Running.start(
                home,
                Map.of(),
                Pattern.compile("vkey=(\\S+)"),
                List.of(
                        go.resolve("litewitness").toString(),
                        "-name=witness.example.org/lite",
                        "-db=w.db",
                        "-ssh-agent=" + socket,
                        "-listen=127.0.0.1:" + port,
                        "-key=" + fingerprint));
        CLOSING.add(running);
        return running.matched();
    }

    private static Path witnessFile(String name, Map<String, String> logs) throws IOException {
        Path home = Files.createDirectories(folder.resolve("witness-" + name));
        StringBuilder text = new StringBuilder("name: witness.example.com/" + name + "\nlisten: \"127.0.0.1:0\"\n"
                + "key: ../keys-of-" + name + "/witness.key\nlogs:\n");
        logs.forEach((origin, key) -> text.append("  \"" + origin + "\": \"" + key + "\"\n"));
        return Files.writeString(home.resolve("witness.yaml"), text);
    }

    private static Running startWitness(Path file) throws IOException, InterruptedException {
        return Running.start(folder, Map.of(), WITNESS_READY, Product.java("witness", "--config", file.toString()));
    }

    private static String run(Path home, String... command) {
        Commands.Ran ran = Commands.run(home, Map.of(), 60, List.of(command));
        assertEquals(0, ran.exit(), ran.err());
        return ran.out();
    }

    private static HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(log + path)).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static long cosignedSize() throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = get("checkpoint");
        return answer.statusCode() == 200
                ? Long.parseLong(new String(answer.body(), StandardCharsets.UTF_8)
                        .lines()
                        .skip(1)
                        .findFirst()
                        .orElseThrow())
                : -1;
    }

    private static void awaitCosigned(long size) throws IOException, InterruptedException {
        for (int i = 0; i < 240 && cosignedSize() < size; i++) {
            LockSupport.parkNanos(250_000_000);
        }
        assertTrue(cosignedSize() >= size, product.reeve("status").out() + product.output());
    }

    @Test
    void aForeignWitnessAndOurOwnCosignAndForeignCodeVerifiesBoth() throws Exception {
        Path note = folder.resolve("note");
        Files.write(note, get("checkpoint").body());
        Commands.Ran both = Commands.run(
                folder, Map.of(), 60, List.of(client, "verify", note.toString(), logKey, "2", foreignKey, ownKey));
        assertEquals("holds: 2 cosignatures\n", both.out(), both.err());
        String status = product.reeve("status").out();
        assertTrue(status.contains("records cosigned by 2 or more"), status);
    }

    @Test
    void foreignClientsReadEveryEntryOverHttpAndVerifyIt() throws Exception {
        Commands.Ran read = Commands.run(folder, Map.of(), 120, List.of(client, "read", log, logKey, ""));
        assertEquals(0, read.exit(), read.err());
        assertTrue(Long.parseLong(Text.find(read.out(), "read: ([0-9]+) entries")) >= 2 * CALLS, read.out());
        Path key = Files.writeString(folder.resolve("fsck.pub"), logKey + "\n");
        Commands.Ran fsck = Commands.run(
                folder,
                Map.of(),
                120,
                List.of(
                        Outside.go("fsck").resolve("fsck").toString(),
                        "--storage_url=" + log,
                        "--public_key=" + key,
                        "--ui=false",
                        "-N=64",
                        "--logtostderr"));
        String size = Text.find(fsck.err(), "Successfully fsck'd log with size ([0-9]+)");
        assertTrue(Long.parseLong(size) >= 2 * CALLS, fsck.out() + fsck.err());
    }

    @Test
    void whatIsServedIsWhatIsExportedAndTheCosignaturesAreCheckedByBothVerifiers() throws Exception {
        Path out = folder.resolve("out");
        assertEquals(0, product.reeve("audit", "export", out.toString()).exit());
        int compared = 0;
        try (Stream<Path> files = Files.walk(out)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String path = out.relativize(file).toString();
                if (path.startsWith("tile/")) {
                    assertArrayEquals(Files.readAllBytes(file), get(path).body(), path);
                    compared++;
                }
            }
        }
        assertTrue(compared >= 7, compared + " files");
        List<String> ours = List.of("audit", "verify", "--exported", out.toString(), "--key", logKey);
        List<String> theirs = List.of("python3", VERIFY.toString(), "folder", out.toString(), "--key", logKey);
        for (List<String> verifier : List.of(Product.java(ours.toArray(String[]::new)), theirs)) {
            Commands.Ran holds = with(verifier, "--witness", foreignKey, "--witness", ownKey, "--quorum", "2");
            assertEquals(0, holds.exit(), holds.out() + holds.err());
            assertTrue(holds.out().startsWith("2 of 2 witnesses"), holds.out());
            Commands.Ran too = with(verifier, "--witness", foreignKey, "--witness", strangersKey(), "--quorum", "2");
            assertEquals(1, too.exit(), too.out() + too.err());
            assertTrue(too.out().startsWith("only 1 of 2 witnesses"), too.out());
            assertTrue(too.out().contains("DOES NOT HOLD: "), too.out());
            assertEquals(
                    2,
                    with(verifier, "--witness", foreignKey, "--witness", foreignKey)
                            .exit());
        }
    }

    private static Commands.Ran with(List<String> verifier, String... more) {
        List<String> command = new ArrayList<>(verifier);
        command.addAll(List.of(more));
        return Commands.run(folder, Map.of(), 120, command);
    }

    private static String strangersKey() throws IOException {
        return keyOf(witnessFile("stranger", Map.of("example.com/x", logKey)));
    }

    @Test
    void ourWitnessServesALogThatIsNotOurs() throws Exception {
        Path home = Files.createDirectories(folder.resolve("their-log"));
        String key = run(home, client, "key", home.toString()).strip();
        Path file = witnessFile("served", Map.of("example.com/a-log-of-others", key));
        try (Running witness = startWitness(file)) {
            Commands.Ran asked = Commands.run(
                    folder,
                    Map.of(),
                    120,
                    List.of(client, "ask", home.toString(), witness.matched(), keyOf(file), "0", "40"));
            assertEquals("cosigned: 40 checkpoints, the last of 40 entries\n", asked.out(), asked.err());
        }
    }

    private static String keyOf(Path file) {
        Commands.Ran key =
                Commands.run(folder, Map.of(), 60, Product.java("witness", "--config", file.toString(), "--print-key"));
        assertEquals(0, key.exit(), key.err());
        return key.out().strip();
    }

    /** Whatever was cosigned before the kill is remembered after it. */
    @Test
    void aKilledWitnessForgetsNothingThatItHasCosigned() throws Exception {
        Path home = Files.createDirectories(folder.resolve("hammering-log"));
        String key = run(home, client, "key", home.toString()).strip();
        Path file = witnessFile("killed", Map.of("example.com/a-log-of-others", key));
        String vkey = keyOf(file);
        long last = 0;
        for (int round = 0; round < 4; round++) {
            Running witness = startWitness(file);
            Process hammer = new ProcessBuilder(client, "hammer", home.toString(), witness.matched(), vkey).start();
            long given = 0;
            try (BufferedReader cosigned = hammer.inputReader(StandardCharsets.UTF_8)) {
                // In the middle of it, and each time at another place.
                for (int i = 0; i < 40 + 7 * round; i++) {
                    given = Long.parseLong(cosigned.readLine());
                }
                witness.kill();
                for (String line = cosigned.readLine(); line != null; line = cosigned.readLine()) {
                    given = Long.parseLong(line);
                }
            }
            assertEquals(0, hammer.waitFor());
            try (Running again = startWitness(file)) {
                long known = Long.parseLong(run(home, client, "state", home.toString(), again.matched())
                        .strip());
                assertTrue(given > last, given + " cosigned after " + last);
                // One more may have been kept whose answer did not leave.
                assertTrue(known == given || known == given + 1, known + " known, " + given + " cosigned");
                last = known;
            }
        }
    }
}
