package dev.reeve.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.Mutations;
import dev.reeve.gate.Effect;
import dev.reeve.outbound.HttpCallException;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import dev.reeve.upstream.ScriptedMcp.Era;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What servers say, changed at random: it has a named end, and the next call works. */
@Timeout(120)
final class AnswerFuzzTest {
    private static final long SEED = 20_251_125;
    private static final int ROUNDS = 30_000;
    private static final int LIMIT = 4_096;

    private static List<byte[]> bytes(Stream<String> texts) {
        return texts.map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
    }

    private static List<String> events(byte[] stream, IntUnaryOperator pieces) throws HttpCallException {
        int[] at = {0};
        SseReader reader = new SseReader(
                deadline -> {
                    int size = pieces.applyAsInt(stream.length - at[0]);
                    at[0] += size;
                    return size == 0 ? null : Arrays.copyOfRange(stream, at[0] - size, at[0]);
                },
                LIMIT);
        List<String> events = new ArrayList<>();
        try {
            for (byte[] event = reader.next(0); event != null; event = reader.next(0)) {
                assertTrue(event.length <= LIMIT);
                events.add(new String(event, StandardCharsets.ISO_8859_1));
            }
        } catch (SseReader.TooMuchException e) {
            events.add("too much");
        }
        return events;
    }

    @Test
    void aStreamHasTheSameEventsHoweverItIsCut() throws HttpCallException {
        Mutations mutations = new Mutations(
                SEED,
                bytes(Stream.of(
                        "event: message\r\ndata: {\"a\":1}\r\n\r\n",
                        ": ping\n\ndata: one\ndata: two\n\n",
                        "\uFEFFid: 7\rretry: 10\rdata:{}\r\r",
                        "event: endpoint\ndata: /x\n\ndata\n\ndata:\n\n",
                        "data: " + "x".repeat(LIMIT - 10) + "\n\n")));
        Mutations cuts = new Mutations(SEED + 1, List.of(new byte[0]));
        for (int round = 0; round < ROUNDS; round++) {
            byte[] stream = mutations.next();
            List<String> whole = events(stream, left -> left);
            assertEquals(whole, events(stream, cuts::piece), "seed " + SEED + " round " + round);
        }
    }

    @Test
    void anEventWithoutEndIsGivenUpAtTheLimit() throws HttpCallException {
        Mutations cuts = new Mutations(SEED, List.of());
        for (String line : List.of("data: x", "data: x\n", "data:\n", "event: x", "x", ": x", "data\n")) {
            byte[] flood = line.repeat(3 * LIMIT).getBytes(StandardCharsets.UTF_8);
            List<String> events = events(flood, cuts::piece);
            assertTrue(events.size() <= 1, line);
        }
    }

    private static Incoming incoming(byte[] text) {
        try {
            return Incoming.of(StrictJson.read(text, JsonLimits.ANSWER));
        } catch (JsonRefusedException e) {
            return new Incoming.Junk();
        }
    }

    @Test
    void anAnswerIsAResultARefusalOrANamedFailure() {
        Failures failures = new Failures("up", "here");
        Results results = new Results(failures);
        Mutations mutations = new Mutations(SEED, bytes(answers()));
        Map<String, Integer> ends = new HashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            Incoming incoming = incoming(mutations.next());
            if (incoming instanceof Incoming.Response response) {
                Answer answer = response.answer();
                count(ends, "tool", () -> House.code(results.ofTool(answer, Offered.NOTHING)));
                count(ends, "resource", () -> House.code(results.of(answer, "contents", Offered.NOTHING)));
                count(ends, "discover", () -> agreed(Discovery.read(Optional.of(answer), failures)));
                count(
                        ends,
                        "initialize",
                        () -> agreed(Optional.of(Discovery.initialized(Optional.of(answer), "x", failures))));
            }
        }
        assertTrue(
                ends.keySet()
                        .containsAll(List.of(
                                "tool answered",
                                "tool refused",
                                "resource answered",
                                "discover 2026-07-28",
                                "initialize 2025-11-25")),
                ends.toString());
    }

    private static String agreed(Optional<Agreement> agreement) {
        return agreement.map(Agreement::revision).orElse("none");
    }

    private interface Read {
        String end() throws CallFailedException;
    }

    private static void count(Map<String, Integer> ends, String kind, Read read) {
        String end;
        try {
            end = read.end().split(" ", 2)[0];
        } catch (CallFailedException e) {
            end = e.why().code();
            assertFalse(end.isEmpty());
        }
        ends.merge(kind + " " + end, 1, Integer::sum);
    }

    private static Stream<String> answers() {
        String head = "{\"jsonrpc\":\"2.0\",\"id\":\"a\",";
        return Stream.of(
                head
                        + "\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"done\"}],\"isError\":true,\"_meta\":{\"io.modelcontextprotocol/x\":1}}}",
                head + "\"result\":{\"resultType\":\"input_required\",\"inputRequests\":{},\"requestState\":\"s\"}}",
                head + "\"result\":{\"resultType\":\"complete\",\"contents\":[],\"ttlMs\":0}}",
                head + "\"error\":{\"code\":-32602,\"message\":\"no\",\"data\":{\"supported\":[\"2026-07-28\"]}}}",
                head + "\"result\":{\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":{\"tools\":{}}}}",
                head + "\"result\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},\"serverInfo\":{}}}",
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":\"t\",\"progress\":1}}");
    }

    @Test
    void noAnswerOnTheWireKeepsTheNextCallFromWorking() throws Exception {
        UpstreamLimits limits = UpstreamLimits.USUAL
                .withFirstByte(Duration.ofSeconds(5))
                .withCall(Duration.ofSeconds(5))
                .withAnswerBytes(100_000);
        String result = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"content\":[]}}";
        Mutations mutations = new Mutations(
                SEED,
                bytes(Stream.of(
                        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + result.length()
                                + "\r\n\r\n" + result,
                        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n8\r\ndata: {}\r\n2\r\n\n\n\r\n0\r\n\r\n",
                        "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
                        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")));
        try (ScriptedMcp mcp = new ScriptedMcp(Era.MODERN);
                House house = new House(House.http(mcp.url(), limits, false))) {
            for (int round = 0; round < 500; round++) {
                byte[] answer = mutations.next();
                mcp.on("tools/call", (message, line) -> {
                    line.out().write(answer);
                    line.socket().close();
                });
                String end = House.code(house.call());
                assertFalse(end.startsWith("answered"), end);
                mcp.on(
                        "tools/call",
                        (message, line) ->
                                line.json(message.result("{\"content\":[{\"type\":\"text\",\"text\":\"well\"}]}")));
                assertTrue(recovers(house), "after seed " + SEED + " round " + round + ": " + end);
            }
        }
    }

    /** The close may reach the next call before the pool hears of it; that call is then not repeated. */
    private static boolean recovers(House house) {
        for (int tries = 0; tries < 3; tries++) {
            if (house.call() instanceof Effect.Answered answered) {
                return answered.result().toString().contains("well");
            }
        }
        return false;
    }
}
