package dev.reeve.adapter.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.http.RawClient;
import dev.reeve.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages that are wrong in one way each, over real sockets: a clear error, nothing reaches an upstream, and it is counted for whom it came from. */
@Timeout(180)
final class BadRequestTest {
    private static Gateway gateway;

    /** @param counted the word under which it is counted for the caller; empty where nothing is */
    record Bad(String what, Post post, int status, String code, String counted) {
        @Override
        public String toString() {
            return what;
        }
    }

    @BeforeAll
    static void open() {
        gateway = new Gateway();
    }

    @AfterAll
    static void close() {
        gateway.close();
    }

    static Stream<Bad> bad() {
        return Stream.of(json(), rpc(), headers(), params(), transport()).flatMap(List::stream);
    }

    private static Bad body(String what, String body, String code, String counted) {
        return new Bad(what, Post.plain(body), 400, code, counted);
    }

    private static Bad bytes(String what, byte[] body, String code, String counted) {
        return new Bad(what, Post.plain("").body(body), 400, code, counted);
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A whole call whose one argument is this JSON. */
    private static String calling(String argument) {
        return "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"name\":\"pg.echo\",\"arguments\":{\"text\":"
                + argument + "}}}";
    }

    private static List<Bad> json() {
        return List.of(
                body("an empty body", "", "-32700", "malformed"),
                body("no JSON", "hello", "-32700", "malformed"),
                body("half a text", "{\"jsonrpc\":\"2.0\",", "-32700", "malformed"),
                body("two texts", "{} {}", "-32700", "malformed"),
                body("a comment", "{/**/}", "-32700", "malformed"),
                body("single quotes", "{'a':1}", "-32700", "malformed"),
                body("a comma too many", "{\"a\":1,}", "-32700", "malformed"),
                body("not a number", calling("NaN"), "-32700", "malformed"),
                body("a leading zero", calling("01"), "-32700", "malformed"),
                body("a raw line break in a string", calling("\"a\nb\""), "-32700", "malformed"),
                body("a byte order mark", "\uFEFF" + calling("1"), "-32700", "malformed"),
                body("a member twice", "{\"jsonrpc\":\"2.0\",\"jsonrpc\":\"2.0\"}", "-32700", "duplicate_member"),
                body("a member twice, once escaped", "{\"id\":1,\"\\u0069d\":2}", "-32700", "duplicate_member"),
                body("an argument twice", calling("{\"a\":1,\"a\":2}"), "-32700", "duplicate_member"),
                body("nested too deeply", "[".repeat(100_000), "-32700", "too_deep"),
                body("objects nested too deeply", "{\"a\":".repeat(70) + "1" + "}".repeat(70), "-32700", "too_deep"),
                body("too many tokens", "[" + "1,".repeat(250_000) + "1]", "-32700", "too_many_tokens"),
                body("more digits than a double keeps", calling("9007199254740993"), "-32700", "inexact_number"),
                body("a number beyond any double", calling("1e400"), "-32700", "inexact_number"),
                body("a number of many digits", calling("1".repeat(1_000)), "-32700", "too_large"),
                body("half a surrogate pair", calling("\"\\ud83d\""), "-32700", "bad_utf8"),
                body("a pair the wrong way round", calling("\"\\ude00\\ud83d\""), "-32700", "bad_utf8"),
                bytes("latin-1", latin1(calling("\"\u00e9\"")), "-32700", "bad_utf8"),
                bytes("an overlong form", latin1(calling("\"\u00c0\u00af\"")), "-32700", "bad_utf8"),
                bytes("an encoded surrogate", latin1(calling("\"\u00ed\u00a0\u0080\"")), "-32700", "bad_utf8"),
                bytes("UTF-16", calling("1").getBytes(StandardCharsets.UTF_16), "-32700", "bad_utf8"),
                bytes("zeros", new byte[64], "-32700", "malformed"));
    }

    private static List<Bad> rpc() {
        return List.of(
                body("a batch", "[" + calling("\"a\"") + "]", "-32600", "invalid_request"),
                body("an empty batch", "[]", "-32600", "invalid_request"),
                body("a bare string", "\"tools/list\"", "-32600", "invalid_request"),
                body("null", "null", "-32600", "invalid_request"),
                body("no version", "{\"id\":1,\"method\":\"ping\"}", "-32600", "invalid_request"),
                body("JSON-RPC 1.0", "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}", "-32600", "invalid_request"),
                body("version as a number", "{\"jsonrpc\":2.0,\"id\":1,\"method\":\"a\"}", "-32600", "invalid_request"),
                withId("null"),
                withId("1.5"),
                withId("1e3"),
                withId("true"),
                withId("{}"),
                withId("[1]"),
                withId("\"" + "x".repeat(129) + "\""),
                body("neither method nor result", "{\"jsonrpc\":\"2.0\",\"id\":1}", "-32600", "invalid_request"),
                body(
                        "a method that is a number",
                        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":1}",
                        "-32600",
                        "invalid_request"),
                body(
                        "a method of a thousand letters",
                        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + "m".repeat(1_000) + "\"}",
                        "-32600",
                        "invalid_request"),
                body(
                        "params by position",
                        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":[]}",
                        "-32600",
                        "invalid_request"),
                body(
                        "a member that no request has",
                        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"x\":1}",
                        "-32600",
                        "invalid_request"),
                body(
                        "request and response in one",
                        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"result\":{}}",
                        "-32600",
                        "invalid_request"),
                body(
                        "result and error in one",
                        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{},\"error\":{}}",
                        "-32600",
                        "invalid_request"));
    }

    private static Bad withId(String id) {
        String shown = id.length() > 20 ? "a long string" : id;
        return body(
                "the id " + shown,
                "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"ping\"}",
                "-32600",
                "invalid_request");
    }

    private static Post echo() {
        return Post.call("pg.echo", "{\"text\":\"a\"}");
    }

    private static Bad mismatch(String what, Post post) {
        return new Bad(what, post, 400, "-32020", "header_mismatch");
    }

    private static List<Bad> headers() {
        return List.of(
                mismatch("no MCP-Protocol-Version", echo().without("MCP-Protocol-Version")),
                mismatch("another MCP-Protocol-Version", echo().with("MCP-Protocol-Version", "2025-11-25")),
                mismatch("no Mcp-Method", echo().without("Mcp-Method")),
                mismatch("another Mcp-Method", echo().with("Mcp-Method", "tools/list")),
                mismatch("Mcp-Method in other capitals", echo().with("Mcp-Method", "Tools/Call")),
                mismatch("Mcp-Method twice", echo().with("mcp-method", "tools/call")),
                mismatch("no Mcp-Name", echo().without("Mcp-Name")),
                mismatch("another Mcp-Name", echo().with("Mcp-Name", "pg.slow")),
                mismatch("an empty Mcp-Name", echo().with("Mcp-Name", "")),
                mismatch("Mcp-Name twice, both right", echo().with("mcp-name", "pg.echo")),
                mismatch("base64 of another name", echo().with("Mcp-Name", "=?base64?cGcuc2xvdw==?=")),
                mismatch("base64 without its padding", echo().with("Mcp-Name", "=?base64?cGcuZWNobw?=")),
                mismatch("base64 with bits to spare", echo().with("Mcp-Name", "=?base64?cGcuZWNobx==?=")),
                mismatch("base64 for URLs", echo().with("Mcp-Name", "=?base64?-_-_?=")),
                mismatch("base64 of no UTF-8", echo().with("Mcp-Name", "=?base64?/////w==?=")),
                mismatch("base64 without its end", echo().with("Mcp-Name", "=?base64?cGcuZWNobw==")),
                mismatch("base64 twice over", echo().with("Mcp-Name", "=?base64?PT9iYXNlNjQ/Y0djdVpXTm9idz09Pz0=?=")),
                mismatch("another encoding", echo().with("Mcp-Name", "=?utf-8?B?cGcuZWNobw==?=")),
                mismatch(
                        "bytes beyond ASCII, though the body has them too",
                        Post.modern("tools/call", "\u00e9", "\"name\":\"\u00e9\"")),
                new Bad(
                        "a revision of tomorrow",
                        Post.plain(echo().text().replace("2026-07-28", "2027-01-01"))
                                .with("MCP-Protocol-Version", "2027-01-01")
                                .with("Mcp-Method", "tools/call")
                                .with("Mcp-Name", "pg.echo"),
                        400,
                        "-32022",
                        "invalid_params"),
                new Bad(
                        "the revision in the header only",
                        Post.plain(calling("\"a\"")).with("MCP-Protocol-Version", "2026-07-28"),
                        400,
                        "-32602",
                        "invalid_params"),
                new Bad(
                        "no capabilities",
                        Post.plain(echo().text().replace("clientCapabilities\":{}", "clientCapabilities\":1"))
                                .with("MCP-Protocol-Version", "2026-07-28")
                                .with("Mcp-Method", "tools/call")
                                .with("Mcp-Name", "pg.echo"),
                        400,
                        "-32602",
                        "invalid_params"));
    }

    private static Bad params(String what, String method, String params) {
        String name = params.contains("\"pg.echo\"") ? "pg.echo" : params.contains("\"x:1\"") ? "x:1" : "";
        return new Bad(what, Post.modern(method, name, params), 400, "-32602", "invalid_params");
    }

    private static List<Bad> params() {
        return List.of(
                params("a member of params that the method has not", "tools/call", "\"name\":\"pg.echo\",\"tasks\":{}"),
                params("a member in other capitals", "tools/call", "\"name\":\"pg.echo\",\"Arguments\":{}"),
                params("a cursor where there are no pages", "tools/call", "\"name\":\"pg.echo\",\"cursor\":\"x\""),
                uncounted(params(
                        "input responses that are null", "tools/call", "\"name\":\"pg.echo\",\"inputResponses\":null")),
                uncounted(params(
                        "state that nobody sealed", "tools/call", "\"name\":\"pg.echo\",\"requestState\":\"x\"")),
                uncounted(params("a reference that is a text", "completion/complete", "\"ref\":\"x\"")),
                params("state where there are no rounds", "completion/complete", "\"requestState\":\"x\""),
                uncounted(params("no name", "tools/call", "\"arguments\":{}")),
                uncounted(params("a name that is a number", "tools/call", "\"name\":1")),
                mismatch("an empty name, which no header can say", Post.modern("tools/call", "", "\"name\":\"\"")),
                uncounted(params("arguments that are a list", "tools/call", "\"name\":\"pg.echo\",\"arguments\":[]")),
                uncounted(params("arguments that are null", "tools/call", "\"name\":\"pg.echo\",\"arguments\":null")),
                uncounted(params("a URI that is a number", "resources/read", "\"uri\":1")),
                uncounted(params("a cursor that nobody was given", "tools/list", "\"cursor\":\"AAAA\"")),
                uncounted(params("a cursor that is a number", "tools/list", "\"cursor\":1")),
                uncounted(params("a cursor of a megabyte", "tools/list", "\"cursor\":\"" + "A".repeat(1 << 20) + "\"")),
                new Bad(
                        "a progress token that is an object",
                        Post.modern("tools/call", "pg.echo", "\"name\":\"pg.echo\"", "\"progressToken\":{},"),
                        400,
                        "-32602",
                        "invalid_params"),
                method("logging/setLevel"),
                method("sampling/createMessage"),
                method("resources/subscribe"),
                method("tasks/result"),
                method("tasks/list"),
                method("initialize"),
                method("ping"),
                method("Tools/call"),
                method("tools/call "));
    }

    private static Bad uncounted(Bad bad) {
        return new Bad(bad.what(), bad.post(), bad.status(), bad.code(), "");
    }

    private static Bad method(String method) {
        Post post = Post.modern(method, "", "");
        boolean spaced = method.endsWith(" ");
        return new Bad(
                "the method `" + method + "`",
                spaced ? post.with("Mcp-Method", "=?base64?dG9vbHMvY2FsbCA=?=") : post,
                404,
                "-32601",
                "method_not_found");
    }

    private static List<Bad> transport() {
        String session = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}";
        return List.of(
                new Bad("no session", Post.plain(session), 400, "-32600", ""),
                new Bad("a session that nobody has", Post.in("nosuch", session), 404, "-32600", ""),
                new Bad("two sessions", Post.in("a", session).with("mcp-session-id", "b"), 404, "-32600", ""),
                new Bad(
                        "a revision that is not spoken",
                        Post.in("a", session).with("MCP-Protocol-Version", "2024-11-05"),
                        400,
                        "-32600",
                        ""),
                new Bad("another type", echo().with("Content-Type", "text/plain"), 415, "not_json", ""),
                new Bad("no type", echo().without("Content-Type"), 415, "not_json", ""),
                new Bad(
                        "a form",
                        echo().with("Content-Type", "application/x-www-form-urlencoded"),
                        415,
                        "not_json",
                        ""),
                new Bad("wants HTML", echo().with("Accept", "text/html"), 406, "not_acceptable", ""),
                new Bad("a query", echo().to("/mcp?key=" + Gateway.ANA), 400, "query_not_read", ""),
                new Bad("another path", echo().to("/mcp/../admin"), 404, "not_found", ""),
                new Bad("a path with an escape", echo().to("/mcp/%70g"), 404, "not_found", ""),
                new Bad("PUT", echo().method("PUT"), 405, "method_not_allowed", ""),
                new Bad("GET without a session", echo().method("GET"), 405, "method_not_allowed", ""),
                new Bad("no key", echo().without("Authorization"), 401, "unauthorized", ""),
                new Bad("a wrong key", echo().by("reeve_wrong"), 401, "unauthorized", ""),
                new Bad("two keys", echo().with("authorization", "Bearer " + Gateway.BOB), 401, "unauthorized", ""),
                new Bad(
                        "another scheme",
                        echo().with("Authorization", "Basic " + Gateway.ANA),
                        401,
                        "unauthorized",
                        ""),
                new Bad("a foreign Host", echo().with("Host", "evil.example"), 403, "host_not_allowed", ""),
                new Bad(
                        "a web page's Origin",
                        echo().with("Origin", "https://evil.example"),
                        403,
                        "origin_not_allowed",
                        ""),
                new Bad("a compressed body", echo().with("Content-Encoding", "gzip"), 415, "compressed_body", ""),
                new Bad(
                        "a body that is too large",
                        echo().with("Content-Length", "4194305"),
                        413,
                        "body_too_large",
                        ""));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void whatIsWrongInOneWayIsRefusedByNameAndReachesNobody(Bad bad) throws IOException {
        int decisions = gateway.journal.decisions.size();
        gateway.refused.clear();
        RawClient.Answer answer = bad.post().send(gateway);
        assertEquals(bad.status(), answer.status(), answer.body());
        assertEquals(bad.code(), code(answer), answer.body());
        assertTrue(answer.body().length() < 1_000, "an error is short and does not give back what came");
        assertEquals(List.of(), gateway.upstreams.received);
        assertEquals(decisions, gateway.journal.decisions.size());
        if (answer.status() != 401) {
            assertEquals(bad.counted().isEmpty() ? List.of() : List.of("ana " + bad.counted()), gateway.refused);
        }
    }

    private static String code(RawClient.Answer answer) {
        Json code = Post.error(answer).get("code").orElseThrow();
        return code instanceof Json.Str text ? text.value() : code.toString();
    }

    @Test
    void oneWrongMessageDoesNotSpoilTheConnection() throws IOException {
        try (RawClient client = gateway.connect()) {
            assertEquals(400, Post.plain("{").send(client).status());
            assertEquals(400, echo().with("Mcp-Name", "x").send(client).status());
            assertEquals(200, echo().send(client).status());
        }
        gateway.upstreams.received.clear();
    }

    @Test
    void namesThatNoHeaderCanHoldComeInBase64() throws IOException {
        RawClient.Answer plain =
                echo().with("Mcp-Name", "=?base64?cGcuZWNobw==?=").send(gateway);
        assertEquals(200, plain.status(), plain.body());
        RawClient.Answer unknown = Post.modern("tools/call", "=?base64?w6k=?=", "\"name\":\"\u00e9\"")
                .send(gateway);
        assertEquals(
                "Unknown tool: \u00e9", Post.error(unknown).string("message").orElseThrow());
        gateway.upstreams.received.clear();
    }

    @Test
    void anIdComesBackAsItWasSent() throws IOException {
        for (String id :
                List.of("0", "-1", "9007199254740991", "\"\"", "\"\\u0000\\\"\"", "\"" + "x".repeat(128) + "\"")) {
            Post post = echo();
            RawClient.Answer answer =
                    post.body(post.text().replace("\"id\":7", "\"id\":" + id)).send(gateway);
            assertEquals(200, answer.status(), answer.body());
            assertEquals(Optional.of(id), Post.json(answer.body()).get("id").map(Json::toString));
        }
        gateway.upstreams.received.clear();
    }
}
