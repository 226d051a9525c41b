package dev.reeve.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.tls.CertificateFacts;
import dev.reeve.tls.Renewing;
import dev.reeve.tls.TestCa;
import dev.reeve.tls.TlsFiles;
import dev.reeve.tls.TlsLibrary;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.pkitesting.X509Bundle;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** HTTPS on the agents' listener, with both libraries. */
@Timeout(180)
final class TlsListenerTest {
    private static EventLoopGroup loops;

    @TempDir
    private Path folder;

    private final TestCa authority = new TestCa("Server CA");
    private final TestCa clients = new TestCa("Client CA");
    private final BlockingQueue<String> outcomes = new LinkedBlockingQueue<>();
    private final BlockingQueue<Request> handled = new LinkedBlockingQueue<>();
    private final CompletableFuture<EventStream> stream = new CompletableFuture<>();
    private Renewing<SslContext> certificate;
    private HttpServer server;
    private Instant now = Instant.now();

    @SuppressWarnings("NullAway") // set by open()
    TlsListenerTest() throws Exception {}

    @BeforeAll
    static void start() {
        loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    }

    @AfterAll
    static void stop() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @AfterEach
    void close() {
        server.close(Duration.ofMillis(100));
    }

    private void open(TlsLibrary library, boolean askClients, boolean required, int handshakes, Duration timeout)
            throws Exception {
        TlsFiles.Pair pair = TestCa.write(authority.server(), folder, "server");
        Optional<Path> roots = askClients ? Optional.of(clients.rootFile(folder)) : Optional.empty();
        certificate = Renewing.listener(new TlsFiles(Optional.of(pair), roots), required, library);
        HttpTls tls = new HttpTls(
                certificate::current,
                host -> certificate.facts().orElseThrow().covers(host),
                handshakes,
                timeout,
                outcomes::add);
        server = HttpServer.open(HttpConfig.loopback(0).with(tls), loops, this::handle, refused -> {});
    }

    private void open(TlsLibrary library) throws Exception {
        open(library, false, false, 64, Duration.ofSeconds(10));
    }

    private void handle(Request request, Responder responder) {
        handled.add(request);
        if (request.path().equals("/stream")) {
            stream.complete(responder.stream(Response.json(200, new byte[0])));
        } else {
            responder.send(Response.json(200, request.body()));
        }
    }

    private SSLSocket connect(@Nullable X509Bundle own) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                own == null ? null : own.toKeyManagerFactory().getKeyManagers(),
                authority.root().toTrustManagerFactory().getTrustManagers(),
                null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket();
        socket.setSoTimeout(60_000);
        socket.connect(server.address());
        return socket;
    }

    private static String ask(SSLSocket socket, String path) throws IOException {
        send(socket, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        return String.valueOf(reader(socket).readLine());
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    private String outcome() throws InterruptedException {
        return String.valueOf(outcomes.poll(20, TimeUnit.SECONDS));
    }

    private static String sha256(SSLSocket socket) throws SSLException {
        return CertificateFacts.of((X509Certificate) socket.getSession().getPeerCertificates()[0])
                .sha256();
    }

    @ParameterizedTest
    @EnumSource(TlsLibrary.class)
    void requestsAreServedAndAlpnSaysHttp11(TlsLibrary library) throws Exception {
        open(library);
        try (SSLSocket socket = connect(null)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
            parameters.setServerNames(List.of(new SNIHostName("somebody.else.example")));
            socket.setSSLParameters(parameters);
            assertEquals("HTTP/1.1 200 OK", ask(socket, "/x"));
            assertEquals("http/1.1", socket.getApplicationProtocol());
            assertEquals("TLSv1.3", socket.getSession().getProtocol());
        }
        assertEquals("ok", outcome());
    }

    @ParameterizedTest
    @EnumSource(TlsLibrary.class)
    void tls12IsServedWithForwardSecrecyOnly(TlsLibrary library) throws Exception {
        open(library);
        try (SSLSocket socket = connect(null)) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            assertEquals("HTTP/1.1 200 OK", ask(socket, "/x"));
            assertTrue(socket.getSession().getCipherSuite().startsWith("TLS_ECDHE_ECDSA_WITH_AES_"));
        }
        try (SSLSocket weak = connect(null)) {
            weak.setEnabledProtocols(new String[] {"TLSv1.2"});
            weak.setEnabledCipherSuites(new String[] {"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"});
            assertThrows(SSLException.class, weak::startHandshake);
        }
        assertEquals("ok", outcome());
        assertEquals("no_agreement", outcome());
    }

    /** A ClientHello of TLS 1.1, by hand: no library here would still send one. */
    @ParameterizedTest
    @EnumSource(TlsLibrary.class)
    void olderVersionsAreRefused(TlsLibrary library) throws Exception {
        open(library);
        for (int minor = 0; minor <= 2; minor++) {
            try (Socket socket = new Socket()) {
                socket.setSoTimeout(60_000);
                socket.connect(server.address());
                socket.getOutputStream().write(hello(minor));
                byte[] answer = socket.getInputStream().readNBytes(7);
                if (answer.length > 0) {
                    assertEquals(21, answer[0], "an alert, for minor version " + minor);
                }
            }
            String said = outcome();
            assertTrue(Set.of("no_agreement", "failed").contains(said), said);
        }
    }

    private static byte[] hello(int minor) {
        byte[] suites = {(byte) 0xC0, 0x09, (byte) 0xC0, 0x13, 0x00, 0x2F};
        byte[] hello = new byte[9 + 34 + 1 + 2 + suites.length + 2];
        hello[0] = 22;
        hello[1] = 3;
        hello[2] = (byte) minor;
        hello[4] = (byte) (hello.length - 5);
        hello[5] = 1;
        hello[8] = (byte) (hello.length - 9);
        hello[9] = 3;
        hello[10] = (byte) minor;
        hello[45] = (byte) suites.length;
        System.arraycopy(suites, 0, hello, 46, suites.length);
        hello[46 + suites.length] = 1;
        return hello;
    }

    @ParameterizedTest
    @EnumSource(TlsLibrary.class)
    void aClientWithoutACertificateIsRefusedWhereOneIsRequired(TlsLibrary library) throws Exception {
        open(library, true, true, 64, Duration.ofSeconds(10));
        try (SSLSocket socket = connect(null)) {
            assertThrows(IOException.class, () -> {
                String line = ask(socket, "/x");
                throw new IOException(line);
            });
        }
        assertEquals("no_client_certificate", outcome());
        X509Bundle stranger = new TestCa("Nobody").client("eve");
        try (SSLSocket socket = connect(stranger)) {
            assertThrows(IOException.class, () -> {
                String line = ask(socket, "/x");
                throw new IOException(line);
            });
        }
        assertTrue(Set.of("client_certificate_refused", "no_client_certificate").contains(outcome()));
        assertEquals(0, handled.size());
        X509Bundle ana = clients.client("ana");
        try (SSLSocket socket = connect(ana)) {
            assertEquals("HTTP/1.1 200 OK", ask(socket, "/x"));
        }
        TlsPeer peer = handled.take().peer().orElseThrow();
        assertEquals("CN=ana", peer.subject());
        assertEquals(CertificateFacts.of(ana.getCertificate()).sha256(), peer.sha256());
    }

    @ParameterizedTest
    @EnumSource(TlsLibrary.class)
    void whereItIsOptionalAClientIsKnownIfItShowsOne(TlsLibrary library) throws Exception {
        open(library, true, false, 64, Duration.ofSeconds(10));
        try (SSLSocket socket = connect(null)) {
            assertEquals("HTTP/1.1 200 OK", ask(socket, "/x"));
        }
        assertEquals(Optional.empty(), handled.take().peer());
        try (SSLSocket socket = connect(clients.client("ana"))) {
            assertEquals("HTTP/1.1 200 OK", ask(socket, "/x"));
        }
        assertEquals("CN=ana", handled.take().peer().orElseThrow().subject());
    }

    @ParameterizedTest
    @EnumSource(TlsLibrary.class)
    void aRenewedCertificateServesNewConnectionsAndCutsNoStream(TlsLibrary library) throws Exception {
        open(library);
        try (SSLSocket open = connect(null)) {
            send(open, "GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
            EventStream events = stream.get(20, TimeUnit.SECONDS);
            String before = sha256(open);
            X509Bundle next = authority.server();
            TestCa.write(next, folder, "server");
            for (int i = 0; i < 3; i++) {
                Optional<Renewing.News> ignored = certificate.look(now, (facts, version) -> {});
                now = now.plus(Renewing.QUIET);
            }
            try (SSLSocket later = connect(null)) {
                assertEquals("HTTP/1.1 200 OK", ask(later, "/x"));
                assertEquals(CertificateFacts.of(next.getCertificate()).sha256(), sha256(later));
                assertTrue(!sha256(later).equals(before));
            }
            assertTrue(events.send("\"still here\"".getBytes(StandardCharsets.UTF_8)));
            events.end();
            BufferedReader answer = reader(open);
            String line = String.valueOf(answer.readLine());
            while (!line.contains("still here") && !line.equals("null")) {
                line = String.valueOf(answer.readLine());
            }
            assertEquals("data: \"still here\"", line);
        }
    }

    /** The end of a chunked answer is one buffer for all connections, and TLS joins small buffers. */
    @ParameterizedTest
    @EnumSource(TlsLibrary.class)
    void whatFollowsAStreamOnOneConnectionDoesNotLeakIntoAnother(TlsLibrary library) throws Exception {
        open(library);
        try (SSLSocket one = connect(null)) {
            send(
                    one,
                    "GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\nPOST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6\r\n\r\nsecret");
            stream.get(20, TimeUnit.SECONDS).end();
            BufferedReader answer = reader(one);
            String line = String.valueOf(answer.readLine());
            while (!line.startsWith("content-length")) {
                line = String.valueOf(answer.readLine());
            }
        }
        assertEquals(5, Wire.LAST_CHUNK.readableBytes());
        assertEquals(5, Wire.LAST_CHUNK.capacity());
    }

    @ParameterizedTest
    @EnumSource(TlsLibrary.class)
    void whoSpeaksHttpIsToldInTheClearAtOnce(TlsLibrary library) throws Exception {
        open(library);
        try (RawClient client = new RawClient(server.address())) {
            RawClient.Answer answer =
                    client.send("GET /mcp HTTP/1.1\r\nHost: localhost\r\n\r\n").read();
            assertEquals(400, answer.status());
            assertTrue(answer.body().contains("this port speaks https"), answer.body());
        }
        assertEquals("plain_http", outcome());
    }

    @ParameterizedTest
    @EnumSource(TlsLibrary.class)
    void whoSpeaksNeitherIsClosed(TlsLibrary library) throws Exception {
        open(library);
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(60_000);
            socket.connect(server.address());
            send(socket, "\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007");
            socket.getInputStream().readAllBytes();
        }
        assertEquals("not_tls", outcome());
    }

    @ParameterizedTest
    @EnumSource(TlsLibrary.class)
    void halfOpenHandshakesAreClosedAndTheirNumberIsBounded(TlsLibrary library) throws Exception {
        open(library, false, false, 2, Duration.ofMillis(1_500));
        try (Socket silent = new Socket();
                Socket slow = new Socket();
                Socket third = new Socket()) {
            silent.setSoTimeout(60_000);
            slow.setSoTimeout(60_000);
            silent.connect(server.address());
            slow.connect(server.address());
            slow.getOutputStream().write(new byte[] {22, 3, 1, 2});
            third.setSoTimeout(60_000);
            third.connect(server.address());
            assertEquals(-1, third.getInputStream().read(), "two are under way: the third is closed");
            assertEquals("crowded", outcome());
            silent.getInputStream().readAllBytes();
            slow.getInputStream().readAllBytes();
        }
        assertEquals("timeout", outcome());
        assertEquals("timeout", outcome());
        try (SSLSocket socket = connect(null)) {
            assertEquals("HTTP/1.1 200 OK", ask(socket, "/x"));
        }
    }

    @ParameterizedTest
    @EnumSource(TlsLibrary.class)
    void onlyNamesOfTheCertificateAreHosts(TlsLibrary library) throws Exception {
        open(library);
        try (SSLSocket socket = connect(null)) {
            send(socket, "GET /x HTTP/1.1\r\nHost: other.example\r\n\r\n");
            assertEquals("HTTP/1.1 403 Forbidden", reader(socket).readLine());
        }
    }

    @ParameterizedTest
    @EnumSource(value = TlsLibrary.class, names = "JDK")
    void whoSpeaksTlsToAnHttpPortIsToldAtOnce(TlsLibrary library) throws Exception {
        server = HttpServer.open(HttpConfig.loopback(0), loops, this::handle, refused -> outcomes.add("refused"));
        try (SSLSocket socket = connect(null)) {
            assertThrows(SSLException.class, socket::startHandshake);
        }
        assertEquals("refused", outcome());
        InetSocketAddress address = server.address();
        try (RawClient client = new RawClient(address)) {
            assertEquals(400, client.send("\u0016\u0003\u0001").read().status());
        }
    }
}
