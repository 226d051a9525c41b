package dev.reeve.outbound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS towards upstreams: trusted roots, the right name, and nothing else. */
@Timeout(180)
final class HttpPoolTlsTest {
    private static final EventLoopGroup LOOPS = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private static final char[] PASSWORD = "changeit".toCharArray();

    private static HttpsServer server;
    private static SslContext trusting;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("store.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "a",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-validity",
                        "2",
                        "-ext",
                        "san=dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "changeit",
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .start();
        keytool.getInputStream().readAllBytes();
        assertTrue(keytool.waitFor(30, TimeUnit.SECONDS));
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", exchange -> {
            byte[] body = exchange.getRequestHeaders().getFirst("Host").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        KeyStore roots = KeyStore.getInstance("PKCS12");
        roots.load(null, null);
        roots.setCertificateEntry("root", store.getCertificate("a"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(roots);
        trusting = SslContextBuilder.forClient().trustManager(trust).build();
    }

    @AfterAll
    static void stop() {
        server.stop(0);
    }

    private static HttpPool pool(String host, @Nullable SslContext tls) {
        HttpOrigin origin = HttpOrigin.of(
                URI.create("https://" + host + ":" + server.getAddress().getPort()));
        AddressCheck loopback = new AddressCheck(
                name -> new InetAddress[] {InetAddress.getLoopbackAddress()},
                List.of(Cidr.parse("127.0.0.0/8"), Cidr.parse("::1")));
        HttpPool.Limits limits = new HttpPool.Limits(4, Duration.ofSeconds(5), Duration.ofSeconds(4));
        return tls == null
                ? new HttpPool(origin, loopback, LOOPS, limits)
                : new HttpPool(origin, loopback, LOOPS, limits, java.util.Optional.of(new PoolTls(() -> tls, host)));
    }

    private static String get(HttpPool pool) throws HttpCallException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        try (HttpExchange http = pool.exchange(new HttpCall("GET", "/", Map.of(), new byte[0]), Departure.FREE)) {
            http.start(deadline);
            assertEquals(200, http.status());
            return new String(http.body(1_000, deadline), StandardCharsets.UTF_8);
        }
    }

    @Test
    void aTrustedServerWithTheRightNameIsSpokenToAndItsConnectionKept() throws Exception {
        try (HttpPool pool = pool("localhost", trusting)) {
            assertEquals("localhost:" + server.getAddress().getPort(), get(pool));
            assertEquals(1, pool.idle());
            get(pool);
            assertEquals(1, pool.idle());
        }
    }

    @Test
    void aTrustedServerWithAnotherNameIsRefused() {
        try (HttpPool pool = pool("other.example", trusting)) {
            HttpCallException refused = assertThrows(HttpCallException.class, () -> get(pool));
            assertEquals(HttpCallException.Kind.UNREACHABLE, refused.kind());
            assertTrue(
                    refused.reason().contains("tls_wrong_host: its certificate is for another host"), refused.reason());
            assertFalse(refused.sent());
        }
    }

    @Test
    void aServerThatNoRootVouchesForIsRefused() {
        try (HttpPool pool = pool("localhost", null)) {
            HttpCallException refused = assertThrows(HttpCallException.class, () -> get(pool));
            assertTrue(refused.reason().contains("tls_unknown_authority: "), refused.reason());
        }
    }

    @Test
    void withoutTlsOnlyNamedAddressesAreSpokenTo() {
        HttpOrigin origin = HttpOrigin.of(URI.create("http://public.example:1"));
        AddressCheck check = new AddressCheck(name -> new InetAddress[] {InetAddress.getByName("8.8.8.8")}, List.of());
        try (HttpPool pool = new HttpPool(origin, check, LOOPS, HttpPool.Limits.USUAL)) {
            HttpCallException refused = assertThrows(HttpCallException.class, () -> get(pool));
            assertTrue(refused.reason().contains("use https"), refused.reason());
        }
    }
}
