package dev.reeve.connector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.Waiting;
import dev.reeve.identity.Authenticator;
import dev.reeve.identity.Identification;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The server's half on a real socket. That a process of another user is refused is not tested: it takes two users, and the file's mode would
 * refuse it before.
 */
@Timeout(180)
final class ConnectorListenerTest {
    private static final ConnectorLimits LIMITS = new ConnectorLimits(3, 1 << 20, 2, 8, Duration.ofMillis(300));

    @TempDir
    Path folder;

    private final EchoService service = new EchoService();
    private final List<Client> clients = new ArrayList<>();
    private ConnectorListener listener;

    /** The other end, with nothing clever in it. */
    private static final class Client implements AutoCloseable {
        private final SocketChannel channel;
        private final LineReader reader;

        Client(Path socket) throws IOException {
            channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            channel.connect(UnixDomainSocketAddress.of(socket));
            reader = new LineReader(channel, new Semaphore(1));
        }

        void send(String text) throws IOException {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }

        String line() throws IOException {
            return switch (reader.next(64 << 20)) {
                case LineReader.Read.Line(byte[] bytes) -> new String(bytes, StandardCharsets.UTF_8);
                case LineReader.Read.TooLong() -> "TOO LONG";
                case LineReader.Read.End() -> "END";
            };
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    @BeforeEach
    void open() throws IOException {
        listener = ConnectorListener.open(folder.resolve("s"), FakeServe.authenticator(), service, LIMITS);
    }

    @AfterEach
    void close() throws IOException {
        for (Client client : clients) {
            client.close();
        }
        listener.close();
    }

    private Client client() throws IOException {
        Client client = new Client(folder.resolve("s"));
        clients.add(client);
        return client;
    }

    private Client letIn() throws IOException {
        Client client = client();
        client.send("reeve-connector/1 " + FakeServe.SECRET + " echo i-1\n");
        assertEquals("ok", client.line());
        return client;
    }

    @Test
    void linesGoBothWaysForTheAgentOfTheRegistration() throws Exception {
        Client client = letIn();
        client.send("{\"a\":1}\r\n\n{\"b\":");
        assertEquals("{\"a\":1}", client.line());
        client.send("2}\n");
        assertEquals("{\"b\":2}", client.line());
        assertEquals(1, service.sessions.size());
        assertTrue(service.sessions.getFirst().matches("tester connector-\\d+-i-1"), service.sessions.getFirst());
    }

    @Test
    void theSocketIsForItsOwnerAlone() throws Exception {
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("s"))));
    }

    @Test
    void aWrongRegistrationIsToldSoAndNothingElse() throws Exception {
        Client client = client();
        client.send("reeve-connector/1 reeve_wrong echo i-1\n{\"a\":1}\n");
        assertTrue(client.line().startsWith("refused registration_unknown the registration is not valid"));
        assertEquals("END", client.line());
        assertEquals(List.of(), service.sessions);
    }

    @Test
    void anUpstreamThatIsNotThereIsNamed() throws Exception {
        Client client = client();
        client.send("reeve-connector/1 " + FakeServe.SECRET + " nothere i-1\n");
        assertEquals("refused no_upstream reeve.yaml has no upstream `nothere`", client.line());
    }

    @Test
    void whatIsNoPreambleIsRefused() throws Exception {
        for (String line : List.of(
                "GET / HTTP/1.1",
                "reeve-connector/2 a b c",
                "reeve-connector/1 a b",
                "reeve-connector/1 a b c d",
                "reeve-connector/1 a\u0001 b c",
                "x".repeat(5_000))) {
            Client client = client();
            client.send(line + "\n");
            String answer = client.line();
            assertTrue(answer.startsWith("refused malformed "), answer);
            assertFalse(answer.contains("\u0001"));
        }
    }

    @Test
    void whoSaysNothingIsCutOff() throws Exception {
        assertEquals("END", client().line());
    }

    @Test
    void aLineThatIsTooLongIsAnsweredAndTheNextOneWorks() throws Exception {
        Client client = letIn();
        Thread writer = Thread.ofVirtual().start(() -> {
            try {
                client.send("y".repeat((1 << 20) + 1) + "\n{\"after\":1}\n");
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        assertTrue(client.line().contains("\"code\":-32600"));
        assertEquals("{\"after\":1}", client.line());
        writer.join();
    }

    @Test
    void aLineOfTheGreatestLengthPasses() throws Exception {
        Client client = letIn();
        String line = "z".repeat(1 << 20);
        Thread.ofVirtual().start(() -> {
            try {
                client.send(line + "\n");
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        assertEquals(line, client.line());
    }

    @Test
    void aClientThatDoesNotReadHoldsItselfBackAndNobodyElse() throws Exception {
        Client slow = letIn();
        Client other = letIn();
        for (int i = 0; i < 20; i++) {
            slow.send("big 200000\n");
        }
        other.send("{\"quick\":1}\n");
        assertEquals("{\"quick\":1}", other.line());
        for (int i = 0; i < 20; i++) {
            assertEquals(200_000, slow.line().length());
        }
    }

    @Test
    void oneTooManyIsRefusedAndAPlaceThatIsFreedIsGivenAgain() throws Exception {
        Client first = letIn();
        letIn();
        letIn();
        assertTrue(client().line().startsWith("refused too_many "));
        first.close();
        assertTrue(service.gone.await(60, TimeUnit.SECONDS));
        Waiting.whilst(() -> listener.size() > 2);
        letIn();
    }

    @Test
    void aClientThatIsDoneGetsItsAnswersBeforeTheEnd() throws Exception {
        Client client = letIn();
        client.send("big 300000\n{\"last\":1}\n");
        client.channel.shutdownOutput();
        assertEquals(300_000, client.line().length());
        assertEquals("{\"last\":1}", client.line());
        assertEquals("END", client.line());
        assertTrue(service.finished.await(60, TimeUnit.SECONDS));
    }

    @Test
    void revocationCutsWhatRuns() throws Exception {
        Client client = letIn();
        listener.identitiesChanged((principal, epoch) -> true);
        client.send("{\"still\":1}\n");
        assertEquals("{\"still\":1}", client.line());
        listener.identitiesChanged((principal, epoch) -> false);
        assertEquals("END", client.line());
    }

    @Test
    void whoIsRevokedWhileItIsLetInIsNot() throws Exception {
        AtomicReference<ConnectorListener> other = new AtomicReference<>(listener);
        AtomicBoolean revoked = new AtomicBoolean();
        Authenticator revoking = claim -> {
            if (revoked.get()) {
                return new Identification.Unknown("key_revoked", "it was revoked");
            }
            Identification before = FakeServe.authenticator().identify(claim);
            revoked.set(true);
            other.get().identitiesChanged((principal, epoch) -> false);
            return before;
        };
        try (ConnectorListener second = ConnectorListener.open(folder.resolve("t"), revoking, service, LIMITS);
                Client client = new Client(folder.resolve("t"))) {
            other.set(second);
            client.send("reeve-connector/1 " + FakeServe.SECRET + " echo i-1\n");
            String told = client.line();
            assertTrue(told.startsWith("refused key_revoked"), told);
            assertEquals("END", client.line());
        }
    }

    @Test
    void closingEndsConnectionsAndTakesTheSocketAway() throws Exception {
        Client client = letIn();
        listener.close();
        assertEquals("END", client.line());
        assertFalse(Files.exists(folder.resolve("s")));
    }

    @Test
    void aSocketThatIsLeftOverIsReplaced() throws Exception {
        Path left = folder.resolve("left");
        Files.writeString(left, "");
        try (ConnectorListener again = ConnectorListener.open(left, FakeServe.authenticator(), service, LIMITS)) {
            assertEquals(0, again.size());
        }
    }

    @Test
    void aPathThatNoSocketCanHaveIsRefusedWithTheReason() {
        Path deep = folder.resolve("d".repeat(100)).resolve("s");
        IOException refused = assertThrows(
                IOException.class, () -> ConnectorListener.open(deep, FakeServe.authenticator(), service, LIMITS));
        assertTrue(String.valueOf(refused.getMessage()).contains("choose a shorter `data` folder"));
    }
}
