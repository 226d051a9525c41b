package dev.reeve.judge;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.reeve.json.Json;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.StrictJson;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** A provider that answers as a test says, and remembers what it was asked. */
final class ScriptedProvider implements AutoCloseable {
    private final HttpServer server;
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private volatile Script script = exchange -> exchange.close();

    /** Answers one request. */
    interface Script {
        void run(HttpExchange exchange) throws Exception;
    }

    record Asked(String path, Map<String, List<String>> headers, Json.Obj body) {}

    ScriptedProvider() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                byte[] body = exchange.getRequestBody().readAllBytes();
                asked.add(new Asked(
                        exchange.getRequestURI().getPath(),
                        Map.copyOf(exchange.getRequestHeaders()),
                        StrictJson.readObject(body, JsonLimits.ANSWER)));
                script.run(exchange);
            } catch (Exception e) {
                throw new IOException(e);
            }
        });
        server.start();
    }

    void script(Script next) {
        script = next;
    }

    /** Answers with this text. */
    void answers(int status, String text) {
        script(exchange -> {
            byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        });
    }

    /** An answer of Chat Completions with this content. */
    static String completion(String content) {
        return dev.reeve.json.JsonWriter.text(Json.object()
                .put("id", "chatcmpl-1")
                .put("object", "chat.completion")
                .put(
                        "choices",
                        new Json.Arr(List.of(Json.object()
                                .put("index", 0)
                                .put(
                                        "message",
                                        Json.object().put("role", "assistant").put("content", content))
                                .put("finish_reason", "stop")
                                .build())))
                .put("usage", Json.object().put("prompt_tokens", 300).put("total_tokens", 350))
                .build());
    }

    static String opinion(String level) {
        return "{\"level\":\"" + level
                + "\",\"warning\":\"it looks odd\",\"suggestion\":\"a draft\",\"reason\":\"because\"}";
    }

    List<Asked> asked() {
        return asked;
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
