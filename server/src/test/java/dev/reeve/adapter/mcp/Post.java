package dev.reeve.adapter.mcp;

import dev.reeve.http.RawClient;
import dev.reeve.json.Json;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Builds one HTTP request, right in every way until a test makes it wrong. */
final class Post {
    private final Map<String, String> headers = new LinkedHashMap<>();
    private String method = "POST";
    private String path = "/mcp";
    private byte[] body = new byte[0];

    private Post() {
        headers.put("Host", "localhost");
        headers.put("Authorization", "Bearer " + Gateway.ANA);
        headers.put("Content-Type", "application/json");
        headers.put("Accept", "application/json, text/event-stream");
    }

    /** A request of 2026-07-28; {@code params} without its {@code _meta}, as the inside of an object: {@code "name":"x"}. */
    static Post modern(String method, String name, String params) {
        return modern(method, name, params, "");
    }

    /** @param meta more members of {@code _meta}, each followed by a comma */
    static Post modern(String method, String name, String params, String meta) {
        Post post = new Post()
                .body("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"" + method + "\",\"params\":{" + params
                        + (params.isEmpty() ? "" : ",") + "\"_meta\":{" + meta
                        + "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
                        + "\"io.modelcontextprotocol/clientCapabilities\":{}}}}")
                .with("MCP-Protocol-Version", "2026-07-28")
                .with("Mcp-Method", method);
        return name.isEmpty() ? post : post.with("Mcp-Name", name);
    }

    /** @param capabilities of the client */
    static Post able(String capabilities, String method, String name, String params) {
        Post post = modern(method, name, params);
        return post.body(post.text().replace("clientCapabilities\":{}", "clientCapabilities\":" + capabilities));
    }

    static Post call(String tool, String arguments) {
        return modern("tools/call", tool, "\"name\":\"" + tool + "\",\"arguments\":" + arguments);
    }

    /** A message of 2025-11-25 in a session. */
    static Post in(String session, String message) {
        return new Post().body(message).with("Mcp-Session-Id", session).with("MCP-Protocol-Version", "2025-11-25");
    }

    static Post plain(String body) {
        return new Post().body(body);
    }

    static Post initialize() {
        return plain(
                "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\","
                        + "\"capabilities\":{},\"clientInfo\":{\"name\":\"test\",\"version\":\"1\"}}}");
    }

    static String request(int id, String method, String params) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":{" + params + "}}";
    }

    Post body(String text) {
        return body(text.getBytes(StandardCharsets.UTF_8));
    }

    Post body(byte[] bytes) {
        body = bytes;
        return this;
    }

    Post with(String header, String value) {
        headers.put(header, value);
        return this;
    }

    Post without(String header) {
        headers.remove(header);
        return this;
    }

    Post by(String key) {
        return with("Authorization", "Bearer " + key);
    }

    Post to(String newPath) {
        path = newPath;
        return this;
    }

    Post method(String newMethod) {
        method = newMethod;
        return this;
    }

    /** The body. */
    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    byte[] bytes() {
        StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        if (!headers.containsKey("Transfer-Encoding") && !headers.containsKey("Content-Length")) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
        byte[] all = new byte[start.length + body.length];
        System.arraycopy(start, 0, all, 0, start.length);
        System.arraycopy(body, 0, all, start.length, body.length);
        return all;
    }

    RawClient.Answer send(RawClient client) throws IOException {
        return client.send(bytes()).read();
    }

    RawClient.Answer send(Gateway gateway) throws IOException {
        try (RawClient client = gateway.connect()) {
            return send(client);
        }
    }

    static Json.Obj json(String text) {
        try {
            return StrictJson.readObject(text.getBytes(StandardCharsets.UTF_8), JsonLimits.ANSWER);
        } catch (JsonRefusedException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }

    static Json.Obj result(RawClient.Answer answer) {
        return json(answer.body())
                .object("result")
                .orElseThrow(() -> new AssertionError("no result: " + answer.body()));
    }

    static Json.Obj error(RawClient.Answer answer) {
        return json(answer.body()).object("error").orElseThrow(() -> new AssertionError("no error: " + answer.body()));
    }

    static int code(RawClient.Answer answer) {
        return (int) ((Json.Num) error(answer).get("code").orElseThrow()).value();
    }

    /** The text of a tool result's first block. */
    static String text(Json.Obj result) {
        return ((Json.Obj) result.array("content").orElseThrow().items().getFirst())
                .string("text")
                .orElseThrow();
    }
}
