package dev.reeve.witness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.gate.UnrecordableException;
import dev.reeve.http.Handler;
import dev.reeve.http.HttpConfig;
import dev.reeve.http.HttpServer;
import dev.reeve.http.Response;
import dev.reeve.json.Json;
import dev.reeve.ledger.Checkpoint;
import dev.reeve.ledger.CosignerKey;
import dev.reeve.ledger.CosigningKey;
import dev.reeve.ledger.Entry;
import dev.reeve.ledger.Ledger;
import dev.reeve.ledger.LedgerSettings;
import dev.reeve.ledger.Quorum;
import dev.reeve.ledger.SigningKeys;
import dev.reeve.outbound.AddressCheck;
import dev.reeve.outbound.HttpOrigin;
import dev.reeve.outbound.HttpPool;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real ledger and witnesses on loopback; time is the test's, and a look asks on the test's own thread. */
@Timeout(120)
final class CosigningTest {
    private static final Duration ALARM = Duration.ofMinutes(10);
    private static final String ORIGIN = "example.com/ours";
    private static final LedgerSettings SETTINGS =
            new LedgerSettings("n1", 1 << 20, 64 << 10, 1 << 20, 64 << 10, Duration.ofSeconds(5), Duration.ofMillis(5));

    @TempDir
    private Path folder;

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final List<AutoCloseable> closing = new ArrayList<>();
    private final List<String> incidents = new ArrayList<>();
    private final List<String> acts = new ArrayList<>();
    private boolean recordable = true;
    private long nanos = 1_000;
    private Ledger ledger;
    private SigningKeys logKey;

    @BeforeEach
    void open() throws Exception {
        logKey = SigningKeys.loadOrCreate(folder.resolve("keys/log.key"), ORIGIN);
        ledger = Ledger.open(folder.resolve("ledger"), SETTINGS, logKey, InstantSource.system());
        closing.add(() -> ledger.close());
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : closing.reversed()) {
            one.close();
        }
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** One witness with its own state, behind a handler that may do something else instead. */
    private final class Place {
        private final CosigningKey key;
        private final Witness witness;
        private final HttpServer server;
        private final AtomicInteger requests = new AtomicInteger();
        private volatile Optional<Handler> instead = Optional.empty();

        Place(String name) throws IOException {
            this(name, name);
        }

        Place(String name, String state) throws IOException {
            key = CosigningKey.loadOrCreate(folder.resolve("keys/" + name), "witness.example.com/" + name);
            witness = Witness.open(
                    key,
                    Map.of(ORIGIN, logKey.verifiers().all()),
                    folder.resolve("state-" + state),
                    InstantSource.system());
            WitnessHttp http = new WitnessHttp(witness, outcome -> {});
            server = HttpServer.open(
                    HttpConfig.loopback(0),
                    loops,
                    (request, responder) -> {
                        requests.incrementAndGet();
                        instead.orElse(http).handle(request, responder);
                    },
                    refusal -> {});
            closing.add(witness);
            closing.add(() -> server.close(Duration.ofMillis(50)));
        }

        void answers(int status, String body) {
            instead = Optional.of((request, responder) ->
                    responder.send(new Response(status, Map.of(), body.getBytes(StandardCharsets.UTF_8))));
        }

        void isWell() {
            instead = Optional.empty();
        }

        CosignerKey vkey() {
            return key.verifier();
        }

        Cosigning.Member member() {
            URI url = URI.create("http://127.0.0.1:" + server.address().getPort() + "/");
            HttpPool pool = new HttpPool(
                    HttpOrigin.of(url),
                    AddressCheck.forHost("127.0.0.1", List.of()),
                    loops,
                    new HttpPool.Limits(1, Duration.ofSeconds(2), Duration.ofSeconds(1)));
            return new Cosigning.Member(key.verifier().name(), key.verifier(), new WitnessCalls(url, pool));
        }
    }

    private Cosigning asking(int quorum, Place... places) {
        return asking(Runnable::run, quorum, places);
    }

    private Cosigning asking(Executor workers, int quorum, Place... places) {
        List<Place> all = List.of(places);
        Cosigning cosigning = new Cosigning(
                ledger,
                new Cosigning.Settings(
                        new Quorum(all.stream().map(Place::vkey).toList(), quorum), Duration.ofSeconds(10), ALARM),
                all.stream().map(Place::member).toList(),
                new Cosigning.Told() {
                    @Override
                    public void record(String act, Json.Obj difference) throws UnrecordableException {
                        if (!recordable) {
                            throw new UnrecordableException("the disk is full");
                        }
                        acts.add(act);
                    }

                    @Override
                    public void incident(String line) {
                        incidents.add(line);
                    }

                    @Override
                    public void info(String line) {}
                },
                workers,
                () -> nanos);
        closing.add(cosigning);
        return cosigning;
    }

    private void grow(int entries) throws Exception {
        for (int i = 0; i < entries; i++) {
            ledger.append(Entry.stamped("n1", Json.object().put("n", i).build(), List.of()));
        }
        while (ledger.checkpoint().size() < ledger.size()) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void later(Duration time) {
        nanos += time.toNanos();
    }

    @Test
    void theNewestCheckpointWithItsQuorumIsKeptWithTheirSignatures() throws Exception {
        Place one = new Place("one");
        Place two = new Place("two");
        Place three = new Place("three");
        three.answers(500, "");
        Cosigning cosigning = asking(2, one, two, three);
        assertEquals(Optional.empty(), cosigning.published());
        grow(5);
        cosigning.look();
        Checkpoint first = cosigning.published().orElseThrow();
        assertEquals(5, first.size());
        assertEquals(
                2,
                new Quorum(List.of(one.vkey(), two.vkey(), three.vkey()), 2)
                        .cosigners(first)
                        .size());
        assertEquals(Optional.of(first), Checkpoint.open(first.note(), logKey.verifiers()));
        // Nothing new within the period: nobody is asked.
        grow(300);
        later(Duration.ofMillis(500));
        cosigning.look();
        assertEquals(5, cosigning.published().orElseThrow().size());
        later(Duration.ofSeconds(10));
        cosigning.look();
        assertEquals(305, cosigning.published().orElseThrow().size());
        // The third comes back, and signs what the others have signed.
        three.isWell();
        later(Duration.ofMinutes(2));
        cosigning.look();
        assertEquals(
                3,
                new Quorum(List.of(one.vkey(), two.vkey(), three.vkey()), 2)
                        .cosigners(cosigning.published().orElseThrow())
                        .size());
        assertEquals(List.of(), incidents);
        assertEquals(Optional.empty(), cosigning.trouble());
    }

    @Test
    void aWitnessThatFailsIsAskedLessAndLess() throws Exception {
        Place one = new Place("one");
        one.answers(503, "");
        Cosigning cosigning = asking(1, one);
        grow(1);
        for (int second = 0; second < 600; second++) {
            cosigning.look();
            later(Duration.ofSeconds(1));
        }
        int asked = one.requests.get();
        assertTrue(asked >= 10 && asked <= 40, asked + " requests in ten minutes");
        one.isWell();
        later(Duration.ofMinutes(1));
        cosigning.look();
        assertEquals(1, cosigning.published().orElseThrow().size());
    }

    @Test
    void aQuorumThatIsMissingForTooLongIsAnAlarmAndItsEndIsToldToo() throws Exception {
        Place one = new Place("one");
        one.answers(503, "");
        Cosigning cosigning = asking(1, one);
        grow(2);
        cosigning.look();
        later(ALARM.minusSeconds(1));
        cosigning.look();
        assertEquals(Optional.empty(), cosigning.trouble());
        later(Duration.ofSeconds(1));
        recordable = false;
        cosigning.look();
        assertTrue(cosigning.trouble().orElseThrow().contains("no 1 of 1 witnesses have cosigned the newest 2 of 2"));
        assertEquals(List.of(), acts);
        recordable = true;
        for (int i = 0; i < 5; i++) {
            later(Duration.ofSeconds(1));
            cosigning.look();
        }
        assertEquals(List.of("witnesses_missing"), acts);
        assertEquals(
                1,
                incidents.stream()
                        .filter(line -> line.startsWith("witnesses_missing: "))
                        .count());
        one.isWell();
        later(Duration.ofMinutes(1));
        cosigning.look();
        later(Duration.ofSeconds(1));
        cosigning.look();
        assertEquals(Optional.empty(), cosigning.trouble());
        assertEquals(List.of("witnesses_missing", "witnesses_back"), acts);
    }

    /** A slow but steady quorum is none: what is new is never older than a few periods. */
    @Test
    void aLedgerThatGrowsAllTheTimeRaisesNoAlarmWhileWitnessesSign() throws Exception {
        Cosigning cosigning = asking(1, new Place("one"));
        for (int i = 0; i < 100; i++) {
            grow(1);
            cosigning.look();
            later(Duration.ofSeconds(11));
        }
        assertEquals(List.of(), acts);
        assertEquals(100, cosigning.published().orElseThrow().size());
    }

    @Test
    void aWitnessThatHasSeenMoreOfOurLogThanWeHaveIsAnIncident() throws Exception {
        Place one = new Place("one");
        Cosigning before = asking(1, one);
        grow(9);
        before.look();
        assertEquals(9, before.published().orElseThrow().size());
        ledger.close();
        // The ledger of before is put back, without what was cosigned.
        ledger = Ledger.open(folder.resolve("restored"), SETTINGS, logKey, InstantSource.system());
        Cosigning after = asking(1, one);
        grow(4);
        for (int i = 0; i < 5; i++) {
            after.look();
            later(Duration.ofMinutes(1));
        }
        assertEquals(Optional.empty(), after.published());
        assertEquals(1, incidents.size(), incidents::toString);
        assertTrue(incidents.getFirst().contains("it has cosigned 9 entries, and the ledger has only 4 signed"));
        // It grows beyond, and is another history all the same.
        grow(20);
        for (int i = 0; i < 3; i++) {
            later(Duration.ofMinutes(2));
            after.look();
        }
        assertEquals(Optional.empty(), after.published());
        assertTrue(
                incidents.stream().anyMatch(line -> line.contains("another history was signed with this key")),
                incidents::toString);
        assertEquals(List.of("witness_disagrees", "witness_disagrees"), acts.subList(0, 2));
    }

    @Test
    void whatIsNoGoodCosignatureOfAKnownKeyDoesNotCount() throws Exception {
        Place one = new Place("one");
        Place stranger = new Place("stranger");
        Cosigning cosigning = asking(1, one);
        grow(3);
        String foreign = stranger.key.cosign(ledger.checkpoint(), java.time.Instant.now());
        String older = one.key.cosign(
                new Checkpoint(
                        ORIGIN,
                        3,
                        ledger.checkpoint().root(),
                        ledger.checkpoint().note().replace("\n3\n", "\n2\n")),
                java.time.Instant.now());
        List<Map.Entry<Integer, String>> answers = List.of(
                Map.entry(200, ""),
                Map.entry(200, foreign),
                Map.entry(200, older),
                Map.entry(200, "x".repeat(100_000)),
                Map.entry(200, "\u2014 witness.example.com/one AAAA\n"),
                Map.entry(201, one.key.cosign(ledger.checkpoint(), java.time.Instant.now())),
                Map.entry(301, ""),
                Map.entry(403, ""),
                Map.entry(404, ""),
                Map.entry(409, "three\n"),
                Map.entry(409, "2"));
        for (Map.Entry<Integer, String> answer : answers) {
            one.answers(answer.getKey(), answer.getValue());
            later(Duration.ofMinutes(1));
            cosigning.look();
            assertEquals(Optional.empty(), cosigning.published(), answer.toString());
            assertTrue(
                    cosigning.status().toString().contains("\"problem\":\""),
                    cosigning.status().toString());
        }
        assertEquals(
                List.of(),
                incidents.stream().filter(line -> line.contains("disagrees")).toList());
        one.isWell();
        later(Duration.ofMinutes(1));
        cosigning.look();
        assertEquals(3, cosigning.published().orElseThrow().size());
    }

    @Test
    void afterARestartItGoesOnAndAnotherQuorumIsAnotherQuestion() throws Exception {
        Place one = new Place("one");
        Place two = new Place("two");
        Cosigning before = asking(1, one);
        grow(3);
        before.look();
        ledger.close();
        ledger = Ledger.open(folder.resolve("ledger"), SETTINGS, logKey, InstantSource.system());
        Cosigning same = asking(1, one);
        assertEquals(3, same.published().orElseThrow().size());
        int asked = one.requests.get();
        grow(1);
        same.look();
        // One request: it knew where to go on.
        assertEquals(asked + 1, one.requests.get());
        Cosigning stricter = asking(2, one, two);
        assertEquals(Optional.empty(), stricter.published());
        stricter.look();
        assertEquals(4, stricter.published().orElseThrow().size());
    }

    @Test
    void aWitnessThatHangsHasOneRequestAndHoldsUpNobody() throws Exception {
        Place hangs = new Place("hangs");
        Place well = new Place("well");
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        hangs.instead = Optional.of((request, responder) -> {
            asked.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            responder.send(new Response(503, Map.of(), new byte[0]));
        });
        Cosigning cosigning = asking(Thread::startVirtualThread, 1, hangs, well);
        grow(1);
        cosigning.look();
        asked.await();
        for (int i = 2; i < 6; i++) {
            while (cosigning.published().map(Checkpoint::size).orElse(0L)
                    < ledger.checkpoint().size()) {
                LockSupport.parkNanos(1_000_000);
                cosigning.look();
            }
            grow(1);
            later(Duration.ofSeconds(11));
            cosigning.look();
        }
        assertEquals(1, hangs.requests.get());
        assertFalse(ledger.status().trouble().isPresent());
        goOn.countDown();
    }
}
