package dev.reeve.adapter.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Operation;
import dev.reeve.gate.Effect;
import dev.reeve.gate.Journal;
import dev.reeve.http.RawClient;
import dev.reeve.json.Json;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One {@code tools/call} of 2026-07-28 through the real gate, in all its outcomes. */
final class ModernCallTest {
    private final Gateway gateway = new Gateway();

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void anAllowedCallReachesTheUpstreamAndItsResultTheCaller() throws IOException {
        RawClient.Answer answer = Post.call("pg.echo", "{\"text\":\"hello\"}").send(gateway);
        assertEquals(200, answer.status());
        Json.Obj result = Post.result(answer);
        assertEquals("hello", Post.text(result));
        assertEquals("complete", result.string("resultType").orElseThrow());
        assertEquals(
                List.of(new Operation.ToolCall(
                        "pg", "echo", Json.object().put("text", "hello").build())),
                gateway.upstreams.received);
        assertEquals(1, gateway.journal.decisions.size());
        assertEquals(1, gateway.journal.completions.size());
    }

    @Test
    void whatTheUpstreamSaysForTheProtocolIsReplacedByOurs() throws IOException {
        Json.Obj result = Post.result(Post.call("pg.echo", "{\"text\":\"x\"}").send(gateway));
        assertFalse(result.has("requestState"), "state of an upstream reaches nobody bare (R20)");
        Json.Obj meta = result.object("_meta").orElseThrow();
        assertEquals(
                "reeve",
                meta.object("io.modelcontextprotocol/serverInfo")
                        .orElseThrow()
                        .string("name")
                        .orElseThrow());
        assertTrue(meta.has("other/kept"));
        assertFalse(meta.has("dev.reeve/advice"), "nobody warns in our name");
    }

    /** What Reeve itself says in a result stays in it. */
    @Test
    void aWarningReachesPrograms() throws IOException {
        Json.Obj result = Post.result(
                Post.call("pg.echo", "{\"text\":\"worth a warning\"}").send(gateway));
        assertEquals(Optional.of("odd"), result.object("_meta").orElseThrow().string("dev.reeve/advice"));
    }

    @Test
    void aDenialIsAToolErrorThatAnAgentCanReadAndActOn() throws IOException {
        RawClient.Answer answer = Post.call("mail.forbidden", "{}").send(gateway);
        assertEquals(200, answer.status());
        Json.Obj result = Post.result(answer);
        assertEquals(Json.Bool.TRUE, result.get("isError").orElseThrow());
        String text = Post.text(result);
        assertTrue(text.startsWith("Reeve did not allow this call.\n"), text);
        assertTrue(text.contains("Mail stays inside."), text);
        assertTrue(text.contains("does not help"), text);
        assertFalse(text.contains("internal reason"), "the operator's reason is not told: " + text);
        Json.Obj denial =
                result.object("_meta").orElseThrow().object("dev.reeve/denial").orElseThrow();
        assertEquals("denied_by_rule", denial.string("code").orElseThrow());
        assertEquals("policy", denial.string("class").orElseThrow());
        assertEquals(Json.Bool.FALSE, denial.get("retry").orElseThrow());
        assertTrue(text.contains(denial.string("ticket").orElseThrow()), text);
        assertEquals(List.of(), gateway.upstreams.received);
    }

    @Test
    void wrongArgumentsAreToldSoThatTheAgentCanCorrectThem() throws IOException {
        Json.Obj result = Post.result(Post.call("pg.echo", "{\"txt\":\"x\"}").send(gateway));
        assertTrue(Post.text(result).contains("arguments_invalid (arguments)"), Post.text(result));
        assertEquals(List.of(), gateway.upstreams.received);
    }

    @Test
    void whatTheCallerMayNotSeeAnswersByteForByteLikeWhatDoesNotExist() throws IOException {
        String hidden = Post.call("pg.secret", "{}").send(gateway).body();
        String missing = Post.call("pg.zecret", "{}").send(gateway).body();
        String elsewhere = Post.call("no.secret", "{}").send(gateway).body();
        String bare = Post.call("secret", "{}").send(gateway).body();
        assertEquals(
                "{\"jsonrpc\":\"2.0\",\"id\":7,\"error\":{\"code\":-32602,\"message\":\"Unknown tool: pg.secret\"}}",
                hidden);
        assertEquals(hidden, missing.replace("zecret", "secret"));
        assertEquals(hidden, elsewhere.replace("no.", "pg."));
        assertEquals(hidden, bare.replace(": secret", ": pg.secret"));
        assertEquals(4, gateway.journal.decisions.size(), "each is recorded all the same");
        assertTrue(gateway.journal.decisions.stream().allMatch(one -> one.ruling() == Journal.Ruling.DENY));
        assertEquals(List.of(), gateway.upstreams.received);
    }

    @Test
    void anotherAgentsToolIsUnknownToo() throws IOException {
        RawClient.Answer answer = Post.call("pg.echo", "{}").by(Gateway.BOB).send(gateway);
        assertEquals(400, answer.status());
        assertEquals(-32602, Post.code(answer));
    }

    @Test
    void aHeldToolSaysThatAPersonMustApprove() throws IOException {
        gateway.definitions.compare("mail", Gateway.tools("send", "forbidden", "brandnew"), false);
        String text = Post.text(Post.result(Post.call("mail.brandnew", "{}").send(gateway)));
        assertTrue(text.startsWith("Reeve did not allow this call.\n"), text);
        assertTrue(text.contains("person"), text);
        assertTrue(text.contains("definition_held (approval)"), text);
    }

    @Test
    void anUnknownOutcomeSaysNotToRepeatIt() throws IOException {
        Json.Obj result = Post.result(Post.call("pg.lost", "{}").send(gateway));
        assertTrue(Post.text(result).contains("Do not simply repeat it"), Post.text(result));
        assertTrue(gateway.journal.lastEffect() instanceof Effect.Unknown);
        Json.Obj denial =
                result.object("_meta").orElseThrow().object("dev.reeve/denial").orElseThrow();
        assertEquals(Json.Bool.FALSE, denial.get("retry").orElseThrow());
    }

    @Test
    void anEffectThatThrowsStillHasAnOutcome() throws IOException {
        String text = Post.text(Post.result(Post.call("pg.bug", "{}").send(gateway)));
        assertTrue(text.contains("does not know whether it took effect"), text);
        assertEquals(1, gateway.journal.completions.size());
    }

    @Test
    void nothingSentIsSaidSo() throws IOException {
        String text = Post.text(Post.result(Post.call("pg.down", "{}").send(gateway)));
        assertTrue(text.contains("nothing was sent"), text);
        assertTrue(text.contains("upstream_down (unavailable)"), text);
    }

    @Test
    void aWithheldResultIsSaidSoAndStaysHere() throws IOException {
        Json.Obj result =
                Post.result(Post.call("pg.echo", "{\"text\":\"a secret\"}").send(gateway));
        assertTrue(Post.text(result).contains("its result is withheld"), Post.text(result));
        assertFalse(result.toString().contains("a secret"), result.toString());
    }

    @Test
    void anUpstreamsErrorCannotSpeakForTheProtocolBetweenUsAndTheClient() throws IOException {
        RawClient.Answer answer = Post.call("pg.broken", "{}").send(gateway);
        assertEquals(200, answer.status());
        assertEquals(-32603, Post.code(answer));
    }

    @Test
    void oneUpstreamHasItsOwnNamesAtItsOwnPath() throws IOException {
        Json.Obj result = Post.result(
                Post.call("echo", "{\"text\":\"bare\"}").to("/mcp/pg").send(gateway));
        assertEquals("bare", Post.text(result));
        assertEquals(-32602, Post.code(Post.call("pg.echo", "{}").to("/mcp/pg").send(gateway)));
        assertEquals(-32602, Post.code(Post.call("echo", "{}").to("/mcp/nosuch").send(gateway)));
    }

    @Test
    void linksToResourcesCanBeFollowedOnTheRouteWhereTheyWereSeen() throws IOException {
        String both = Post.call("pg.link", "{}").send(gateway).body();
        assertTrue(both.contains("\"reeve://pg/memo://1\""), both);
        String one = Post.call("link", "{}").to("/mcp/pg").send(gateway).body();
        assertTrue(one.contains("\"memo://1\""), one);
    }

    @Test
    void theAgentsReasoningIsRecordedAsItsClaim() throws IOException {
        Post.modern(
                        "tools/call",
                        "pg.echo",
                        "\"name\":\"pg.echo\"",
                        "\"dev.reeve/reasoning\":\"I want to know\",\"traceparent\":\"00-1-2-3\",\"vendor/x\":1,")
                .send(gateway);
        assertEquals(
                "I want to know",
                gateway.journal.decisions.getFirst().attempt().reasoning().orElseThrow());
    }
}
