package dev.reeve.demo;

import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import dev.reeve.secrets.Secret;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** A scripted agent: an ordinary MCP client (2026-07-28) that knows nothing of Reeve but an address and a key. */
final class DemoAgent {
    private static final String REVISION = "2026-07-28";

    private final HttpClient http;
    private final URI endpoint;
    private final Secret key;
    private final AtomicInteger ids = new AtomicInteger();

    DemoAgent(HttpClient http, URI endpoint, Secret key) {
        this.http = http;
        this.endpoint = endpoint;
        this.key = key;
    }

    /** The whole answer: {@code result} or {@code error}. */
    Json.Obj call(String tool, Json.Obj arguments) throws IOException, InterruptedException {
        return post(
                "tools/call",
                Json.object().put("name", tool).put("arguments", arguments).build(),
                tool);
    }

    Json.Obj list() throws IOException, InterruptedException {
        return post("tools/list", Json.Obj.EMPTY, "");
    }

    private Json.Obj post(String method, Json.Obj params, String name) throws IOException, InterruptedException {
        Json.Obj meta = Json.object()
                .put("io.modelcontextprotocol/protocolVersion", REVISION)
                .put("io.modelcontextprotocol/clientCapabilities", Json.object())
                .put(
                        "io.modelcontextprotocol/clientInfo",
                        Json.object().put("name", "demo-agent").put("version", "1"))
                .build();
        Json.Obj body = Json.object()
                .put("jsonrpc", "2.0")
                .put("id", ids.incrementAndGet())
                .put("method", method)
                .put("params", params.with("_meta", meta))
                .build();
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint)
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .header("Authorization", "Bearer " + key.exposeTextInsecurely())
                .header("MCP-Protocol-Version", REVISION)
                .header("Mcp-Method", method)
                .POST(BodyPublishers.ofByteArray(JsonWriter.bytes(body)));
        if (!name.isEmpty()) {
            request.header("Mcp-Name", name);
        }
        try {
            return StrictJson.readObject(
                    http.send(request.build(), BodyHandlers.ofByteArray()).body(), JsonLimits.ANSWER);
        } catch (JsonRefusedException e) {
            throw new IOException("the answer is not JSON: " + e.getMessage(), e);
        }
    }
}
