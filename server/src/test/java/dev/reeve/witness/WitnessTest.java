package dev.reeve.witness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.http.HttpConfig;
import dev.reeve.http.HttpServer;
import dev.reeve.http.RawClient;
import dev.reeve.ledger.AddCheckpoint;
import dev.reeve.ledger.Checkpoint;
import dev.reeve.ledger.CosigningKey;
import dev.reeve.ledger.SigningKeys;
import dev.reeve.ledger.VerifierKey;
import dev.reeve.witness.Witness.Answer;
import dev.reeve.witness.Witness.Reason;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Logs that grow, roll back and fork before a witness with a real state on the disk. */
@Timeout(120)
final class WitnessTest {
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    @TempDir
    private Path folder;

    private SigningKeys logKey;
    private CosigningKey key;
    private OtherLog log;
    private OtherLog fork;
    private Witness witness;

    @BeforeEach
    void open() throws Exception {
        logKey = SigningKeys.loadOrCreate(folder.resolve("keys/log.key"), "example.com/log");
        key = CosigningKey.loadOrCreate(folder.resolve("keys/witness.key"), "witness.example.com/w");
        log = new OtherLog(folder.resolve("log"), logKey, "first");
        fork = new OtherLog(folder.resolve("fork"), logKey, "second");
        witness = witness();
    }

    private Witness witness() throws IOException {
        Map<String, List<VerifierKey>> logs =
                Map.of("example.com/log", logKey.verifiers().all());
        return Witness.open(key, logs, folder.resolve("state"), InstantSource.fixed(NOW));
    }

    @AfterEach
    void close() throws Exception {
        witness.close();
        log.close();
        fork.close();
    }

    private Answer add(OtherLog of, long from, Checkpoint to) throws IOException {
        return witness.add(of.request(from, to).body());
    }

    private void assertCosigned(Answer answer, Checkpoint checkpoint) {
        String lines = assertInstanceOf(Answer.Cosigned.class, answer).lines();
        assertTrue(lines.endsWith("\n"));
        assertEquals(Optional.of(NOW), key.verifier().signedAt(checkpoint, lines.strip()));
    }

    @Test
    void aLogThatGrowsIsCosignedAgainAndAgain() throws Exception {
        Checkpoint three = log.growTo(3);
        assertCosigned(add(log, 0, three), three);
        // A log that asks again gets a cosignature of now.
        assertCosigned(add(log, 3, three), three);
        Checkpoint ten = log.growTo(10);
        assertCosigned(add(log, 3, ten), ten);
        witness.close();
        witness = witness();
        Checkpoint large = log.growTo(600);
        assertEquals(new Answer.Conflict(10), add(log, 3, large));
        assertCosigned(add(log, 10, large), large);
    }

    @Test
    void noRollbackAndNoOtherHistoryIsCosigned() throws Exception {
        Checkpoint three = log.growTo(3);
        Checkpoint ten = log.growTo(10);
        assertCosigned(add(log, 0, ten), ten);
        assertEquals(new Answer.Conflict(10), add(log, 3, three));
        assertEquals(new Answer.Conflict(10), add(log, 0, three));
        assertEquals(new Answer.Conflict(10), add(log, 3, ten));
        // An old size above the new one is no request at all.
        assertEquals(new Answer.Refused(Reason.MALFORMED), add(log, 10, three));
        Checkpoint other = fork.growTo(10);
        assertEquals(new Answer.Conflict(10), add(fork, 10, other));
        Checkpoint longer = fork.growTo(12);
        assertEquals(new Answer.Refused(Reason.UNPROVEN), add(fork, 10, longer));
        Checkpoint eleven = log.growTo(11);
        AddCheckpoint good = log.request(10, eleven);
        AddCheckpoint wrong = new AddCheckpoint(10, fork.request(10, longer).proof(), good.note());
        assertEquals(new Answer.Refused(Reason.UNPROVEN), witness.add(wrong.body()));
        AddCheckpoint none = new AddCheckpoint(10, List.of(), good.note());
        assertEquals(new Answer.Refused(Reason.UNPROVEN), witness.add(none.body()));
        assertCosigned(witness.add(good.body()), eleven);
    }

    @Test
    void onlyLogsThatAreKnownAndTheirKeysCount() throws Exception {
        Checkpoint three = log.growTo(3);
        SigningKeys stranger = SigningKeys.loadOrCreate(folder.resolve("keys/stranger"), "example.com/stranger");
        try (OtherLog unknown = new OtherLog(folder.resolve("unknown"), stranger, "x")) {
            assertEquals(new Answer.Refused(Reason.UNKNOWN_LOG), add(unknown, 0, unknown.growTo(2)));
        }
        SigningKeys impostor = SigningKeys.loadOrCreate(folder.resolve("keys/impostor"), "example.com/log");
        try (OtherLog forged = new OtherLog(folder.resolve("forged"), impostor, "x")) {
            assertEquals(new Answer.Refused(Reason.UNSIGNED), add(forged, 0, forged.growTo(2)));
        }
        byte[] altered = log.request(0, three).body();
        altered[altered.length - 10] ^= 1;
        assertInstanceOf(Answer.Refused.class, witness.add(altered));
        assertEquals(new Answer.Refused(Reason.MALFORMED), witness.add("old 0\n".getBytes(StandardCharsets.UTF_8)));
        assertCosigned(add(log, 0, three), three);
    }

    /** The race that the specification warns of: of all that continue one state, one is cosigned. */
    @Test
    void ofCheckpointsThatRaceFromOneStateOneIsCosigned() throws Exception {
        assertCosigned(add(log, 0, log.growTo(1)), log.ledger().checkpoint());
        int racers = 8;
        try (ExecutorService threads = Executors.newFixedThreadPool(racers)) {
            for (int round = 0; round < 20; round++) {
                long known = ((Answer.Conflict) witness.add(
                                log.request(0, log.ledger().checkpoint()).body()))
                        .size();
                List<AddCheckpoint> requests = new ArrayList<>();
                for (int i = 0; i < racers; i++) {
                    requests.add(log.request(known, log.growTo((int) known + i + 1)));
                }
                CyclicBarrier start = new CyclicBarrier(racers);
                List<Future<Answer>> answers = new ArrayList<>();
                for (AddCheckpoint request : requests) {
                    Callable<Answer> racer = () -> {
                        start.await();
                        return witness.add(request.body());
                    };
                    answers.add(threads.submit(racer));
                }
                List<Long> cosigned = new ArrayList<>();
                for (int i = 0; i < racers; i++) {
                    if (answers.get(i).get() instanceof Answer.Cosigned) {
                        cosigned.add(requests.get(i).newSize());
                    }
                }
                assertEquals(1, cosigned.size(), "round " + round + ": " + cosigned);
                assertEquals(
                        new Answer.Conflict(cosigned.getFirst()),
                        witness.add(log.request(0, log.ledger().checkpoint()).body()));
            }
        }
    }

    @Test
    void aStateThatIsDamagedOrInUseKeepsTheWitnessFromStarting() throws Exception {
        Checkpoint three = log.growTo(3);
        assertCosigned(add(log, 0, three), three);
        assertThrows(IOException.class, this::witness);
        witness.close();
        Path file;
        try (var files = Files.list(folder.resolve("state"))) {
            file = files.filter(path -> String.valueOf(path.getFileName()).startsWith("log-"))
                    .findFirst()
                    .orElseThrow();
        }
        String good = Files.readString(file);
        for (String bad :
                List.of("", good.substring(0, good.length() - 1), good.replace("\n3\n", "\n-3\n"), good + "x\n")) {
            Files.writeString(file, bad);
            String said = String.valueOf(
                    assertThrows(IOException.class, this::witness).getMessage());
            assertTrue(said.contains("is damaged"), said);
        }
        Files.writeString(file, good);
        // What a kill leaves beside it is no state.
        Files.writeString(file.resolveSibling(file.getFileName() + ".tmp"), "reeve wit");
        witness = witness();
        Checkpoint four = log.growTo(4);
        assertCosigned(add(log, 3, four), four);
    }

    /** It cannot write: nothing is signed, also not when it could again, since nobody knows what stands on the disk. */
    @Test
    void whatCannotBeKeptIsNotCosigned() throws Exception {
        Checkpoint three = log.growTo(3);
        assertCosigned(add(log, 0, three), three);
        Path state = folder.resolve("state");
        Path file;
        try (var files = Files.list(state)) {
            file = files.filter(path -> String.valueOf(path.getFileName()).startsWith("log-"))
                    .findFirst()
                    .orElseThrow();
        }
        // A folder in the way of the new file, which also root cannot overwrite.
        Path inTheWay = Files.createDirectories(
                file.resolveSibling(file.getFileName() + ".tmp").resolve("x"));
        Checkpoint four = log.growTo(4);
        assertEquals(new Answer.Refused(Reason.STATE), add(log, 3, four));
        assertEquals(List.of("example.com/log"), witness.broken());
        Files.delete(inTheWay);
        assertEquals(new Answer.Refused(Reason.STATE), add(log, 3, four));
        witness.close();
        witness = witness();
        assertCosigned(add(log, 3, four), four);
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(state)));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void overHttpTheStatusCodesAreThoseOfTheSpecification() throws Exception {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        List<String> outcomes = new java.util.concurrent.CopyOnWriteArrayList<>();
        HttpServer server =
                HttpServer.open(HttpConfig.loopback(0), loops, new WitnessHttp(witness, outcomes::add), refusal -> {});
        try (RawClient client = new RawClient(server.address())) {
            Checkpoint three = log.growTo(3);
            RawClient.Answer cosigned = post(client, log.request(0, three).body());
            assertEquals(200, cosigned.status());
            assertEquals(
                    Optional.of(NOW),
                    key.verifier().signedAt(three, cosigned.body().strip()));
            Checkpoint four = log.growTo(4);
            RawClient.Answer conflict = post(client, log.request(0, four).body());
            assertEquals(409, conflict.status());
            assertEquals("text/x.tlog.size", conflict.headers().get("content-type"));
            assertEquals("3\n", conflict.body());
            assertEquals(
                    422,
                    post(client, new AddCheckpoint(3, List.of(), four.note()).body())
                            .status());
            assertEquals(400, post(client, log.request(4, three).body()).status());
            assertEquals(
                    400,
                    post(client, "nothing".getBytes(StandardCharsets.UTF_8)).status());
            String text = new String(log.request(3, four).body(), StandardCharsets.UTF_8);
            assertEquals(
                    404,
                    post(
                                    client,
                                    text.replace("\n\nexample.com/log\n", "\n\nexample.com/other\n")
                                            .getBytes(StandardCharsets.UTF_8))
                            .status());
            assertEquals(
                    403,
                    post(client, text.replace("\n4\n", "\n5\n").getBytes(StandardCharsets.UTF_8))
                            .status());
            assertEquals(
                    405,
                    client.send("GET /add-checkpoint HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .read()
                            .status());
            assertEquals(
                    404,
                    client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .read()
                            .status());
            assertEquals(
                    List.of("cosigned", "conflict", "unproven", "malformed", "malformed", "unknown_log", "unsigned"),
                    outcomes);
        } finally {
            server.close(Duration.ofMillis(100));
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    private static RawClient.Answer post(RawClient client, byte[] body) throws IOException {
        client.send("POST /add-checkpoint HTTP/1.1\r\nHost: localhost\r\ncontent-length: " + body.length + "\r\n\r\n");
        return client.send(body).read();
    }
}
