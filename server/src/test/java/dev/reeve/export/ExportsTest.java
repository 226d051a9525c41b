package dev.reeve.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.reeve.audit.AuditHouse;
import dev.reeve.audit.AuditReader;
import dev.reeve.audit.BusyHouse;
import dev.reeve.audit.EventQuery;
import dev.reeve.outbound.AddressCheck;
import dev.reeve.outbound.HttpOrigin;
import dev.reeve.outbound.HttpPool;
import dev.reeve.outbound.PoolTls;
import dev.reeve.outbound.StandardWebhook;
import dev.reeve.outbound.TlsDelivery;
import dev.reeve.search.EventSearch;
import dev.reeve.search.Pace;
import dev.reeve.secrets.Secret;
import dev.reeve.tls.TestCa;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sinks with real receivers on loopback that fail, hang and come back. */
@Timeout(90)
final class ExportsTest {
    @SuppressWarnings("NullAway.Init")
    private static EventLoopGroup loops;

    private static final Exports.Pauses SHORT = new Exports.Pauses(Duration.ofMillis(5), Duration.ofMillis(20));
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path home;

    @SuppressWarnings("NullAway.Init")
    private AuditHouse house;

    @SuppressWarnings("NullAway.Init")
    private EventSearch search;

    private final List<String> incidents = new CopyOnWriteArrayList<>();

    @BeforeEach
    void open() throws Exception {
        house = new AuditHouse(home);
        search = EventSearch.open(
                home.resolve("search.db"),
                house.folder,
                house.ledger::size,
                Pace.always(Duration.ofMillis(20)),
                incidents::add);
        Files.createDirectory(home.resolve("positions"));
    }

    @AfterEach
    void close() throws Exception {
        search.close();
        house.close();
    }

    /** Not where it is declared: a class that fails is run again in the same process. */
    @BeforeAll
    static void begin() {
        loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    }

    @AfterAll
    static void end() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private Exports start(Sink sink) {
        return Exports.start(
                List.of(new Exports.Configured("siem", "test", EventQuery.ALL, sink)),
                home.resolve("positions"),
                search,
                SHORT,
                incidents::add);
    }

    /** Ids of everything that was finished, in order. */
    private List<String> finished() throws IOException {
        List<String> ids = new ArrayList<>();
        new AuditReader(house.folder).read(0, happened -> {
            if (happened.outcome().isPresent() || !happened.record().kind().equals("intent")) {
                ids.add(happened.record().id());
            }
            return true;
        });
        return ids;
    }

    private static List<String> idsOfJsonLines(String text) {
        return text.lines()
                .filter(line -> line.endsWith("}"))
                .map(line -> line.replaceAll(".*\"id\":\"([a-z0-9_]+)\".*", "$1"))
                .distinct()
                .toList();
    }

    private void awaitAll(Exports exports) {
        while (exports.lags().getOrDefault("siem", -1.0) > 0) {
            search.await(house.ledger.size(), Duration.ofMillis(20));
        }
    }

    @Test
    void aFileGetsEverythingOnceAndGoesOnAfterARestart() throws Exception {
        Path file = home.resolve("events.jsonl");
        BusyHouse busy = new BusyHouse(house, 3);
        for (int round = 0; round < 3; round++) {
            busy.write(300);
            try (Exports exports = start(new FileSink(file, Format.JSONL, false))) {
                awaitAll(exports);
            }
        }
        String text = Files.readString(file);
        assertEquals(finished(), idsOfJsonLines(text));
        assertEquals(finished().size(), text.lines().count());
        assertEquals(
                "rw-------",
                java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void whatACrashCutIsEndedAndComesAgain() throws Exception {
        Path file = home.resolve("events.jsonl");
        new BusyHouse(house, 4).write(50);
        try (Exports exports = start(new FileSink(file, Format.JSONL, false))) {
            awaitAll(exports);
        }
        // Killed between the writing and the position: half a line is there, and the position is old.
        Files.writeString(file, Files.readString(file) + "{\"half\":", StandardOpenOption.TRUNCATE_EXISTING);
        new Position(home.resolve("positions").resolve("siem")).save(10);
        new BusyHouse(house, 5, 1_000).write(50);
        try (Exports exports = start(new FileSink(file, Format.JSONL, false))) {
            awaitAll(exports);
        }
        List<String> whole = Files.readString(file)
                .lines()
                .filter(line -> line.endsWith("}"))
                .toList();
        assertTrue(whole.size() > finished().size(), "some come twice");
        assertTrue(idsOfJsonLines(String.join("\n", whole)).containsAll(finished()));
    }

    @Test
    void aPositionThatCannotBeReadIsToldAndNothingIsGuessed() throws Exception {
        new BusyHouse(house, 4).write(5);
        Files.writeString(home.resolve("positions").resolve("siem"), "what?");
        Path file = home.resolve("events.jsonl");
        try (Exports exports = start(new FileSink(file, Format.JSONL, false))) {
            while (exports.failing().getOrDefault("siem", -1.0) == 0.0) {
                search.await(house.ledger.size(), Duration.ofMillis(5));
            }
            assertTrue(
                    exports.status().toString().contains("holds no position"),
                    exports.status().toString());
        }
        assertFalse(Files.exists(file));
    }

    private HttpSink http(int port, Optional<Secret> secret, Format format) {
        HttpOrigin origin = HttpOrigin.of(URI.create("http://127.0.0.1:" + port + "/in"));
        HttpPool pool =
                new HttpPool(origin, AddressCheck.forHost("127.0.0.1", List.of()), loops, HttpPool.Limits.USUAL);
        return new HttpSink(
                pool,
                new HttpSink.Request("siem", "/in", Map.of("X-Token", Secret.of("t")), secret, format, false),
                () -> NOW);
    }

    @Test
    void aReceiverThatFailsAndComesBackGetsEverythingInOrderAndSigned() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        List<String> wrong = new CopyOnWriteArrayList<>();
        List<String> got = new CopyOnWriteArrayList<>();
        Secret secret = Secret.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/in", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String id = exchange.getRequestHeaders().getFirst("webhook-id");
            String time = exchange.getRequestHeaders().getFirst("webhook-timestamp");
            String signed = exchange.getRequestHeaders().getFirst("webhook-signature");
            if (!("v1," + StandardWebhook.signature(secret, id + "." + time + ".", body)).equals(signed)) {
                wrong.add(signed);
            }
            boolean fails = calls.incrementAndGet() % 3 != 0;
            if (!fails) {
                got.add(new String(body, StandardCharsets.UTF_8));
            }
            exchange.sendResponseHeaders(fails ? 503 : 204, -1);
            exchange.close();
        });
        server.start();
        new BusyHouse(house, 6).write(700);
        try (Exports exports = start(http(server.getAddress().getPort(), Optional.of(secret), Format.JSONL))) {
            awaitAll(exports);
            assertTrue(exports.status().toString().contains("\"failures\":"));
        } finally {
            server.stop(0);
        }
        assertEquals(List.of(), wrong);
        assertEquals(finished(), idsOfJsonLines(String.join("", got)));
        assertTrue(incidents.stream().anyMatch(line -> line.contains("answers 503")), incidents.toString());
    }

    @Test
    void aDeadReceiverDelaysNobody() throws Exception {
        new BusyHouse(house, 6).write(20);
        try (Exports exports = start(http(1, Optional.empty(), Format.OTEL))) {
            while (exports.failing().getOrDefault("siem", -1.0) == 0.0) {
                search.await(house.ledger.size(), Duration.ofMillis(5));
            }
            new BusyHouse(house, 7, 1_000).write(20);
            assertTrue(exports.lags().getOrDefault("siem", -1.0) >= house.ledger.size());
            assertEquals(0, new Position(home.resolve("positions").resolve("siem")).read());
        }
    }

    @Test
    void theSignatureIsThatOfTheStandard() {
        // The example of the Standard Webhooks specification.
        assertEquals(
                "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                StandardWebhook.signature(
                        Secret.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
                        "msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.",
                        "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8)));
    }

    /** A receiver of RFC 5425 frames. */
    private static final class Receiver implements AutoCloseable {
        private final ServerSocket socket;
        private final SSLContext context;
        private final SslContext trust;
        private final BlockingQueue<List<String>> deliveries = new LinkedBlockingQueue<>();
        private final AtomicInteger reset = new AtomicInteger();
        /** Hangs up in order before it has read anything. */
        private final AtomicInteger hangUp = new AtomicInteger();
        /** This delivery is taken in order and lost, as by a receiver that dies then; the one after it finds nobody. */
        private volatile int dies = -1;

        private int taken;
        private boolean away;

        Receiver() throws Exception {
            TestCa authority = new TestCa("authority");
            X509Bundle own = authority.server();
            context = SSLContext.getInstance("TLS");
            context.init(own.toKeyManagerFactory().getKeyManagers(), null, null);
            socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            trust = SslContextBuilder.forClient()
                    .trustManager(authority.root().getCertificate())
                    .endpointIdentificationAlgorithm("HTTPS")
                    .build();
            Thread.ofVirtual().start(this::serve);
        }

        private void serve() {
            while (!socket.isClosed()) {
                try (Socket below = socket.accept()) {
                    SSLSocket client = (SSLSocket)
                            context.getSocketFactory().createSocket(below, InputStream.nullInputStream(), false);
                    if (away) {
                        away = false;
                        continue;
                    }
                    if (reset.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                        client.getInputStream().read();
                        // Closed below TLS with unread bytes: what a crash of the receiver looks like.
                        continue;
                    }
                    if (hangUp.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                        client.startHandshake();
                        client.shutdownOutput();
                        // Until we are gone: closing it with unread bytes would be a reset.
                        awaitEnd(below);
                        continue;
                    }
                    List<String> frames = frames(client.getInputStream());
                    client.close();
                    if (taken++ == dies) {
                        away = true;
                    } else {
                        deliveries.add(frames);
                    }
                } catch (IOException e) {
                    // The next one may be better.
                }
            }
        }

        private static void awaitEnd(Socket below) throws IOException {
            byte[] bytes = new byte[1 << 16];
            InputStream in = below.getInputStream();
            while (in.read(bytes) >= 0) {
                // What it would have lost.
            }
        }

        private static List<String> frames(InputStream in) throws IOException {
            List<String> frames = new ArrayList<>();
            ByteArrayOutputStream count = new ByteArrayOutputStream();
            for (int next = in.read(); next >= 0; next = in.read()) {
                if (next == ' ') {
                    int length = Integer.parseInt(count.toString(StandardCharsets.US_ASCII));
                    frames.add(new String(in.readNBytes(length), StandardCharsets.UTF_8));
                    count.reset();
                } else {
                    count.write(next);
                }
            }
            return frames;
        }

        TlsDelivery delivery() {
            return new TlsDelivery(
                    "localhost",
                    socket.getLocalPort(),
                    AddressCheck.forHost("localhost", List.of()),
                    new PoolTls(() -> trust, "localhost"),
                    loops);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void syslogOverTlsIsFramedAndComesWhole() throws Exception {
        new BusyHouse(house, 8).write(450);
        try (Receiver receiver = new Receiver();
                Exports exports = start(new SyslogSink(receiver.delivery(), "here", Format.CEF, false))) {
            List<String> messages = new ArrayList<>();
            while (messages.size() < finished().size()) {
                messages.addAll(Optional.ofNullable(receiver.deliveries.poll(30, TimeUnit.SECONDS))
                        .orElseThrow(() -> new AssertionError(exports.status().toString())));
            }
            List<String> ids = messages.stream()
                    .map(one -> one.replaceAll("(?s).* externalId=([a-z0-9_]+) .*", "$1"))
                    .toList();
            assertEquals(finished(), ids);
            for (String message : messages) {
                assertTrue(
                        message.matches(
                                "<1(08|10)>1 2026-11-24T10:[0-9:.]+Z here reeve - (action|control) - CEF:0\\|Reeve\\|.*"),
                        message);
            }
            awaitAll(exports);
        }
    }

    @Test
    void aReceiverThatDoesNotReadItAllHasNotGotIt() throws Exception {
        try (Receiver receiver = new Receiver()) {
            receiver.reset.set(1);
            byte[] much = new byte[4 << 20];
            assertThrows(IOException.class, () -> receiver.delivery().send(much, Duration.ofSeconds(10)));
            receiver.delivery().send("1 a".getBytes(StandardCharsets.UTF_8), Duration.ofSeconds(10));
            assertEquals(List.of("a"), receiver.deliveries.poll(60, TimeUnit.SECONDS));
        }
    }

    /** It says its end in TLS, and reads none of it: nothing broke, and nothing arrived. */
    @Test
    void aReceiverThatHangsUpByItselfHasNotGotIt() throws Exception {
        try (Receiver receiver = new Receiver()) {
            receiver.hangUp.set(1);
            byte[] much = new byte[16 << 20];
            assertThrows(IOException.class, () -> receiver.delivery().send(much, Duration.ofSeconds(30)));
            receiver.delivery().send("1 a".getBytes(StandardCharsets.UTF_8), Duration.ofSeconds(30));
            assertEquals(List.of("a"), receiver.deliveries.poll(30, TimeUnit.SECONDS));
        }
    }

    /** A receiver that takes a delivery in order and dies with it cannot be told from one that has it, until the next one fails. */
    @Test
    void whatAReceiverTookAndLostComesAgainWhenItIsBack() throws Exception {
        new BusyHouse(house, 8).write(900);
        try (Receiver receiver = new Receiver()) {
            receiver.dies = 1;
            List<String> ids = new ArrayList<>();
            try (Exports exports = start(new SyslogSink(receiver.delivery(), "here", Format.CEF, false))) {
                while (!new HashSet<>(ids).containsAll(finished())) {
                    Optional.ofNullable(receiver.deliveries.poll(60, TimeUnit.SECONDS))
                            .orElseThrow(
                                    () -> new AssertionError(exports.status().toString()))
                            .forEach(one -> ids.add(one.replaceAll("(?s).* externalId=([a-z0-9_]+) .*", "$1")));
                }
                awaitAll(exports);
            }
            assertEquals(finished(), ids.stream().distinct().toList(), "in order, and once where nothing failed");
            // The last one is in doubt when we end, and comes again at the next start.
            long saved = new Position(home.resolve("positions").resolve("siem")).read();
            assertTrue(saved < house.ledger.size(), saved + "");
        }
    }

    @Test
    void aReceiverWithAForeignCertificateGetsNothing() throws Exception {
        try (Receiver receiver = new Receiver();
                Receiver other = new Receiver()) {
            TlsDelivery delivery = new TlsDelivery(
                    "localhost",
                    receiver.socket.getLocalPort(),
                    AddressCheck.forHost("localhost", List.of()),
                    new PoolTls(() -> other.trust, "localhost"),
                    loops);
            IOException refused = assertThrows(
                    IOException.class,
                    () -> delivery.send("1 a".getBytes(StandardCharsets.UTF_8), Duration.ofSeconds(10)));
            assertTrue(String.valueOf(refused.getMessage()).contains("no TLS"), refused.getMessage());
        }
    }

    @Test
    void anExportCarriesNoMoreThanItsFilterSays() throws Exception {
        new BusyHouse(house, 9).write(200);
        Path file = home.resolve("denied.jsonl");
        EventQuery denied = EventQuery.of(Map.of(EventQuery.Part.STATUS, "denied"));
        try (Exports exports = Exports.start(
                List.of(new Exports.Configured("siem", "file", denied, new FileSink(file, Format.JSONL, false))),
                home.resolve("positions"),
                search,
                SHORT,
                incidents::add)) {
            awaitAll(exports);
        }
        for (String line : Files.readAllLines(file)) {
            assertTrue(line.contains("\"status\":\"denied\""), line);
        }
        assertFalse(Files.readAllLines(file).isEmpty());
    }
}
