package dev.reeve.upstream;

import dev.reeve.http.RawClient;
import dev.reeve.json.Json;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.StrictJson;
import dev.reeve.upstream.ScriptedMcp.Era;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** A client with capabilities, in a session or without, that talks {@link Through} Reeve; each request has a connection of its own. */
final class UpstreamTalk {
    private final Through through;
    private final String revision;
    private final String capabilities;
    private final boolean modern;
    private String session = "";
    private final AtomicInteger id = new AtomicInteger();

    UpstreamTalk(Through through, Era era, String capabilities) throws IOException {
        this(through, era == Era.MODERN ? "2026-07-28" : "2025-11-25", capabilities);
    }

    UpstreamTalk(Through through, String revision, String capabilities) throws IOException {
        this.through = through;
        this.revision = revision;
        this.capabilities = capabilities;
        this.modern = revision.equals("2026-07-28");
        if (!modern) {
            session = post(
                            "initialize",
                            "",
                            "\"protocolVersion\":\"" + revision + "\",\"capabilities\":" + capabilities
                                    + ",\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}")
                    .headers()
                    .getOrDefault("mcp-session-id", "none");
        }
    }

    RawClient.Answer call(String arguments) throws IOException {
        return post("tools/call", "up.echo", "\"name\":\"up.echo\",\"arguments\":" + arguments);
    }

    RawClient.Answer post(String method, String name, String params) throws IOException {
        try (RawClient client = new RawClient(through.address())) {
            return client.send(request(method, name, params)).read();
        }
    }

    /** @param name for the header of 2026-07-28; empty if the method has none */
    String request(String method, String name, String params) {
        String meta = method.equals("initialize")
                ? ""
                : (params.isEmpty() ? "" : ",") + "\"_meta\":{\"progressToken\":\"mine\"" + envelope() + "}";
        String body = "{\"jsonrpc\":\"2.0\",\"id\":" + id.incrementAndGet() + ",\"method\":\"" + method
                + "\",\"params\":{" + params + meta + "}}";
        return "POST /mcp HTTP/1.1\r\nHost: localhost\r\nAccept: application/json, text/event-stream\r\n"
                + "Content-Type: application/json\r\n" + headers(method, name) + "Content-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
    }

    private String envelope() {
        return modern
                ? ",\"io.modelcontextprotocol/protocolVersion\":\"" + revision
                        + "\",\"io.modelcontextprotocol/clientCapabilities\":" + capabilities
                : "";
    }

    private String headers(String method, String name) {
        if (!modern) {
            return session.isEmpty() ? "" : "Mcp-Session-Id: " + session + "\r\n";
        }
        return "MCP-Protocol-Version: " + revision + "\r\nMcp-Method: " + method + "\r\n"
                + (name.isEmpty() ? "" : "Mcp-Name: " + name + "\r\n");
    }

    /** The result in a body, or in the last event of a stream. */
    static Json.Obj result(String body) {
        String text = body.startsWith("{") ? body : RawClient.data(body).getLast();
        try {
            return StrictJson.readObject(text.getBytes(StandardCharsets.UTF_8), JsonLimits.ANSWER)
                    .object("result")
                    .orElseThrow(() -> new AssertionError(body));
        } catch (dev.reeve.strict.JsonRefusedException e) {
            throw new AssertionError(text, e);
        }
    }

    static String progress(String token, int value) {
        return HttpUpstreamTest.progress(token, value);
    }
}
