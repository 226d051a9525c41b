package dev.reeve.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Operation;
import dev.reeve.action.Operation.Offer;
import dev.reeve.gate.Effect;
import dev.reeve.gate.Permit;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import dev.reeve.outbound.RawServer.Line;
import dev.reeve.upstream.ScriptedMcp.Era;
import dev.reeve.upstream.ScriptedMcp.Message;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers that are down, slow, broken or hostile: a named end in bounded time, and nothing is sent twice. */
@Timeout(180)
final class HttpTroubleTest {
    private static final String CONTENT = "{\"content\":[{\"type\":\"text\",\"text\":\"done\"}]}";

    private static UpstreamLimits impatient() {
        return UpstreamLimits.USUAL
                .withConnect(Duration.ofSeconds(2))
                .withFirstByte(Duration.ofMillis(400))
                .withCall(Duration.ofMillis(800))
                .withAnswerBytes(100_000);
    }

    private static House house(ScriptedMcp mcp) {
        return new House(House.http(mcp.url(), impatient(), false));
    }

    /** Answers that are no answers, and what becomes of them. */
    private static Map<String, Map.Entry<ScriptedMcp.Script, String>> badAnswers() {
        Map<String, Map.Entry<ScriptedMcp.Script, String>> bad = new LinkedHashMap<>();
        bad.put("closed at once", Map.entry((message, line) -> line.socket().close(), "unknown: outcome_unknown"));
        bad.put("reset", Map.entry((message, line) -> line.reset(), "unknown: outcome_unknown"));
        bad.put("silence", Map.entry((message, line) -> {}, "unknown: outcome_unknown"));
        bad.put(
                "half a header",
                Map.entry((message, line) -> cut(line, "HTTP/1.1 200 OK\r\nConte"), "unknown: outcome_unknown"));
        bad.put(
                "half a body",
                Map.entry(
                        (message, line) -> cut(
                                line,
                                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"json"),
                        "unknown: outcome_unknown"));
        bad.put(
                "not HTTP",
                Map.entry((message, line) -> cut(line, "SSH-2.0-OpenSSH\r\n\r\n"), "unknown: outcome_unknown"));
        bad.put(
                "endless headers",
                Map.entry(
                        (message, line) -> {
                            line.raw("HTTP/1.1 200 OK\r\n");
                            for (int i = 0; i < 2_000; i++) {
                                line.raw("X-" + i + ": " + "y".repeat(100) + "\r\n");
                            }
                        },
                        "unknown: outcome_unknown"));
        bad.put(
                "a web page",
                Map.entry((message, line) -> line.answer(200, "text/html", "<p>"), "unknown: answer_unreadable"));
        bad.put("no type", Map.entry((message, line) -> line.answer(200, "", "{}"), "unknown: answer_unreadable"));
        bad.put("wrong JSON", Map.entry((message, line) -> line.json("{\"jsonrpc\":"), "unknown: answer_unreadable"));
        bad.put(
                "duplicate members",
                Map.entry(
                        (message, line) -> line.json(message.result("{\"content\":[],\"content\":[]}")),
                        "unknown: answer_unreadable"));
        bad.put(
                "an answer to somebody else",
                Map.entry(
                        (message, line) -> line.json("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":" + CONTENT + "}"),
                        "unknown: answer_unreadable"));
        bad.put("a batch", Map.entry((message, line) -> line.json("[]"), "unknown: answer_unreadable"));
        bad.put(
                "no content",
                Map.entry((message, line) -> line.json(message.result("{}")), "unknown: answer_unreadable"));
        bad.put("accepted only", Map.entry((message, line) -> line.answer(202, "", ""), "unknown: answer_missing"));
        bad.put(
                "compressed",
                Map.entry(
                        (message, line) -> line.json(message.result(CONTENT), "Content-Encoding: gzip"),
                        "unknown: answer_unreadable"));
        bad.put(
                "too large",
                Map.entry(
                        (message, line) ->
                                line.json(message.result("{\"content\":[],\"x\":\"" + "x".repeat(200_000) + "\"}")),
                        "unknown: answer_too_large"));
        bad.put(
                "one event without end",
                Map.entry(
                        (message, line) -> {
                            line.startStream();
                            line.chunk("data: ");
                            while (true) {
                                line.chunk("x".repeat(10_000));
                            }
                        },
                        "unknown: answer_too_large"));
        bad.put(
                "a stream that ends without the answer",
                Map.entry(
                        (message, line) -> {
                            line.startStream();
                            line.event("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"}");
                            line.endStream();
                        },
                        "unknown: outcome_unknown"));
        bad.put(
                "a stream of comments",
                Map.entry(
                        (message, line) -> {
                            line.startStream();
                            while (true) {
                                line.chunk(": ping\r\n\r\n");
                            }
                        },
                        "unknown: outcome_unknown"));
        bad.put(
                "a bad gateway",
                Map.entry((message, line) -> line.answer(502, "text/html", "<p>"), "unknown: outcome_unknown"));
        return bad;
    }

    private static void cut(Line line, String text) throws Exception {
        line.raw(text);
        line.socket().close();
    }

    @Test
    void everyBadAnswerHasItsNameAndTheCallWasSentOnce() throws Exception {
        for (Era era : Era.values()) {
            for (Map.Entry<String, Map.Entry<ScriptedMcp.Script, String>> bad :
                    badAnswers().entrySet()) {
                try (ScriptedMcp mcp = new ScriptedMcp(era);
                        House house = house(mcp)) {
                    mcp.on("tools/call", bad.getValue().getKey());
                    assertEquals(bad.getValue().getValue(), House.code(house.call()), era + ": " + bad.getKey());
                    assertEquals(1, mcp.count("tools/call"), era + ": " + bad.getKey());
                    mcp.on("tools/call", (message, line) -> line.json(message.result(CONTENT)));
                    assertEquals("done", House.text(house.call()), era + " after " + bad.getKey());
                }
            }
        }
    }

    @Test
    void whatRefusesTheRequestIsARefusal() throws Exception {
        Map<Integer, String> statuses = Map.of(
                302,
                "a redirect; none is followed",
                401,
                "the credential",
                404,
                "the URL",
                429,
                "too many requests",
                418,
                "HTTP 418");
        for (Map.Entry<Integer, String> status : statuses.entrySet()) {
            try (ScriptedMcp mcp = new ScriptedMcp(Era.MODERN);
                    House house = house(mcp)) {
                mcp.on(
                        "tools/call",
                        (message, line) ->
                                line.answer(status.getKey(), "text/plain", "x", "Location: http://127.0.0.1:1/"));
                String code = House.code(house.call());
                assertTrue(code.startsWith("refused") && code.contains(status.getValue()), code);
            }
        }
    }

    @Test
    void aDeadServerFailsFastIsNamedAndComesBackByItself() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        try (House house = new House(House.http("http://127.0.0.1:" + port + "/mcp", impatient(), false))) {
            Effect.NotSent effect = (Effect.NotSent) house.call();
            assertEquals("upstream_down", effect.why().code());
            assertTrue(effect.why().reason().contains("`up`"), effect.why().reason());
            assertTrue(
                    effect.why().reason().contains("connection refused"),
                    effect.why().reason());
            assertTrue(effect.why().help().orElseThrow().contains("" + port));
            assertFalse(effect.why().tell().orElseThrow().contains("" + port), "agents see no address");
            assertEquals(UpstreamHealth.State.DOWN, house.servers.health("up").state());
            try (ScriptedMcp mcp = new ScriptedMcp(Era.MODERN, port)) {
                house.awaitChange(UpstreamChange.What.CAME_BACK);
                assertEquals("done", House.text(house.call()));
                assertEquals(UpstreamHealth.State.UP, house.servers.health("up").state());
                assertEquals(1, mcp.count("tools/call"));
            }
        }
    }

    @Test
    void aServerThatCameBackWithTheOtherRevisionIsSpokenToInThat() throws Exception {
        int port;
        try (ScriptedMcp old = new ScriptedMcp(Era.LEGACY)) {
            port = old.port();
            try (House house = new House(House.http("http://127.0.0.1:" + port + "/mcp", impatient(), false))) {
                assertEquals("done", House.text(house.call()));
                old.stop();
                assertEquals("not sent: upstream_down", House.code(house.call()));
                try (ScriptedMcp fresh = new ScriptedMcp(Era.MODERN, port)) {
                    house.awaitChange(UpstreamChange.What.CAME_BACK);
                    assertEquals("done", House.text(house.call()));
                    assertEquals(
                            "2026-07-28", house.servers.health("up").revision().orElseThrow());
                    assertEquals(1, fresh.count("tools/call"));
                }
            }
        }
    }

    @Test
    void aServerThatWasUpgradedBetweenTwoCallsIsNoticed() throws Exception {
        try (ScriptedMcp mcp = new ScriptedMcp(Era.MODERN);
                House house = house(mcp)) {
            house.call();
            mcp.on("tools/call", (message, line) -> {
                mcp.on("tools/call", (again, other) -> other.json(again.result(CONTENT)));
                line.answer(400, "application/json", message.error(-32022, "Unsupported protocol version"));
            });
            assertEquals("unknown: outcome_unknown", House.code(house.call()));
            assertEquals("done", House.text(house.call()));
            assertEquals(2, mcp.count("server/discover"));
        }
    }

    @Test
    void aServerThatNeverAnswersAnythingIsDownInBoundedTime() throws Exception {
        try (ScriptedMcp mcp = new ScriptedMcp(Era.MODERN);
                House house = house(mcp)) {
            mcp.on("server/discover", (message, line) -> {}).on("initialize", (message, line) -> {});
            long start = System.nanoTime();
            assertEquals("not sent: upstream_down", House.code(house.call()));
            assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(30));
            long second = System.nanoTime();
            assertEquals("not sent: upstream_down", House.code(house.call()));
            assertTrue(System.nanoTime() - second < TimeUnit.SECONDS.toNanos(5), "the second one fails fast");
        }
    }

    @Test
    void aServerThatHangsUpAtOnceIsDownAndNotCalledForEver() throws Exception {
        AtomicInteger accepted = new AtomicInteger();
        try (ServerSocket listener = new ServerSocket(0)) {
            Thread.startVirtualThread(() -> {
                try {
                    while (true) {
                        java.net.Socket socket = listener.accept();
                        accepted.incrementAndGet();
                        socket.setSoLinger(true, 0);
                        socket.close();
                    }
                } catch (java.io.IOException e) {
                    // The test is over.
                }
            });
            String url = "http://127.0.0.1:" + listener.getLocalPort() + "/mcp";
            try (House house = new House(House.http(url, impatient(), false))) {
                assertEquals("not sent: upstream_down", House.code(house.call()));
                assertTrue(accepted.get() <= 40, accepted + " connections");
            }
        }
    }

    @Test
    void aServerThatRefusesTheCredentialIsDownWithThatReason() throws Exception {
        try (ScriptedMcp mcp = new ScriptedMcp(Era.MODERN);
                House house = house(mcp)) {
            mcp.on("server/discover", (message, line) -> line.answer(401, "", ""));
            Effect.NotSent effect = (Effect.NotSent) house.call();
            assertTrue(
                    effect.why().reason().contains("refuses Reeve's credential"),
                    effect.why().reason());
            assertFalse(effect.toString().contains("sesame"));
            assertEquals(0, mcp.count("initialize"));
        }
    }

    @Test
    void oddAnswersToTheQuestionForTheRevisionLeadToTheOlderHandshake() throws Exception {
        List<ScriptedMcp.Script> odd = List.of(
                (message, line) -> line.answer(404, "text/html", "<p>"),
                (message, line) -> line.answer(500, "", ""),
                (message, line) -> line.answer(405, "", ""),
                (message, line) -> line.answer(202, "", ""),
                (message, line) -> line.json(message.error(-32601, "Method not found")),
                (message, line) -> line.json(message.error(-32022, "?")),
                (message, line) -> line.json(message.result("{}")),
                (message, line) ->
                        line.json(message.result("{\"supportedVersions\":[\"2025-11-25\"],\"capabilities\":{}}")),
                (message, line) -> line.json("nonsense"),
                (message, line) -> line.socket().close());
        for (int i = 0; i < odd.size(); i++) {
            try (ScriptedMcp mcp = new ScriptedMcp(Era.LEGACY);
                    House house = house(mcp)) {
                mcp.on("server/discover", odd.get(i));
                assertEquals("done", House.text(house.call()), "case " + i);
                assertEquals("2025-11-25", house.servers.health("up").revision().orElseThrow());
            }
        }
    }

    @Test
    void aServerThatWasTooSlowToSayThatItSpeaksOnlyTheNewestIsAskedAgain() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        UpstreamLimits limits = UpstreamLimits.USUAL
                .withConnect(Duration.ofSeconds(1))
                .withFirstByte(Duration.ofSeconds(1))
                .withCall(Duration.ofSeconds(30));
        try (ScriptedMcp mcp = new ScriptedMcp(Era.MODERN);
                House house = new House(House.http(mcp.url(), limits, false))) {
            mcp.on("server/discover", (message, line) -> {
                if (asked.incrementAndGet() > 1) {
                    line.json(message.result("{\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":{}}"));
                }
            });
            assertEquals("done", House.text(house.call()));
            assertEquals(1, mcp.count("initialize"));
            assertEquals("2026-07-28", house.servers.health("up").revision().orElseThrow());
        }
    }

    @Test
    void aServerOfUnknownRevisionsOnlyIsNamed() throws Exception {
        try (ScriptedMcp mcp = new ScriptedMcp(Era.MODERN);
                House house = house(mcp)) {
            mcp.on(
                    "server/discover",
                    (message, line) ->
                            line.json(message.result("{\"supportedVersions\":[\"2027-01-01\"],\"capabilities\":{}}")));
            Effect.NotSent effect = (Effect.NotSent) house.call();
            assertTrue(
                    effect.why().reason().contains("`2027-01-01`"), effect.why().reason());
        }
    }

    @Test
    void connectionsThatTheServerClosedIdleDoNotShow() throws Exception {
        try (ScriptedMcp mcp = new ScriptedMcp(Era.MODERN);
                House house = house(mcp)) {
            for (int i = 0; i < 200; i++) {
                Effect effect = house.call();
                assertTrue(effect instanceof Effect.Answered, "round " + i + ": " + effect);
                mcp.hangUp();
            }
            assertEquals(200, mcp.count("tools/call"));
        }
    }

    @Test
    void aServerThatSaysWhenItClosesIsNotSurprised() throws Exception {
        try (ScriptedMcp mcp = new ScriptedMcp(Era.MODERN);
                House house = house(mcp)) {
            mcp.on("tools/call", (message, line) -> line.json(message.result(CONTENT), "Keep-Alive: timeout=1"));
            house.call();
            int before = mcp.connections();
            house.call();
            assertEquals(before + 1, mcp.connections(), "one second kept less one second of margin is not kept");
        }
    }

    @Test
    void manyCallsAtOnceEachGetTheirOwnAnswer() throws Exception {
        try (ScriptedMcp mcp = new ScriptedMcp(Era.MODERN);
                House house = new House(House.http(mcp.url()))) {
            CountDownLatch together = new CountDownLatch(32);
            mcp.on("tools/call", (message, line) -> {
                together.countDown();
                boolean all = together.await(20, TimeUnit.SECONDS);
                String text = message.params()
                        .object("arguments")
                        .orElseThrow()
                        .string("message")
                        .orElseThrow();
                line.json(message.result("{\"content\":[{\"type\":\"text\",\"text\":\"" + text + all + "\"}]}"));
            });
            List<CompletableFuture<Effect>> effects = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                Permit permit = house.permits.of("k" + i % 4, House.echo("m" + i));
                effects.add(house.inBackground(permit, Exchange.silent()));
            }
            for (int i = 0; i < 32; i++) {
                assertEquals("m" + i + "true", House.text(effects.get(i).get(30, TimeUnit.SECONDS)));
            }
        }
    }

    @Test
    void aSlowAnswerInSmallPiecesArrivesWhole() throws Exception {
        try (ScriptedMcp mcp = new ScriptedMcp(Era.MODERN);
                House house = new House(House.http(mcp.url()))) {
            mcp.on("tools/call", (message, line) -> {
                line.startStream();
                String event = "\uFEFF: hello\rid: 1\r\nevent: message\rdata: " + message.result(CONTENT) + "\n\n";
                for (byte b : event.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
                    line.out().write(new byte[] {'1', '\r', '\n', b, '\r', '\n'});
                    line.out().flush();
                }
                line.endStream();
            });
            assertEquals("done", House.text(house.call()));
        }
    }

    @Test
    void aLargeAnswerUnderTheLimitArrivesWhole() throws Exception {
        try (ScriptedMcp mcp = new ScriptedMcp(Era.LEGACY);
                House house = new House(House.http(mcp.url()))) {
            String large = "x".repeat(10 << 20);
            mcp.on(
                    "tools/call",
                    (message, line) -> line.json(
                            message.result("{\"content\":[{\"type\":\"text\",\"text\":\"" + large + "\"}]}")));
            assertEquals(10 << 20, House.text(house.call()).length());
        }
    }

    @Test
    void aListWhoseSecondPageBreaksIsNotHalfAList() throws Exception {
        try (ScriptedMcp mcp = new ScriptedMcp(Era.MODERN);
                House house = house(mcp)) {
            AtomicInteger pages = new AtomicInteger();
            mcp.on("prompts/list", (message, line) -> {
                if (pages.getAndIncrement() == 0) {
                    line.json(message.result("{\"prompts\":[{\"name\":\"a\"}],\"nextCursor\":\"2\"}"));
                } else {
                    line.reset();
                }
            });
            Effect effect = house.servers.send(
                    house.permits.of("k1", new Operation.Listing("up", Offer.PROMPTS)), Exchange.silent());
            assertEquals("unknown: outcome_unknown", House.code(effect));
        }
    }

    @Test
    void aServersMessageIsPassedOnAsDataAndNotIntoOurOwnWords() throws Exception {
        try (ScriptedMcp mcp = new ScriptedMcp(Era.LEGACY);
                House house = house(mcp)) {
            mcp.on("initialize", (message, line) -> line.json(message.error(-1, "\\u001b[31m sesame")));
            Effect.NotSent effect = (Effect.NotSent) house.call();
            assertFalse(effect.toString().contains("sesame"), effect.toString());
        }
    }

    @Test
    void addressesThatNobodyNamedAreNotConnectedTo() throws Exception {
        try (ScriptedMcp mcp = new ScriptedMcp(Era.MODERN)) {
            String disguised = "http://[::ffff:10.0.0.1]:" + mcp.port() + "/mcp";
            for (String url : List.of(disguised, "http://169.254.169.254/latest", "https://10.1.2.3/mcp")) {
                try (House house = new House(House.http(url, impatient(), false))) {
                    Effect.NotSent effect = (Effect.NotSent) house.call();
                    assertTrue(
                            effect.why().reason().contains("not globally reachable"),
                            effect.why().reason());
                }
            }
        }
    }

    @Test
    void headersOfTheProtocolCannotBeSetByTheFile() {
        for (String name : List.of("Host", "content-length", "Mcp-Session-Id", "MCP-Protocol-Version", "a b", "")) {
            org.junit.jupiter.api.Assertions.assertThrows(
                    IllegalArgumentException.class,
                    () -> new UpstreamSettings.Http(
                            "up",
                            Principal.DEFAULT_TENANT,
                            false,
                            UpstreamLimits.USUAL,
                            Optional.empty(),
                            URI.create("http://127.0.0.1/"),
                            Map.of(name, dev.reeve.secrets.Secret.of("x")),
                            List.of()),
                    name);
        }
    }

    @Test
    void anotherFileReplacesWhatDiffersAndKeepsTheRest() throws Exception {
        try (ScriptedMcp mcp = new ScriptedMcp(Era.LEGACY);
                House house = new House(House.http(mcp.url()))) {
            house.call();
            house.servers.apply(List.of(House.http(mcp.url())));
            house.call();
            assertEquals(1, mcp.count("initialize"));
            house.servers.apply(List.of(House.http(mcp.url() + "?v=2")));
            house.call();
            assertEquals(2, mcp.count("initialize"));
            Message ended = mcp.awaitMessage("DELETE");
            assertEquals("s1", ended.http().headers().get("mcp-session-id"));
            house.servers.apply(List.of());
            assertEquals("not sent: unknown_upstream", House.code(house.call()));
        }
    }

    @Test
    void anAgentOfAnotherTenantDoesNotReachIt() throws Exception {
        try (ScriptedMcp mcp = new ScriptedMcp(Era.MODERN)) {
            UpstreamSettings.Http other = new UpstreamSettings.Http(
                    "up",
                    "other",
                    false,
                    UpstreamLimits.USUAL,
                    Optional.empty(),
                    URI.create(mcp.url()),
                    Map.of(),
                    List.of());
            try (House house = new House(other)) {
                assertEquals("not sent: unknown_upstream", House.code(house.call()));
                assertEquals(0, mcp.messages.size());
            }
        }
    }

    @Test
    void aFixedRevisionIsSpokenAndNoOther() throws Exception {
        try (ScriptedMcp mcp = new ScriptedMcp(Era.LEGACY);
                House house = new House(fixed(mcp, "2025-06-18"))) {
            assertEquals("done", House.text(house.call()));
            assertEquals(0, mcp.count("server/discover"));
        }
        try (ScriptedMcp mcp = new ScriptedMcp(Era.LEGACY);
                House house = new House(fixed(mcp, "2026-07-28"))) {
            assertEquals("not sent: upstream_down", House.code(house.call()));
            assertEquals(0, mcp.count("initialize"));
        }
    }

    private static UpstreamSettings.Http fixed(ScriptedMcp mcp, String revision) {
        return new UpstreamSettings.Http(
                "up",
                Principal.DEFAULT_TENANT,
                false,
                impatient(),
                Optional.of(revision),
                URI.create(mcp.url()),
                Map.of(),
                List.of());
    }

    @Test
    void cuttingAPrincipalEndsItsCallsAndNobodyElses() throws Exception {
        try (ScriptedMcp mcp = new ScriptedMcp(Era.LEGACY);
                House house = new House(House.http(mcp.url(), UpstreamLimits.USUAL, true))) {
            CountDownLatch goOn = new CountDownLatch(1);
            mcp.on("tools/call", (message, line) -> {
                boolean ignored = goOn.await(20, TimeUnit.SECONDS);
                line.json(message.result(CONTENT));
            });
            CompletableFuture<Effect> cut =
                    house.inBackground(house.permits.of("k1", House.echo("a")), Exchange.silent());
            CompletableFuture<Effect> kept =
                    house.inBackground(house.permits.of("k2", House.echo("b")), Exchange.silent());
            mcp.awaitMessage("tools/call");
            mcp.awaitMessage("tools/call");
            house.servers.cut(Principal.DEFAULT_TENANT, "k1");
            assertEquals("unknown: outcome_unknown", House.code(cut.get(60, TimeUnit.SECONDS)));
            goOn.countDown();
            assertEquals("done", House.text(kept.get(60, TimeUnit.SECONDS)));
        }
    }

    @Test
    void noPartOfAResultSaysWhichRevisionItCameFrom() {
        Json.Obj raw = Json.object()
                .put("content", Json.Arr.EMPTY)
                .put("resultType", "complete")
                .put("ttlMs", 5)
                .put("cacheScope", "public")
                .put(
                        "_meta",
                        Json.object()
                                .put("io.modelcontextprotocol/serverInfo", "x")
                                .put("theirs", 1))
                .build();
        assertEquals(
                "{\"content\":[],\"_meta\":{\"theirs\":1}}", Results.plain(raw).toString());
    }
}
