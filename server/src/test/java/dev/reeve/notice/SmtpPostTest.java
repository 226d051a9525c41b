package dev.reeve.notice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.approval.Approval;
import dev.reeve.notice.MailServer.Security;
import dev.reeve.outbound.AddressCheck;
import dev.reeve.secrets.Secret;
import dev.reeve.tls.TestCa;
import io.netty.pkitesting.X509Bundle;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Mail to a server that does what a test says, over a real socket and real TLS. */
final class SmtpPostTest {
    private static final Approval WAITS = MessageTest.approval("clerk", ".mail.send", "", false);

    /** What the server was told, a line each; of the message, as it came. */
    private final List<String> heard = new CopyOnWriteArrayList<>();

    private final List<String> incidents = new CopyOnWriteArrayList<>();
    private String offers = "AUTH PLAIN LOGIN";
    private boolean refusesLogins;
    private String toRecipients = "250 ok";
    private String afterStartTls = "220 go on\r\n";
    private String toData = "250 taken";
    private boolean startTls = true;

    @SuppressWarnings("NullAway.Init")
    private ServerSocket socket;

    @SuppressWarnings("NullAway.Init")
    private SSLContext serverTls;

    @SuppressWarnings("NullAway.Init")
    private SSLContext trust;

    @BeforeEach
    void open() throws Exception {
        socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        TestCa ca = new TestCa("mail");
        serverTls = server(ca.server());
        trust = trusting(ca.root());
    }

    @AfterEach
    void close() throws IOException {
        socket.close();
    }

    private static SSLContext server(X509Bundle bundle) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry("k", bundle.getKeyPair().getPrivate(), new char[0], bundle.getCertificatePath());
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private static SSLContext trusting(X509Bundle root) throws Exception {
        KeyStore roots = KeyStore.getInstance("PKCS12");
        roots.load(null, null);
        roots.setCertificateEntry("r", root.getCertificate());
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(roots);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    private void serve(boolean implicit) {
        Thread.ofVirtual().start(() -> {
            try (Socket plain = socket.accept();
                    Socket first = implicit ? tls(plain) : plain) {
                talk(first);
            } catch (IOException e) {
                heard.add("broken");
            }
        });
    }

    private Socket tls(Socket plain) throws IOException {
        SSLSocket safe =
                (SSLSocket) serverTls.getSocketFactory().createSocket(plain, "localhost", plain.getPort(), true);
        safe.setUseClientMode(false);
        safe.startHandshake();
        return safe;
    }

    private void talk(Socket with) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(with.getInputStream(), StandardCharsets.US_ASCII));
        boolean safe = with instanceof SSLSocket;
        says(with, safe && startTls ? "" : "220 mail\r\n");
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            heard.add(line);
            if (line.startsWith("EHLO")) {
                says(with, "250-mail\r\n" + (startTls && !safe ? "250-STARTTLS\r\n" : "") + "250 " + offers + "\r\n");
            } else if (line.equals("STARTTLS")) {
                says(with, afterStartTls);
                talk(tls(with));
                return;
            } else if (line.startsWith("RCPT")) {
                says(with, (line.contains("nobody") ? "550 no such user" : toRecipients) + "\r\n");
            } else if (line.equals("DATA")) {
                says(with, "354 go on\r\n");
                for (String text = in.readLine(); text != null && !text.equals("."); text = in.readLine()) {
                    heard.add("> " + text);
                }
                says(with, toData + "\r\n");
            } else if (line.equals("QUIT")) {
                return;
            } else if (line.startsWith("AUTH") && refusesLogins) {
                says(with, "535 not with " + line + "\r\n");
            } else if (line.startsWith("AUTH LOGIN")) {
                says(with, "334 VXNlcm5hbWU6\r\n");
                heard.add(String.valueOf(in.readLine()));
                says(with, "334 UGFzc3dvcmQ6\r\n");
                heard.add(String.valueOf(in.readLine()));
                says(with, "235 welcome\r\n");
            } else {
                says(with, "250 ok\r\n");
            }
        }
    }

    private static void says(Socket to, String text) throws IOException {
        to.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        to.getOutputStream().flush();
    }

    private void deliver(Security security, String host, String... to) throws IOException {
        MailServer server = new MailServer(
                host,
                socket.getLocalPort(),
                security,
                security == Security.NONE
                        ? Optional.empty()
                        : Optional.of(new MailServer.Login("reeve", Secret.of("pass word"))),
                AddressCheck.forHost("localhost", List.of()),
                trust);
        new SmtpPost(
                        server,
                        "reeve@example.com",
                        List.of(to),
                        () -> Instant.parse("2026-11-26T12:00:00Z"),
                        incidents::add)
                .deliver("rv_7", WAITS, Optional.of("https://reeve.example.com/approvals/rv_7"));
    }

    private String refusal(Security security) {
        return String.valueOf(assertThrows(IOException.class, () -> deliver(security, "localhost", "ana@example.com"))
                .getMessage());
    }

    private List<String> message() {
        return heard.stream()
                .filter(line -> line.startsWith("> "))
                .map(line -> line.substring(2))
                .toList();
    }

    @Test
    void aMailIsHandedInAfterStartTlsWithThePassword() throws IOException {
        serve(false);
        deliver(Security.STARTTLS, "localhost", "ana@example.com", "bo@example.com");
        assertTrue(
                heard.contains("AUTH PLAIN "
                        + Base64.getEncoder().encodeToString("\0reeve\0pass word".getBytes(StandardCharsets.UTF_8))),
                heard.toString());
        assertTrue(heard.indexOf("STARTTLS") < heard.indexOf("MAIL FROM:<reeve@example.com>"), heard.toString());
        assertTrue(heard.contains("RCPT TO:<bo@example.com>"));
        List<String> message = message();
        assertTrue(message.contains("Message-ID: <rv_7@example.com>"), message.toString());
        assertTrue(message.contains("Date: Thu, 26 Nov 2026 12:00:00 GMT"), message.toString());
        assertTrue(message.contains("Subject: Reeve: an agent waits for a person"), message.toString());
        assertTrue(message.contains("Look and answer, signed in: https://reeve.example.com/approvals/rv_7"));
        assertFalse(message.subList(0, message.indexOf("")).toString().contains("clerk"), "nothing foreign in headers");
    }

    @Test
    void tlsFromTheFirstByteAndAuthLogin() throws IOException {
        startTls = false;
        offers = "AUTH=LOGIN";
        serve(true);
        deliver(Security.IMPLICIT, "localhost", "ana@example.com");
        assertTrue(heard.contains(Base64.getEncoder().encodeToString("pass word".getBytes(StandardCharsets.UTF_8))));
        assertFalse(message().isEmpty());
    }

    @Test
    void aLoginThatIsRefusedIsNotRepeatedToAnybody() {
        refusesLogins = true;
        serve(false);
        assertEquals("the mail server refuses the login: 535", refusal(Security.STARTTLS));
        assertTrue(heard.stream().noneMatch(line -> line.startsWith("MAIL")));
    }

    @Test
    void aServerWithoutStartTlsGetsNeitherPasswordNorMail() {
        startTls = false;
        serve(false);
        assertTrue(refusal(Security.STARTTLS).contains("does not offer STARTTLS"));
        assertTrue(heard.stream().noneMatch(line -> line.startsWith("AUTH") || line.startsWith("MAIL")));
    }

    @Test
    void whatWasSaidBeforeTlsBeganIsNotBelieved() {
        afterStartTls = "220 go on\r\n250 and this\r\n";
        serve(false);
        assertFalse(refusal(Security.STARTTLS).isEmpty());
        assertTrue(heard.stream().noneMatch(line -> line.startsWith("AUTH") || line.startsWith("MAIL")));
    }

    @Test
    void aCertificateOfAnotherHostIsRefused() throws Exception {
        serverTls = server(new TestCa("other").server());
        serve(false);
        assertThrows(IOException.class, () -> deliver(Security.STARTTLS, "localhost", "ana@example.com"));
        assertTrue(heard.stream().noneMatch(line -> line.startsWith("AUTH")));
    }

    @Test
    void whoIsRefusedIsToldAndTheOthersGetIt() throws IOException {
        serve(false);
        deliver(Security.NONE, "localhost", "nobody@example.com", "ana@example.com");
        assertEquals(List.of("the mail server does not send to nobody@example.com"), incidents);
        assertFalse(message().isEmpty());
    }

    @Test
    void nothingIsDeliveredUnlessTheServerSaysSo() {
        toRecipients = "450 later\u0007";
        serve(false);
        String why = refusal(Security.NONE);
        assertTrue(why.contains("refuses every recipient: 450 later") && !why.contains("\u0007"), why);
        toRecipients = "250 ok";
        toData = "554 no";
        serve(false);
        assertTrue(refusal(Security.NONE).contains("refuses the message: 554"));
    }

    @Test
    void aServerThatNeverEndsItsAnswerIsLeft() {
        toRecipients = "250-more\r\n".repeat(200);
        serve(false);
        assertTrue(refusal(Security.NONE).contains("says too much"));
    }
}
