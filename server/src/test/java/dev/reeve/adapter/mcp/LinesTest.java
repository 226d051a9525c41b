package dev.reeve.adapter.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.Waiting;
import dev.reeve.connector.ConnectorLimits;
import dev.reeve.connector.ConnectorListener;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Effect;
import dev.reeve.http.HttpLimits;
import dev.reeve.identity.Authenticator;
import dev.reeve.identity.Claim;
import dev.reeve.identity.Identification;
import dev.reeve.json.Json;
import dev.reeve.upstream.UpstreamChange;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Both revisions over a connector's real socket, with clients that do everything wrong. */
@Timeout(180)
final class LinesTest {
    private static final String META = "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
            + "\"io.modelcontextprotocol/clientCapabilities\":{}}";
    private static final McpLimits LIMITS =
            McpLimits.DEFAULT.withSessions(4, 4).withStreams(3, 3).withEach(2, 128, 16);

    @TempDir
    static Path folder;

    private final Gateway gateway = new Gateway(HttpLimits.DEFAULT, LIMITS);
    private ConnectorListener listener;

    @BeforeEach
    void open() throws IOException {
        Authenticator everybodyIsAna = claim -> switch (claim) {
            case Claim.Connector ignored -> Gateway.known("ana", Set.of("pg", "mail"));
            case Claim.ApiKey ignored -> new Identification.Unknown("not_here", "not here");
            case Claim.Nothing ignored -> new Identification.Unknown("key_missing", "no key");
        };
        listener = ConnectorListener.open(
                folder.resolve("s"),
                everybodyIsAna,
                new McpLines(gateway.engine, gateway.upstreams),
                new ConnectorLimits(8, 1 << 20, 2, 64, Duration.ofSeconds(5)));
    }

    @AfterEach
    void close() throws IOException {
        gateway.upstreams.stopped.countDown();
        listener.close();
        gateway.close();
    }

    private static final class Client implements AutoCloseable {
        private final SocketChannel channel;
        private final BufferedReader in;

        Client() throws IOException {
            channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            channel.connect(UnixDomainSocketAddress.of(folder.resolve("s")));
            in = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
            say("reeve-connector/1 secret pg i-1");
            assertEquals("ok", in.readLine());
        }

        Client say(String line) throws IOException {
            return say((line + "\n").getBytes(StandardCharsets.UTF_8));
        }

        Client say(byte[] bytes) throws IOException {
            ByteBuffer out = ByteBuffer.wrap(bytes);
            while (out.hasRemaining()) {
                channel.write(out);
            }
            return this;
        }

        Client handshake() throws IOException {
            say(Post.initialize().text());
            assertTrue(hear().has("result"));
            return say("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
        }

        Json.Obj hear() throws IOException {
            return Post.json(String.valueOf(in.readLine()));
        }

        Json.Obj ask(String line) throws IOException {
            return say(line).hear();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    private static String modern(int id, String method, String params) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":{" + params
                + (params.isEmpty() ? "" : ",") + META + "}}";
    }

    private static String cancel(int id) {
        return "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":" + id + "}}";
    }

    private static int code(Json.Obj answer) {
        return (int)
                ((Json.Num) answer.object("error").orElseThrow().get("code").orElseThrow()).value();
    }

    private static String text(Json.Obj answer) {
        return Post.text(answer.object("result").orElseThrow());
    }

    /** @param line a character for each byte */
    record Bad(String what, String line, int code) {
        @Override
        public String toString() {
            return what;
        }
    }

    private static Bad bad(String what, String line, int code) {
        return new Bad(what, line, code);
    }

    static Stream<Bad> bad() {
        return Stream.of(
                bad("no JSON", "hello", -32700),
                bad("half a message", "{\"jsonrpc\":\"2.0\"", -32700),
                bad("two messages on a line", "{} {}", -32700),
                bad("a member twice", "{\"id\":1,\"id\":2}", -32700),
                bad("too deep", "[".repeat(5_000), -32700),
                bad("half a surrogate pair", "\"\\ud800\"", -32700),
                bad("wrong UTF-8", "\"\u00ff\"", -32700),
                bad("HTTP", "GET / HTTP/1.1", -32700),
                bad("headers of the language server protocol", "Content-Length: 20", -32700),
                bad("a batch", "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]", -32600),
                bad("the id null", "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}", -32600),
                bad("before any handshake", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}", -32600),
                bad("a revision of tomorrow", modern(1, "tools/list", "").replace("2026-07-28", "2027-01-01"), -32022),
                bad("a method of the other revision", modern(1, "ping", ""), -32601),
                bad("a method that nobody has", modern(1, "roots/list", ""), -32601),
                bad("an unknown member", modern(1, "tools/list", "\"x\":1"), -32602),
                bad("longer than a line may be", "\"" + "x".repeat(1 << 20) + "\"", -32600));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void aBadLineIsAnsweredReachesNobodyAndTheNextOneWorks(Bad bad) throws IOException {
        try (Client client = new Client()) {
            client.say(bad.line().getBytes(StandardCharsets.ISO_8859_1));
            assertEquals(bad.code(), code(client.ask("")));
            assertEquals(List.of(), gateway.upstreams.received);
            assertEquals(
                    "hi",
                    text(client.ask(modern(2, "tools/call", "\"name\":\"echo\",\"arguments\":{\"text\":\"hi\"}"))));
        }
    }

    @Test
    void whatIsNoRequestIsCountedForTheAgent() throws IOException {
        try (Client client = new Client()) {
            client.ask("nonsense");
            client.ask(modern(1, "roots/list", ""));
        }
        assertEquals(List.of("ana malformed", "ana method_not_found"), gateway.refused);
    }

    @Test
    void theHandshakeDecidesForTheLifeOfTheConnector() throws IOException {
        try (Client client = new Client()) {
            client.handshake();
            assertEquals(
                    "hi",
                    text(client.ask(
                            Post.request(1, "tools/call", "\"name\":\"echo\",\"arguments\":{\"text\":\"hi\"}"))));
            assertEquals(-32600, code(client.ask(modern(2, "tools/list", ""))));
        }
        try (Client client = new Client()) {
            assertTrue(client.ask(modern(1, "tools/list", "")).has("result"));
            assertEquals(-32600, code(client.ask(Post.initialize().text())));
        }
        try (Client client = new Client()) {
            assertTrue(client.ask(modern(1, "server/discover", "")).has("result"));
            client.handshake();
        }
    }

    @Test
    void aListChangeIsToldOnceHoweverOftenTheClientSaysThatItBegan() throws IOException {
        try (Client client = new Client()) {
            client.say("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
            client.handshake();
            for (int i = 0; i < 50; i++) {
                client.say("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
            }
            client.ask(Post.request(1, "ping", ""));
            assertEquals(1, gateway.engine.streams());
            gateway.upstreams.change("pg", UpstreamChange.What.PROMPTS);
            assertEquals(
                    Optional.of("notifications/prompts/list_changed"),
                    client.hear().string("method"));
            assertTrue(client.ask(Post.request(2, "ping", "")).has("result"), "and nothing more");
        }
        untilNoStreams();
    }

    @Test
    void subscriptionsEndWhenTheyAreCancelledAndLeaveNothing() throws IOException {
        try (Client client = new Client()) {
            for (int round = 1; round <= 50; round++) {
                Json.Obj said = client.ask(
                        modern(round, "subscriptions/listen", "\"notifications\":{\"promptsListChanged\":true}"));
                assertEquals(
                        Optional.of("notifications/subscriptions/acknowledged"),
                        said.string("method"),
                        said.toString());
                gateway.upstreams.change("pg", UpstreamChange.What.PROMPTS);
                Json.Obj change = client.hear();
                assertEquals(Optional.of("notifications/prompts/list_changed"), change.string("method"));
                assertTrue(change.toString().contains("subscriptionId\":" + round), change.toString());
                client.say(cancel(round));
                // Until the cancellation has arrived, a change may still be told to the stream that it ends.
                untilNoStreams();
            }
            assertTrue(client.ask(modern(99, "tools/list", "")).has("result"));
        }
    }

    @Test
    void aSubscriptionUnderAnIdInUseOrBeyondTheLimitIsRefused() throws IOException {
        try (Client client = new Client()) {
            client.ask(modern(1, "subscriptions/listen", "\"notifications\":{}"));
            assertEquals(-32600, code(client.ask(modern(1, "subscriptions/listen", "\"notifications\":{}"))));
            client.ask(modern(2, "subscriptions/listen", "\"notifications\":{}"));
            assertEquals(-32010, code(client.ask(modern(3, "subscriptions/listen", "\"notifications\":{}"))));
            assertEquals(2, gateway.engine.streams());
        }
        untilNoStreams();
    }

    private void untilNoStreams() {
        Waiting.whilst(() -> gateway.engine.streams() > 0);
    }

    @Test
    void whatRunsIsCutOffAndAnsweredWhenThePolicyWouldNotAllowItAnyMore() throws Exception {
        try (Client client = new Client()) {
            client.say(modern(1, "tools/call", "\"name\":\"stuck\""));
            gateway.upstreams.waiting.await();
            gateway.engine.reconsider();
            gateway.rulebook.set(new FakeRulebook(Set.of("echo")));
            gateway.engine.policyChanged();
            assertEquals(1, gateway.upstreams.stopped.getCount(), "what would still be allowed goes on");
            gateway.rulebook.set(new FakeRulebook(Set.of("stuck")));
            gateway.engine.policyChanged();
            Json.Obj answer = client.hear();
            assertEquals("1", answer.get("id").orElseThrow().toString());
            assertTrue(
                    answer.toString().contains("Unknown tool"),
                    "what it may not see any more never was (R10): " + answer);
        }
        Effect.Unknown effect = (Effect.Unknown) gateway.journal.lastEffect();
        assertEquals("denied_by_rule", effect.why().code(), "the record says why it was cut");
    }

    @Test
    void whatAnOperatorStopsIsCutOffAndToldSo() throws Exception {
        Denial stopped = Denial.of("stopped_by_operator", Denial.ReasonClass.POLICY, "for the test");
        try (Client client = new Client()) {
            client.say(modern(1, "tools/call", "\"name\":\"stuck\""));
            gateway.upstreams.waiting.await();
            gateway.stops.set((principal, operation) -> Optional.of(stopped));
            gateway.engine.reconsider();
            assertTrue(client.hear().toString().contains("stopped_by_operator"));
            Json.Obj next = client.ask(modern(2, "tools/call", "\"name\":\"echo\",\"arguments\":{\"text\":\"hi\"}"));
            assertTrue(next.toString().contains("stopped_by_operator"), next.toString());
        }
        Effect.Unknown effect = (Effect.Unknown) gateway.journal.lastEffect();
        assertEquals("stopped_by_operator", effect.why().code());
    }

    @Test
    void aCancelledCallIsNotAnsweredAndTheRecordSaysWhatHappened() throws Exception {
        try (Client client = new Client()) {
            client.say(modern(1, "tools/call", "\"name\":\"stuck\""));
            gateway.upstreams.waiting.await();
            client.say(cancel(1));
            gateway.upstreams.stopped.await();
            Json.Obj next = client.ask(modern(2, "tools/call", "\"name\":\"echo\",\"arguments\":{\"text\":\"hi\"}"));
            assertEquals("2", next.get("id").orElseThrow().toString());
        }
        Waiting.whilst(
                () -> gateway.journal.completions.stream().noneMatch(one -> one.effect() instanceof Effect.Unknown));
    }

    /** Also of the same agent: what a connector says is of its own conversation (R13). */
    @Test
    void anotherConnectorNeitherCancelsNorAnswersByTheSameId() throws Exception {
        try (Client running = new Client();
                Client other = new Client()) {
            running.say(modern(1, "tools/call", "\"name\":\"stuck\""));
            gateway.upstreams.waiting.await();
            other.say(cancel(1));
            other.say("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}");
            // Its own next request is answered after both were read.
            assertEquals(
                    "1",
                    other.ask(modern(1, "tools/list", ""))
                            .get("id")
                            .orElseThrow()
                            .toString());
            assertEquals(1, gateway.upstreams.stopped.getCount(), "it still runs");
            assertEquals(List.of("ana unasked_answer"), gateway.refused);
            running.say(cancel(1));
            gateway.upstreams.stopped.await();
        }
    }

    @Test
    void aClientThatVanishesStopsItsCalls() throws Exception {
        Client client = new Client();
        client.say(modern(1, "tools/call", "\"name\":\"stuck\""));
        gateway.upstreams.waiting.await();
        listener.identitiesChanged((principal, epoch) -> false);
        gateway.upstreams.stopped.await();
        client.close();
        Waiting.whilst(() -> gateway.journal.completions.isEmpty());
        assertTrue(gateway.journal.lastEffect() instanceof Effect.Unknown);
    }

    @Test
    void aLineWithoutItsEndCountsForNothing() throws Exception {
        try (Client client = new Client()) {
            client.say(modern(1, "tools/call", "\"name\":\"echo\"").getBytes(StandardCharsets.UTF_8));
            client.channel.shutdownOutput();
            assertNull(client.in.readLine());
        }
        assertEquals(List.of(), gateway.upstreams.received);
    }

    @Test
    void aRequestInPiecesOfOneByteIsRead() throws Exception {
        try (Client client = new Client()) {
            byte[] line = (modern(1, "tools/call", "\"name\":\"echo\",\"arguments\":{\"text\":\"\u00e9\"}") + "\n")
                    .getBytes(StandardCharsets.UTF_8);
            for (byte one : line) {
                client.say(new byte[] {one});
            }
            assertEquals("\u00e9", text(client.hear()));
        }
    }

    @Test
    void progressGoesBeforeTheAnswerOnTheSamePipe() throws Exception {
        try (Client client = new Client()) {
            client.say(modern(1, "tools/call", "\"name\":\"slow\"")
                    .replace("\"_meta\":{", "\"_meta\":{\"progressToken\":9,"));
            Json.Obj progress = client.hear();
            assertEquals(Optional.of("notifications/progress"), progress.string("method"));
            assertTrue(progress.toString().contains("\"progressToken\":9"), progress.toString());
            assertFalse(client.hear().toString().contains("a secret"));
            String withoutText = client.hear().toString();
            assertTrue(withoutText.contains("123456789") && !withoutText.contains("a secret"), withoutText);
            assertEquals("done", text(client.hear()));
        }
    }

    /** All that may run at once waits; what comes behind it is read all the same, since it may be what they wait for. */
    @Test
    void answersAndCancellationsAreReadWhateverWaits() throws Exception {
        try (Client client = new Client()) {
            twoThatAreStuck(client);
            client.say(modern(3, "tools/call", "\"name\":\"echo\",\"arguments\":{\"text\":\"three\"}"));
            client.say(modern(4, "tools/call", "\"name\":\"echo\",\"arguments\":{\"text\":\"four\"}"));
            client.say("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{}}");
            client.say(cancel(3));
            client.say(cancel(1));
            Set<String> answered = new HashSet<>();
            answered.add(id(client.hear()));
            answered.add(id(client.hear()));
            assertEquals(Set.of("2", "4"), answered, "two were cancelled");
            assertEquals(List.of("ana unasked_answer"), gateway.refused);
        }
    }

    @Test
    void whatWaitsIsBounded() throws Exception {
        try (Client client = new Client()) {
            twoThatAreStuck(client);
            for (int i = 3; i < 3 + 1024; i++) {
                client.say(modern(i, "tools/list", ""));
            }
            assertEquals(-32010, code(client.ask(modern(5000, "tools/list", ""))));
            client.say(cancel(1));
            Set<String> answered = new HashSet<>();
            for (int i = 2; i < 3 + 1024; i++) {
                answered.add(id(client.hear()));
            }
            assertEquals(1025, answered.size(), "what waited was done, in whatever order");
        }
    }

    /** As many as may run at once. The first to be cancelled ends both. */
    private void twoThatAreStuck(Client client) throws Exception {
        client.say(modern(1, "tools/call", "\"name\":\"stuck\""));
        gateway.upstreams.waiting.await();
        client.say(modern(2, "tools/call", "\"name\":\"stuck\""));
    }

    private static String id(Json.Obj answer) {
        return answer.get("id").orElseThrow().toString();
    }
}
