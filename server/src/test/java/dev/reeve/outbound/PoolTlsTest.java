package dev.reeve.outbound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.http.HttpConfig;
import dev.reeve.http.HttpServer;
import dev.reeve.http.HttpTls;
import dev.reeve.http.Response;
import dev.reeve.tls.Renewing;
import dev.reeve.tls.TestCa;
import dev.reeve.tls.TlsFiles;
import dev.reeve.tls.TlsLibrary;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.pkitesting.X509Bundle;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Towards servers with own authorities and client certificates, by both libraries; each failure with its own code. */
@Timeout(180)
final class PoolTlsTest {
    @SuppressWarnings("NullAway.Init")
    private static EventLoopGroup loops;

    @TempDir
    private Path folder;

    private final TestCa servers = new TestCa("Server CA");
    private final TestCa clients = new TestCa("Client CA");
    private final AtomicInteger served = new AtomicInteger();
    private final AtomicBoolean left = new AtomicBoolean();
    private HttpServer server;

    @SuppressWarnings("NullAway") // set by serve()
    PoolTlsTest() throws Exception {}

    /** Not where it is declared: a class that fails is run again in the same process. */
    @BeforeAll
    static void begin() {
        loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    }

    @AfterAll
    static void stop() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @AfterEach
    void close() {
        server.close(Duration.ofMillis(100));
    }

    /** Answers with the subject of the client's certificate. */
    private void serve(X509Bundle identity, boolean clientRequired) throws Exception {
        TlsFiles.Pair pair = TestCa.write(identity, folder, "server");
        Renewing<SslContext> certificate = Renewing.listener(
                new TlsFiles(
                        Optional.of(pair), clientRequired ? Optional.of(clients.rootFile(folder)) : Optional.empty()),
                true,
                TlsLibrary.best());
        HttpTls tls = new HttpTls(certificate::current, host -> true, 64, Duration.ofSeconds(10), outcome -> {});
        server = HttpServer.open(
                HttpConfig.loopback(0).with(tls),
                loops,
                (request, responder) -> {
                    served.incrementAndGet();
                    String who = request.peer().map(it -> it.subject()).orElse("nobody");
                    responder.send(Response.json(200, who.getBytes(StandardCharsets.UTF_8)));
                },
                refused -> {});
    }

    private Path authority() throws Exception {
        return java.nio.file.Files.writeString(
                folder.resolve("servers.pem"), servers.root().getRootCertificatePEM());
    }

    private HttpPool pool(Renewing<SslContext> own, String serverName) {
        HttpOrigin origin =
                HttpOrigin.of(URI.create("https://localhost:" + server.address().getPort()));
        AddressCheck loopback = new AddressCheck(
                name -> new InetAddress[] {InetAddress.getLoopbackAddress()}, List.of(Cidr.parse("127.0.0.0/8")));
        return new HttpPool(
                origin,
                loopback,
                loops,
                new HttpPool.Limits(4, Duration.ofSeconds(10), Duration.ofSeconds(4)),
                Optional.of(new PoolTls(own::current, serverName)));
    }

    private String get(HttpPool pool) throws HttpCallException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        try (HttpExchange http = pool.exchange(new HttpCall("GET", "/", Map.of(), new byte[0]), this::leaves)) {
            http.start(deadline);
            return new String(http.body(1_000, deadline), StandardCharsets.UTF_8);
        }
    }

    private boolean leaves() {
        left.set(true);
        return true;
    }

    private void fails(String code, HttpCallException.Kind kind, Renewing<SslContext> own, String name) {
        try (HttpPool pool = pool(own, name)) {
            HttpCallException failed = assertThrows(HttpCallException.class, () -> get(pool));
            assertTrue(failed.reason().contains(" " + code + ": "), failed.reason());
            assertEquals(kind, failed.kind());
            assertEquals(left.get(), failed.sent(), "a server's alert may come before or behind the first byte");
            assertTrue(kind == HttpCallException.Kind.HANDSHAKE || !failed.sent());
            assertEquals(0, served.get());
        }
    }

    private Renewing<SslContext> trusting(TlsLibrary library) throws Exception {
        return Renewing.client(new TlsFiles(Optional.empty(), Optional.of(authority())), library);
    }

    @ParameterizedTest
    @EnumSource(TlsLibrary.class)
    void aClientCertificateIsShownAndARenewedOneIsShownOnTheNextConnection(TlsLibrary library) throws Exception {
        serve(servers.server(), true);
        TlsFiles.Pair pair = TestCa.write(clients.client("first"), folder, "client");
        Renewing<SslContext> own = Renewing.client(new TlsFiles(Optional.of(pair), Optional.of(authority())), library);
        try (HttpPool pool = pool(own, "localhost")) {
            assertEquals("CN=first", get(pool));
        }
        TestCa.write(clients.client("second"), folder, "client");
        Instant now = Instant.now();
        for (int i = 0; i < 3; i++) {
            Optional<Renewing.News> ignored = own.look(now, (facts, version) -> {});
            now = now.plus(Renewing.QUIET);
        }
        try (HttpPool pool = pool(own, "localhost")) {
            assertEquals("CN=second", get(pool));
        }
    }

    @ParameterizedTest
    @EnumSource(TlsLibrary.class)
    void aServerThatWantsACertificateAndGetsNoneSaysSoWhetherBytesLeftOrNot(TlsLibrary library) throws Exception {
        serve(servers.server(), true);
        fails("tls_client_certificate", HttpCallException.Kind.HANDSHAKE, trusting(library), "localhost");
    }

    @ParameterizedTest
    @EnumSource(TlsLibrary.class)
    void anExpiredOneIsNamed(TlsLibrary library) throws Exception {
        serve(servers.issue(TestCa.leaf("localhost").notAfter(Instant.now().minus(Duration.ofHours(1)))), false);
        fails("tls_expired", HttpCallException.Kind.UNREACHABLE, trusting(library), "localhost");
    }

    @ParameterizedTest
    @EnumSource(TlsLibrary.class)
    void oneThatIsNotYetValidIsNamed(TlsLibrary library) throws Exception {
        serve(servers.issue(TestCa.leaf("localhost").notBefore(Instant.now().plus(Duration.ofHours(1)))), false);
        fails("tls_not_yet_valid", HttpCallException.Kind.UNREACHABLE, trusting(library), "localhost");
    }

    @ParameterizedTest
    @EnumSource(TlsLibrary.class)
    void theNameIsVerifiedUnlessTheOperatorNamesAnother(TlsLibrary library) throws Exception {
        serve(servers.issue(TestCa.leaf("inner.example")), false);
        fails("tls_wrong_host", HttpCallException.Kind.UNREACHABLE, trusting(library), "localhost");
        try (HttpPool pool = pool(trusting(library), "inner.example")) {
            assertEquals("nobody", get(pool));
        }
    }

    @ParameterizedTest
    @EnumSource(TlsLibrary.class)
    void ownAuthoritiesReplaceTheSystems(TlsLibrary library) throws Exception {
        serve(new TestCa("Somebody").server(), false);
        fails("tls_unknown_authority", HttpCallException.Kind.UNREACHABLE, trusting(library), "localhost");
        fails(
                "tls_unknown_authority",
                HttpCallException.Kind.UNREACHABLE,
                Renewing.client(new TlsFiles(Optional.empty(), Optional.empty()), library),
                "localhost");
    }

    @ParameterizedTest
    @EnumSource(TlsLibrary.class)
    void aPortThatSpeaksHttpIsNamed(TlsLibrary library) throws Exception {
        server = HttpServer.open(HttpConfig.loopback(0), loops, (request, responder) -> {}, refused -> {});
        fails("tls_not_spoken", HttpCallException.Kind.UNREACHABLE, trusting(library), "localhost");
    }
}
