package dev.reeve.acceptance.attack;

import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An MCP client with a key, that sends what it likes. */
record Agent(House house, HttpClient http, String name, String keyId, String key) {
    private static final String REVISION = "2026-07-28";
    private static final String OLDER = "2025-11-25";
    private static final String META = "io.modelcontextprotocol/";
    private static final String CAPABILITIES = META + "clientCapabilities";

    /** The `_meta` of a client that shows addresses to its user. */
    static final Json.Obj SHOWS_URLS =
            Json.object().put(CAPABILITIES, capabilities("url")).build();

    /** The `_meta` of a client that takes tasks. */
    static final Json.Obj TAKES_TASKS = Json.object()
            .put(
                    CAPABILITIES,
                    capabilities("form")
                            .with(
                                    "extensions",
                                    Json.object()
                                            .put(META + "tasks", Json.object())
                                            .build()))
            .build();

    /** The same with another key in its hands. */
    Agent with(String otherKey) {
        return new Agent(house, http, name, keyId, otherKey);
    }

    /** Calls a tool; names and values of arguments in turn: texts, whole numbers or JSON. */
    Answer call(String tool, Object... arguments) {
        return send(message("tools/call", params(tool, arguments)), headers("tools/call", tool));
    }

    Answer mails(String to, String body) {
        return call("mail.send", "to", to, "subject", "hi", "body", body);
    }

    Answer reads(String path) {
        return call("files.read", "path", path);
    }

    Answer fetches(String url) {
        return call("web.fetch", "url", url);
    }

    /** Opens a session of 2025-11-25; its id. */
    String session() {
        Json.Obj params = Json.object()
                .put("protocolVersion", OLDER)
                .put("capabilities", Json.object())
                .put("clientInfo", Json.object().put("name", "client").put("version", "1"))
                .build();
        return send(plain("initialize", params), Map.of()).answered().session();
    }

    /** Calls a tool in a session of 2025-11-25, whoever opened it. */
    Answer callIn(String session, String tool, Object... arguments) {
        return send(
                plain("tools/call", params(tool, arguments)),
                Map.of("MCP-Protocol-Version", OLDER, "Mcp-Session-Id", session));
    }

    private static String plain(String method, Json.Obj params) {
        return JsonWriter.text(Json.object()
                .put("jsonrpc", "2.0")
                .put("id", 1)
                .put("method", method)
                .put("params", params)
                .build());
    }

    Answer ask(String method, Json.Obj params) {
        return send(
                message(method, params),
                headers(
                        method,
                        params.string("name").or(() -> params.string("taskId")).orElse("")));
    }

    static Json.Obj params(String tool, Object... arguments) {
        Json.Builder built = Json.object();
        for (int i = 0; i < arguments.length; i += 2) {
            built.put(String.valueOf(arguments[i]), value(arguments[i + 1]));
        }
        return Json.object().put("name", tool).put("arguments", built).build();
    }

    private static Json value(Object argument) {
        return switch (argument) {
            case Json json -> json;
            case Integer number -> Json.of(number);
            default -> new Json.Str(argument.toString());
        };
    }

    /** A request of 2026-07-28; its client can be asked for a form and for its model, unless `_meta` says otherwise. */
    static String message(String method, Json.Obj params) {
        Json.Obj given = params.object("_meta").orElse(Json.Obj.EMPTY);
        Json.Obj meta = given.with(META + "protocolVersion", new Json.Str(REVISION));
        return plain(
                method,
                params.with("_meta", meta.has(CAPABILITIES) ? meta : meta.with(CAPABILITIES, capabilities("form"))));
    }

    private static Json.Obj capabilities(String elicitation) {
        return Json.object()
                .put("elicitation", Json.object().put(elicitation, Json.object()))
                .put("sampling", Json.object())
                .build();
    }

    static Map<String, String> headers(String method, String name) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("MCP-Protocol-Version", REVISION);
        headers.put("Mcp-Method", method);
        if (!name.isEmpty()) {
            headers.put("Mcp-Name", name);
        }
        return headers;
    }

    /** Sends the head of a request only, whose body is said to be so long. */
    Answer announces(long bytes) {
        URI server = URI.create(house.product().mcp());
        String head = "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Accept: application/json, text/event-stream\r\nConnection: close\r\nAuthorization: Bearer " + key
                + "\r\nContent-Length: " + bytes + "\r\n\r\n";
        try (Socket socket = new Socket(server.getHost(), server.getPort())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
            String said = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Answer(house, Integer.parseInt(said.substring(9, 12)), said, "", List.of());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    Answer send(String body, Map<String, String> headers) {
        List<String> before = house.reached();
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(house.product().mcp()))
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .header("Authorization", "Bearer " + key)
                .POST(BodyPublishers.ofString(body));
        headers.forEach(request::header);
        try {
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
            List<String> after = house.reached();
            String session = response.headers().firstValue("Mcp-Session-Id").orElse("");
            assertFalse(response.body().contains(House.LENT), response.body());
            return new Answer(
                    house, response.statusCode(), response.body(), session, after.subList(before.size(), after.size()));
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
