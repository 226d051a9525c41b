package dev.reeve.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Operation;
import dev.reeve.action.Operation.Offer;
import dev.reeve.gate.Effect;
import dev.reeve.gate.Permit;
import dev.reeve.json.Json;
import dev.reeve.upstream.ScriptedMcp.Era;
import dev.reeve.upstream.ScriptedMcp.Message;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
final class HttpUpstreamTest {
    private static final String NO_SESSION =
            "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32000,\"message\":\"Bad Request: no session\"}}";

    @Test
    void aCallReachesAServerOfTheNewestRevisionWithItsHeaders() throws Exception {
        try (ScriptedMcp mcp = new ScriptedMcp(Era.MODERN);
                House house = new House(House.http(mcp.url()))) {
            assertEquals("done", House.text(house.call()));
            Message sent = mcp.messages.getLast();
            Map<String, String> headers = sent.http().headers();
            assertEquals("2026-07-28", headers.get("mcp-protocol-version"));
            assertEquals("tools/call", headers.get("mcp-method"));
            assertEquals("echo", headers.get("mcp-name"));
            assertEquals("Bearer sesame", headers.get("authorization"));
            assertFalse(headers.containsKey("mcp-session-id"));
            assertEquals(
                    "2026-07-28",
                    sent.params()
                            .object("_meta")
                            .orElseThrow()
                            .string(Envelope.PROTOCOL_VERSION)
                            .orElseThrow());
            assertEquals(
                    "{\"message\":\"hi\"}",
                    sent.params().object("arguments").orElseThrow().toString());
            assertEquals(0, mcp.count("initialize"));
        }
    }

    @Test
    void aCallReachesAServerOfTheOlderRevisionInASession() throws Exception {
        try (ScriptedMcp mcp = new ScriptedMcp(Era.LEGACY);
                House house = new House(House.http(mcp.url()))) {
            assertEquals("done", House.text(house.call()));
            assertEquals("done", House.text(house.call()));
            Map<String, String> headers = mcp.messages.getLast().http().headers();
            assertEquals("s1", headers.get("mcp-session-id"));
            assertEquals("2025-11-25", headers.get("mcp-protocol-version"));
            assertFalse(headers.containsKey("mcp-method"));
            assertEquals(1, mcp.count("server/discover"));
            assertEquals(1, mcp.count("initialize"));
            assertEquals(1, mcp.count("notifications/initialized"));
        }
    }

    @Test
    void eachPrincipalHasASessionOfItsOwnAndSharesTheConnections() throws Exception {
        try (ScriptedMcp mcp = new ScriptedMcp(Era.LEGACY);
                House house = new House(House.http(mcp.url()))) {
            house.callAs("k1");
            String first = mcp.messages.getLast().http().headers().get("mcp-session-id");
            house.callAs("k2");
            String second = mcp.messages.getLast().http().headers().get("mcp-session-id");
            house.callAs("k1");
            assertNotEquals(first, second);
            assertEquals(first, mcp.messages.getLast().http().headers().get("mcp-session-id"));
            assertEquals(2, mcp.count("initialize"));
            assertEquals(1, mcp.connections());
        }
    }

    @Test
    void aServerDeclaredStatelessHasOneSessionForAll() throws Exception {
        try (ScriptedMcp mcp = new ScriptedMcp(Era.LEGACY);
                House house = new House(House.http(mcp.url(), UpstreamLimits.USUAL, true))) {
            house.callAs("k1");
            house.callAs("k2");
            assertEquals(1, mcp.count("initialize"));
        }
    }

    @Test
    void sessionsAreEndedWhenReeveStops() throws Exception {
        try (ScriptedMcp mcp = new ScriptedMcp(Era.LEGACY)) {
            try (House house = new House(House.http(mcp.url()))) {
                house.call();
                assertEquals(1, mcp.sessions.size());
            }
            assertEquals(0, mcp.sessions.size());
        }
    }

    @Test
    void aForgottenSessionIsReplacedAndTheCallSentAgain() throws Exception {
        try (ScriptedMcp mcp = new ScriptedMcp(Era.LEGACY);
                House house = new House(House.http(mcp.url()))) {
            house.call();
            mcp.sessions.clear();
            assertEquals("done", House.text(house.call()));
            assertEquals(2, mcp.count("initialize"));
        }
    }

    @Test
    void aServerThatForgetsEverySessionIsAskedTwiceAndNotForEver() throws Exception {
        try (ScriptedMcp mcp = new ScriptedMcp(Era.LEGACY);
                House house = new House(House.http(mcp.url()))) {
            mcp.on("tools/call", (message, line) -> line.answer(404, "", ""));
            assertEquals("unknown: outcome_unknown", House.code(house.call()));
            assertEquals(2, mcp.count("tools/call"));
        }
    }

    @Test
    void whatAServerSaysAfterItWasSentIsNoProofThatNothingWasDone() throws Exception {
        Map<Era, List<ScriptedMcp.Script>> claims = Map.of(
                Era.LEGACY,
                List.of(
                        (message, line) ->
                                line.answer(404, "application/json", message.error(-32001, "Session not found")),
                        (message, line) -> line.answer(400, "application/json", NO_SESSION),
                        (message, line) -> line.json(message.error(-32022, "Unsupported protocol version"))),
                Era.MODERN,
                List.of(
                        (message, line) -> line.answer(
                                400, "application/json", message.error(-32022, "Unsupported protocol version")),
                        (message, line) -> line.answer(
                                400, "application/json", NO_SESSION.replace("session", "server not initialized"))));
        for (Map.Entry<Era, List<ScriptedMcp.Script>> era : claims.entrySet()) {
            for (ScriptedMcp.Script claim : era.getValue()) {
                try (ScriptedMcp mcp = new ScriptedMcp(era.getKey());
                        House house = new House(House.http(mcp.url()))) {
                    house.call();
                    mcp.on("tools/call", claim);
                    assertEquals("unknown: outcome_unknown", House.code(house.call()));
                    assertEquals(2, mcp.count("tools/call"));
                    assertEquals(
                            "unknown: outcome_unknown",
                            House.code(house.servers.send(
                                    house.permits.of("k1", new Operation.ToolCall("up", "repeatable", Json.Obj.EMPTY)),
                                    Exchange.silent())));
                    assertEquals(4, mcp.count("tools/call"), "the operator's file allows it to be sent twice");
                }
            }
        }
    }

    @Test
    void aServerThatIsDownWhenItIsAskedAgainMayHaveDoneWhatItWasAskedFirst() throws Exception {
        try (ScriptedMcp mcp = new ScriptedMcp(Era.LEGACY);
                House house = new House(House.http(mcp.url()))) {
            house.call();
            mcp.on("tools/call", (message, line) -> {
                mcp.on("initialize", (again, other) -> other.answer(503, "", ""));
                line.answer(404, "", "");
            });
            assertEquals("unknown: outcome_unknown", House.code(house.call()));
            assertEquals("not sent: upstream_down", House.code(house.call()));
        }
    }

    @Test
    void sessionsBeyondTheLimitPushOutTheLongestUnused() throws Exception {
        try (ScriptedMcp mcp = new ScriptedMcp(Era.LEGACY);
                House house = new House(House.http(mcp.url(), UpstreamLimits.USUAL.withSessions(2), false))) {
            house.callAs("k1");
            house.callAs("k2");
            house.callAs("k3");
            assertEquals(2, house.servers.sessions("up"));
            mcp.awaitMessage("DELETE");
        }
    }

    @Test
    void progressReachesTheCallWithoutTheServersToken() throws Exception {
        for (Era era : Era.values()) {
            try (ScriptedMcp mcp = new ScriptedMcp(era);
                    House house = new House(House.http(mcp.url()))) {
                mcp.on("tools/call", (message, line) -> {
                    line.startStream();
                    line.chunk(": ping\r\n\r\n");
                    line.event(progress(message.token(), 1));
                    line.event(progress("\"someone else's\"", 2));
                    line.event(progress(message.token(), 3));
                    line.event("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/unknown\"}");
                    line.event(message.result("{\"content\":[]}"));
                    line.endStream();
                });
                BlockingQueue<Json.Obj> seen = new LinkedBlockingQueue<>();
                Effect effect = house.servers.send(house.permit(), watching(seen, new AtomicReference<>()));
                assertInstanceOf(Effect.Answered.class, effect);
                assertEquals(
                        List.of("{\"progress\":1,\"message\":\"m\"}", "{\"progress\":3,\"message\":\"m\"}"),
                        seen.stream().map(Json.Obj::toString).toList());
                assertEquals(2, house.servers.dropped("up"));
            }
        }
    }

    @Test
    void nobodyWhoDoesNotWatchAsksForProgress() throws Exception {
        try (ScriptedMcp mcp = new ScriptedMcp(Era.MODERN);
                House house = new House(House.http(mcp.url()))) {
            house.call();
            assertEquals("null", mcp.messages.getLast().token());
        }
    }

    @Test
    void cancellingClosesTheStreamInTheNewestRevision() throws Exception {
        try (ScriptedMcp mcp = new ScriptedMcp(Era.MODERN);
                House house = new House(House.http(mcp.url()))) {
            CompletableFuture<Boolean> closed = new CompletableFuture<>();
            mcp.on("tools/call", (message, line) -> {
                line.startStream();
                closed.complete(line.socket().getInputStream().read() < 0);
            });
            AtomicReference<Runnable> stop = new AtomicReference<>();
            CompletableFuture<Effect> effect =
                    house.inBackground(house.permit(), watching(new LinkedBlockingQueue<>(), stop));
            mcp.awaitMessage("tools/call");
            House.stop(stop);
            assertEquals("unknown: outcome_unknown", House.code(effect.get(60, TimeUnit.SECONDS)));
            assertTrue(closed.get(60, TimeUnit.SECONDS));
        }
    }

    @Test
    void cancellingIsToldInTheOlderRevision() throws Exception {
        try (ScriptedMcp mcp = new ScriptedMcp(Era.LEGACY);
                House house = new House(House.http(mcp.url()))) {
            mcp.on("tools/call", (message, line) -> line.startStream());
            AtomicReference<Runnable> stop = new AtomicReference<>();
            CompletableFuture<Effect> effect =
                    house.inBackground(house.permit(), watching(new LinkedBlockingQueue<>(), stop));
            Message call = mcp.awaitMessage("tools/call");
            House.stop(stop);
            assertEquals("unknown: outcome_unknown", House.code(effect.get(60, TimeUnit.SECONDS)));
            Message cancelled = mcp.awaitMessage("notifications/cancelled");
            assertEquals(call.id(), cancelled.params().get("requestId").orElseThrow());
        }
    }

    @Test
    void aCallerThatHasGoneAlreadySendsNothing() throws Exception {
        try (ScriptedMcp mcp = new ScriptedMcp(Era.MODERN);
                House house = new House(House.http(mcp.url()))) {
            Exchange gone = new Exchange() {
                @Override
                public void progress(Json.Obj params) {}

                @Override
                public void onCancel(Runnable stop) {
                    stop.run();
                }
            };
            assertEquals("not sent: cancelled", House.code(house.servers.send(house.permit(), gone)));
            assertEquals(0, mcp.count("tools/call"));
        }
    }

    @Test
    void aPermitRevokedAtTheLastMomentSendsNothing() throws Exception {
        try (ScriptedMcp mcp = new ScriptedMcp(Era.MODERN);
                House house = new House(House.http(mcp.url()))) {
            Permit permit = house.permit();
            house.permits.revoked.set(true);
            assertEquals("not sent: revoked", House.code(house.servers.send(permit, Exchange.silent())));
            assertEquals(0, mcp.count("tools/call"));
        }
    }

    @Test
    void aPermitSendsOnce() throws Exception {
        try (ScriptedMcp mcp = new ScriptedMcp(Era.MODERN);
                House house = new House(House.http(mcp.url()))) {
            Permit permit = house.permit();
            assertEquals("done", House.text(house.servers.send(permit, Exchange.silent())));
            assertEquals("not sent: permit_used", House.code(house.servers.send(permit, Exchange.silent())));
            assertEquals(1, mcp.count("tools/call"));
        }
    }

    @Test
    void listsAreReadToTheirEnd() throws Exception {
        for (Era era : Era.values()) {
            try (ScriptedMcp mcp = new ScriptedMcp(era);
                    House house = new House(House.http(mcp.url()))) {
                mcp.on("resources/list", (message, line) -> {
                    int page =
                            Integer.parseInt(message.params().string("cursor").orElse("0"));
                    String next = page == 2 ? "" : ",\"nextCursor\":\"" + (page + 1) + "\"";
                    line.json(message.result(
                            "{\"resources\":[{\"uri\":\"x:" + page + "\",\"name\":\"n\"}]" + next + "}"));
                });
                Effect effect = house.servers.send(
                        house.permits.of("k1", new Operation.Listing("up", Offer.RESOURCES)), Exchange.silent());
                Json.Obj result = ((Effect.Answered) effect).result();
                assertEquals(3, result.array("resources").orElseThrow().items().size());
                assertFalse(result.has("nextCursor"));
            }
        }
    }

    @Test
    void aListWithoutEndIsGivenUp() throws Exception {
        try (ScriptedMcp mcp = new ScriptedMcp(Era.MODERN);
                House house = new House(House.http(mcp.url()))) {
            Operation listing = new Operation.Listing("up", Offer.PROMPTS);
            mcp.on(
                    "prompts/list",
                    (message, line) -> line.json(message.result("{\"prompts\":[],\"nextCursor\":\"again\"}")));
            assertEquals(
                    "unknown: list_endless",
                    House.code(house.servers.send(house.permits.of("k1", listing), Exchange.silent())));
            mcp.on(
                    "prompts/list",
                    (message, line) -> line.json(message.result(
                            "{\"prompts\":[],\"nextCursor\":\"" + message.id().hashCode() + "\"}")));
            assertEquals(
                    "unknown: list_too_long",
                    House.code(house.servers.send(house.permits.of("k1", listing), Exchange.silent())));
        }
    }

    @Test
    void whatAServerDoesNotOfferIsNotAskedFor() throws Exception {
        try (ScriptedMcp mcp = new ScriptedMcp(Era.MODERN)) {
            mcp.capabilities = "{\"tools\":{}}";
            try (House house = new House(House.http(mcp.url()))) {
                Effect effect = house.servers.send(
                        house.permits.of("k1", new Operation.Listing("up", Offer.PROMPTS)), Exchange.silent());
                assertEquals("answered {\"prompts\":[]}", House.code(effect));
                assertEquals(0, mcp.count("prompts/list"));
            }
        }
    }

    @Test
    void resourcesAndPromptsAreReadInBothRevisionsAndLookAlike() throws Exception {
        for (Era era : Era.values()) {
            try (ScriptedMcp mcp = new ScriptedMcp(era);
                    House house = new House(House.http(mcp.url()))) {
                Effect read = house.servers.send(
                        house.permits.of("k1", new Operation.ResourceRead("up", "x:é")), Exchange.silent());
                assertEquals("answered {\"contents\":[{\"uri\":\"x:1\",\"text\":\"one\"}]}", House.code(read));
                if (era == Era.MODERN) {
                    assertEquals(
                            "=?base64?eDrDqQ==?=",
                            mcp.messages.getLast().http().headers().get("mcp-name"));
                }
                Effect got = house.servers.send(
                        house.permits.of("k1", new Operation.PromptGet("up", "p", Json.Obj.EMPTY)), Exchange.silent());
                assertEquals("answered {\"messages\":[]}", House.code(got));
            }
        }
    }

    @Test
    void argumentsGoIntoTheHeadersThatTheToolAsksFor() throws Exception {
        try (ScriptedMcp mcp = new ScriptedMcp(Era.MODERN);
                House house = new House(House.http(mcp.url()))) {
            mcp.on("tools/list", (message, line) -> line.json(message.result("""
                    {"tools":[{"name":"echo","inputSchema":{"type":"object","properties":{
                      "message":{"type":"string","x-mcp-header":"Message"}}}},
                     {"name":"bad","inputSchema":{"type":"object","properties":{
                      "a":{"type":"object","x-mcp-header":"A"}}}}]}""".replace("\n", ""))));
            house.call();
            assertEquals("hi", mcp.messages.getLast().http().headers().get("mcp-param-message"));
            assertEquals(
                    List.of("echo"),
                    house.servers.offers("up").tools().stream()
                            .map(tool -> tool.string("name").orElseThrow())
                            .toList());
        }
    }

    @Test
    void offersHoldAllToolsAndWhatTheServerSaysOfItself() throws Exception {
        for (Era era : Era.values()) {
            try (ScriptedMcp mcp = new ScriptedMcp(era);
                    House house = new House(House.http(mcp.url()))) {
                Offers offers = house.servers.offers("up");
                assertEquals(era == Era.MODERN ? "2026-07-28" : "2025-11-25", offers.revision());
                assertEquals("scripted", offers.serverInfo().string("name").orElseThrow());
                assertEquals(1, offers.tools().size());
                UpstreamHealth health = house.servers.health("up");
                assertEquals(UpstreamHealth.State.UP, health.state());
            }
        }
    }

    @Test
    void changesAreToldInBothRevisions() throws Exception {
        for (Era era : Era.values()) {
            try (ScriptedMcp mcp = new ScriptedMcp(era)) {
                mcp.capabilities = "{\"tools\":{\"listChanged\":true}}";
                mcp.on("GET", (message, line) -> {
                    line.startStream();
                    line.event("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}");
                });
                mcp.on("subscriptions/listen", (message, line) -> {
                    line.startStream();
                    line.event(
                            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\",\"params\":{\"_meta\":{"
                                    + "\"io.modelcontextprotocol/subscriptionId\":" + message.id() + "}}}");
                });
                try (House house = new House(House.http(mcp.url()))) {
                    house.servers.offers("up");
                    house.awaitChange(UpstreamChange.What.TOOLS);
                }
            }
        }
    }

    @Test
    void aBrokenStreamOfChangesIsTakenUpAgainAndEverythingMayHaveChanged() throws Exception {
        try (ScriptedMcp mcp = new ScriptedMcp(Era.MODERN)) {
            mcp.capabilities = "{\"prompts\":{\"listChanged\":true}}";
            mcp.on("subscriptions/listen", (message, line) -> line.reset());
            try (House house = new House(House.http(mcp.url()))) {
                house.servers.offers("up");
                mcp.awaitMessage("subscriptions/listen");
                mcp.awaitMessage("subscriptions/listen");
                house.awaitChange(UpstreamChange.What.PROMPTS);
            }
        }
    }

    @Test
    void aServersOwnRequestsAreRefusedAndItsPingIsAnswered() throws Exception {
        try (ScriptedMcp mcp = new ScriptedMcp(Era.LEGACY);
                House house = new House(House.http(mcp.url()))) {
            mcp.on("tools/call", (message, line) -> {
                line.startStream();
                line.event("{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"sampling/createMessage\",\"params\":{}}");
                line.event("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}");
                line.event(message.result("{\"content\":[]}"));
                line.endStream();
            });
            house.call();
            Map<String, String> replies = new java.util.TreeMap<>();
            for (int i = 0; i < 2; i++) {
                Message reply = mcp.awaitMessage("(response)");
                replies.put(
                        reply.id().toString(),
                        reply.body().without("jsonrpc").without("id").toString());
            }
            assertEquals("{\"error\":{\"code\":-32601,\"message\":\"Method not found\"}}", replies.get("0"));
            assertEquals("{\"result\":{}}", replies.get("1"));
        }
    }

    @Test
    void aServerThatAsksWhatItWasNotOfferedGetsANamedToolError() throws Exception {
        try (ScriptedMcp mcp = new ScriptedMcp(Era.MODERN);
                House house = new House(House.http(mcp.url()))) {
            mcp.on(
                    "tools/call",
                    (message, line) -> line.json(
                            message.result(
                                    "{\"resultType\":\"input_required\",\"inputRequests\":{\"a\":{\"method\":\"roots/list\"}},\"requestState\":\"secret state\"}")));
            Effect.Answered answered = (Effect.Answered) house.call();
            assertTrue(answered.toolError());
            assertTrue(House.text(answered).startsWith("input_required_unsupported"));
            assertFalse(answered.result().toString().contains("secret state"));
        }
    }

    @Test
    void aToolsOwnFailureAndAProtocolErrorAreTold() throws Exception {
        try (ScriptedMcp mcp = new ScriptedMcp(Era.MODERN);
                House house = new House(House.http(mcp.url()))) {
            mcp.on(
                    "tools/call",
                    (message, line) ->
                            line.json(message.result("{\"content\":[],\"isError\":true,\"resultType\":\"complete\"}")));
            Effect.Answered failed = (Effect.Answered) house.call();
            assertTrue(failed.toolError());
            mcp.on(
                    "tools/call",
                    (message, line) -> line.answer(400, "application/json", message.error(-32602, "Invalid params")));
            assertEquals("refused -32602 Invalid params", House.code(house.call()));
        }
    }

    @Test
    void anUpstreamThatIsNotInTheFileIsUnknown() throws Exception {
        try (House house = new House()) {
            assertEquals("not sent: unknown_upstream", House.code(house.call()));
            assertThrows(UpstreamDownException.class, () -> house.servers.offers("up"));
        }
    }

    static String progress(String token, int value) {
        return "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":" + token
                + ",\"progress\":" + value + ",\"message\":\"m\",\"_meta\":{\"x\":1}}}";
    }

    static Exchange watching(BlockingQueue<Json.Obj> progress, AtomicReference<Runnable> stop) {
        return new Exchange() {
            @Override
            public void progress(Json.Obj params) {
                progress.add(params);
            }

            @Override
            public void onCancel(Runnable how) {
                stop.set(how);
            }
        };
    }
}
