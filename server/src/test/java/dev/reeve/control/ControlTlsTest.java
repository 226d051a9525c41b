package dev.reeve.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.tls.CertificateFacts;
import dev.reeve.tls.ListenerSockets;
import dev.reeve.tls.Renewing;
import dev.reeve.tls.TestCa;
import dev.reeve.tls.TlsFiles;
import io.netty.pkitesting.X509Bundle;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
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
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** HTTPS on the control address. */
@Timeout(180)
final class ControlTlsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private final TestCa authority = new TestCa("Server CA");
    private final TestCa clients = new TestCa("Client CA");
    private final BlockingQueue<String> outcomes = new LinkedBlockingQueue<>();
    private ControlRoom room;
    private ControlListener listener;
    private Renewing<SSLContext> certificate;
    private Instant now = Instant.now();

    @SuppressWarnings("NullAway") // set by open()
    ControlTlsTest() throws Exception {}

    private void open(ListenerSockets.Clients asked, String address) throws Exception {
        room = new ControlHouse(folder).open();
        TlsFiles.Pair pair = TestCa.write(authority.server(), folder, "server");
        Optional<Path> roots =
                asked == ListenerSockets.Clients.NOT_ASKED ? Optional.empty() : Optional.of(clients.rootFile(folder));
        certificate = Renewing.jdkListener(new TlsFiles(Optional.of(pair), roots));
        ControlTls tls = new ControlTls(
                new ListenerSockets.Settings(certificate::current, asked, Duration.ofSeconds(2), outcomes::add),
                host -> certificate.facts().orElseThrow().covers(host));
        listener = ControlListener.open(
                new ControlListener.Place(
                        new InetSocketAddress(InetAddress.getByName(address), 0),
                        Set.of("reeve.test"),
                        Optional.of(tls)),
                room.routes(List.of()),
                room.administrators());
    }

    @AfterEach
    void close() {
        listener.close();
        room.close();
    }

    private SSLSocket connect(@Nullable X509Bundle own) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                own == null ? null : own.toKeyManagerFactory().getKeyManagers(),
                authority.root().toTrustManagerFactory().getTrustManagers(),
                null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket();
        socket.setSoTimeout(60_000);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.port()));
        return socket;
    }

    private String ask(SSLSocket socket, String host) throws IOException {
        socket.getOutputStream()
                .write(("GET /healthz HTTP/1.1\r\nHost: " + host + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        return String.valueOf(
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8)).readLine());
    }

    private static String sha256(SSLSocket socket) throws SSLException {
        return CertificateFacts.of((X509Certificate) socket.getSession().getPeerCertificates()[0])
                .sha256();
    }

    @Test
    void itAnswersUnderItsNamesAndNoOthers() throws Exception {
        open(ListenerSockets.Clients.NOT_ASKED, "0.0.0.0");
        for (String host : List.of("localhost", "127.0.0.1:" + listener.port(), "reeve.test:8443")) {
            try (SSLSocket socket = connect(null)) {
                assertEquals("HTTP/1.1 200 OK", ask(socket, host), host);
            }
        }
        try (SSLSocket socket = connect(null)) {
            assertTrue(ask(socket, "evil.example").contains(" 403 "));
        }
        assertEquals("ok", outcomes.poll(20, TimeUnit.SECONDS));
    }

    /** Whatever listens at another port of the same name may be an agent's. */
    @Test
    void pagesOfTheSameNameAtAnotherPortAreNotOurs() throws Exception {
        open(ListenerSockets.Clients.NOT_ASKED, "127.0.0.1");
        try (SSLSocket socket = connect(null)) {
            assertEquals("HTTP/1.1 200 OK", ask(socket, "reeve.test:8443\r\nOrigin: https://reeve.test:8443"));
        }
        try (SSLSocket socket = connect(null)) {
            assertTrue(ask(socket, "reeve.test:8443\r\nOrigin: https://reeve.test:9443")
                    .contains(" 403 "));
        }
    }

    @Test
    void tls12WithoutForwardSecrecyOrAuthenticationIsRefused() throws Exception {
        open(ListenerSockets.Clients.NOT_ASKED, "127.0.0.1");
        try (SSLSocket weak = connect(null)) {
            weak.setEnabledProtocols(new String[] {"TLSv1.2"});
            weak.setEnabledCipherSuites(new String[] {"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"});
            assertThrows(SSLException.class, weak::startHandshake);
        }
    }

    @Test
    void aRenewedCertificateServesTheNextConnection() throws Exception {
        open(ListenerSockets.Clients.NOT_ASKED, "127.0.0.1");
        X509Bundle next = authority.server();
        try (SSLSocket before = connect(null)) {
            before.startHandshake();
            TestCa.write(next, folder, "server");
            for (int i = 0; i < 3; i++) {
                Optional<Renewing.News> ignored = certificate.look(now, (facts, version) -> {});
                now = now.plus(Renewing.QUIET);
            }
            try (SSLSocket after = connect(null)) {
                after.startHandshake();
                assertEquals(CertificateFacts.of(next.getCertificate()).sha256(), sha256(after));
            }
            assertEquals("HTTP/1.1 200 OK", ask(before, "localhost"));
        }
    }

    @Test
    void whereACertificateIsRequiredNobodyComesInWithoutOne() throws Exception {
        open(ListenerSockets.Clients.REQUIRED, "127.0.0.1");
        try (SSLSocket socket = connect(null)) {
            assertThrows(IOException.class, () -> {
                String line = ask(socket, "localhost");
                throw new IOException(line);
            });
        }
        try (SSLSocket socket = connect(clients.client("ana"))) {
            assertEquals("HTTP/1.1 200 OK", ask(socket, "localhost"));
        }
    }

    @Test
    void aClientThatDoesNotFinishItsHandshakeIsClosed() throws Exception {
        open(ListenerSockets.Clients.NOT_ASKED, "127.0.0.1");
        try (Socket silent = new Socket()) {
            silent.setSoTimeout(60_000);
            silent.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.port()));
            silent.getOutputStream().write(new byte[] {22, 3, 1, 2});
            try {
                assertEquals(-1, silent.getInputStream().read());
            } catch (java.net.SocketException e) {
                assertTrue(String.valueOf(e.getMessage()).contains("reset"), e.toString());
            }
        }
        assertEquals("timeout", outcomes.poll(20, TimeUnit.SECONDS));
    }

    @Test
    void whoSpeaksHttpIsClosedAtOnce() throws Exception {
        open(ListenerSockets.Clients.NOT_ASKED, "127.0.0.1");
        long begin = System.nanoTime();
        try (Socket plain = new Socket()) {
            plain.setSoTimeout(60_000);
            plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.port()));
            plain.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            try {
                plain.getInputStream().readAllBytes();
            } catch (java.net.SocketException e) {
                assertTrue(String.valueOf(e.getMessage()).contains("reset"), e.toString());
            }
        }
        assertTrue(System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(15));
    }
}
