package dev.reeve.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.http.RawClient;
import dev.reeve.outbound.RawServer.Line;
import dev.reeve.upstream.ScriptedMcp.Era;
import dev.reeve.upstream.ScriptedMcp.Message;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that closes its stream before the answer and is asked again for it (2025-11-25): so is Reeve, and nothing is sent twice. */
@Timeout(60)
final class PollingTest {
    private static final String CALL =
            "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"name\":\"up.echo\",\"arguments\":{}}}";

    private final CountDownLatch left = new CountDownLatch(1);
    private volatile @Nullable Message asked;

    private String post(String headers, String body) throws IOException {
        return "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" + headers
                + "Content-Length: " + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
    }

    private String session(Through through, String revision) throws IOException {
        String body = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\""
                + revision + "\",\"capabilities\":{},\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}";
        try (RawClient client = new RawClient(through.address())) {
            String accept = "Accept: application/json, text/event-stream\r\n";
            return "Mcp-Session-Id: "
                    + client.send(post(accept, body)).read().headers().get("mcp-session-id") + "\r\n";
        }
    }

    private void closes(Message message, Line line) throws IOException {
        asked = message;
        line.startStream();
        line.chunk("id: e-1\nretry: 50\ndata: \n\n");
        line.endStream();
    }

    private void answers(Message message, Line line) throws Exception {
        if (!message.http().headers().containsKey("last-event-id")) {
            line.answer(405, "", "");
            return;
        }
        left.await();
        line.startStream();
        line.chunk("id: e-2\ndata: "
                + java.util.Objects.requireNonNull(asked)
                        .result("{\"content\":[{\"type\":\"text\",\"text\":\"late\"}]}")
                + "\n\n");
        line.endStream();
    }

    @Test
    void aServerThatIsAskedAgainLetsReeveLetTheClientGoToo() throws Exception {
        try (ScriptedMcp server = new ScriptedMcp(Era.LEGACY)
                        .on("tools/call", this::closes)
                        .on("GET", this::answers);
                Through through = new Through(House.http(server.url()));
                RawClient client = new RawClient(through.address())) {
            String session = session(through, "2025-11-25");
            String accept = "Accept: application/json, text/event-stream\r\n";
            // The stream ends in order although the call runs: the server answers only after that.
            String stream = client.send(post(session + accept, CALL)).read().body();
            assertEquals(List.of(), RawClient.data(stream));
            assertTrue(stream.contains("retry: 50\n"), stream);
            String id = stream.substring(stream.indexOf("id: ") + 4)
                    .lines()
                    .findFirst()
                    .orElseThrow();
            left.countDown();
            String rest = client.send("GET /mcp HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n" + session
                            + "Last-Event-ID: " + id + "\r\n\r\n")
                    .read()
                    .body();
            assertTrue(RawClient.data(rest).getLast().contains("late"), rest);
            assertEquals(1, server.count("tools/call"));
            assertEquals(
                    1,
                    through.completions.stream()
                            .filter(one -> one.effect() instanceof dev.reeve.gate.Effect.Answered answered
                                    && answered.result().toString().contains("late"))
                            .count());
        }
    }

    /** Before there was no coming back: the client's stream stays. */
    @Test
    void aClientThatCannotComeBackIsKept() throws Exception {
        left.countDown();
        try (ScriptedMcp server = new ScriptedMcp(Era.LEGACY)
                        .on("tools/call", this::closes)
                        .on("GET", this::answers);
                Through through = new Through(House.http(server.url()));
                RawClient client = new RawClient(through.address())) {
            String session = session(through, "2025-06-18");
            String accept = "Accept: application/json, text/event-stream\r\n";
            assertTrue(client.send(post(session + accept, CALL)).read().body().contains("late"));
        }
    }

    @Test
    void aClientThatNamesStreamsFirstGetsOneThatItCanTakeUpAgain() throws Exception {
        try (ScriptedMcp server = new ScriptedMcp(Era.LEGACY);
                Through through = new Through(House.http(server.url()));
                RawClient client = new RawClient(through.address())) {
            String list = "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/list\",\"params\":{}}";
            String session = session(through, "2025-11-25");
            String first = "Accept: text/event-stream, application/json\r\n";
            String second = "Accept: application/json, text/event-stream\r\n";
            assertEquals("text/event-stream", type(client, post(session + first, list)));
            assertEquals("application/json", type(client, post(session + second, list.replace("7", "8"))));
            assertEquals("application/json", type(client, post(session(through, "2025-06-18") + first, list)));
        }
    }

    private static String type(RawClient client, String request) throws IOException {
        RawClient.Answer answer = client.send(request).read();
        assertTrue(answer.body().contains("\"tools\":["), answer.body());
        return String.valueOf(answer.headers().get("content-type"));
    }
}
