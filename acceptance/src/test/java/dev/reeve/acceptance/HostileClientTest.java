package dev.reeve.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bytes on a bare socket against the packaged product: each has its answer, the server behind hears of none, and the record holds how many there were. */
final class HostileClientTest {
    private static final String META = "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
            + "\"io.modelcontextprotocol/clientCapabilities\":{}}";

    @TempDir
    Path folder;

    private String key = "";

    private static String work(String n) {
        return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"up.work\",\"arguments\":{\"n\":"
                + n + "}," + META + "}}";
    }

    private String request(String body, String... headers) {
        return framed("Content-Length: " + body.getBytes(StandardCharsets.UTF_8).length, body, headers);
    }

    private String framed(String framing, String body, String... headers) {
        StringBuilder head =
                new StringBuilder("POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Accept: application/json, text/event-stream\r\nMCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\n"
                        + "Connection: close\r\nAuthorization: Bearer " + key + "\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        return head.append(framing).append("\r\n\r\n").append(body).toString();
    }

    private Map<String, String> hostile() {
        String name = "Mcp-Name: up.work";
        String body = work("\"x\"");
        Map<String, String> bad = new LinkedHashMap<>();
        bad.put("400 not JSON", request("{\"jsonrpc\"", name));
        bad.put("400 a member twice", request(work("\"x\",\"n\":\"y\""), name));
        bad.put("400 too deep", request(work("[".repeat(500) + "]".repeat(500)), name));
        bad.put("400 a batch", request("[" + body + "]", name));
        bad.put("400 half a surrogate pair", request(work("\"\\ud800\""), name));
        bad.put("400 a number that is not kept", request(work("12345678901234567890"), name));
        bad.put("400 no Mcp-Name", request(body));
        bad.put("400 another Mcp-Name", request(body, "Mcp-Name: up.rest"));
        bad.put("400 another Mcp-Name in base64", request(body, "Mcp-Name: =?base64?dXAucmVzdA==?="));
        bad.put("400 an unknown member", request(body.replace("\"arguments\"", "\"extra\":1,\"arguments\""), name));
        bad.put(
                "400 both framings",
                framed("Content-Length: 5\r\nTransfer-Encoding: chunked", "0\r\n\r\n" + request(body, name), name));
        bad.put("400 a bare line feed", "POST /mcp HTTP/1.1\nHost: localhost\n\n");
        bad.put("413 too large", framed("Content-Length: 99999999", "", name));
        bad.put("431 a large header", request(body, name, "X: " + "x".repeat(100_000)));
        bad.put("505 HTTP/1.0", "GET /mcp HTTP/1.0\r\n\r\n");
        bad.put("401 no key", request(body, name).replace(key, "reeve_wrong"));
        bad.put("403 another Host", request(body, name).replace("Host: localhost", "Host: evil.example"));
        return bad;
    }

    @Test
    void everyWrongMessageIsRefusedReachesNobodyAndIsCounted() throws IOException, InterruptedException {
        try (CountingUpstream upstream = new CountingUpstream()) {
            Path home = Homes.home(
                    folder.resolve("home"), "up: { url: \"" + upstream.url() + "\", definitions: trust-first-use }");
            Homes.file(
                    home,
                    "policies/worker.yaml",
                    "agent_roles: { worker: { permissions: [ { resource: \"tool:up.work\", actions: [execute] } ] } }");
            try (Product product = Product.start(home)) {
                product.reeve("agent", "create", "worker", "--role", "worker");
                key = Text.find(
                        product.reeve("key", "create", "worker", "--json").out(),
                        "\"key\"\\s*:\\s*\"(reeve_[A-Za-z0-9]+)\"");
                Tools.waitUntilPinned(product, List.of("up"));
                URI agents = URI.create(product.mcp());
                for (Map.Entry<String, String> bad : hostile().entrySet()) {
                    String answer = answer(agents, bad.getValue());
                    assertTrue(
                            answer.startsWith("HTTP/1.1 " + bad.getKey().substring(0, 3)),
                            bad.getKey() + ": " + answer);
                    assertTrue(answer.contains("\"message\""), bad.getKey() + ": " + answer);
                }
                assertEquals(Set.of(), upstream.seen());
                String fine = answer(agents, request(work("\"fine\""), "Mcp-Name: up.work"));
                assertTrue(fine.startsWith("HTTP/1.1 200"), fine);
                assertEquals(Set.of("fine"), upstream.seen());
            }
            // What is counted is written down at the end at the latest.
            String record = Product.reeve(home, "audit", "search", "--limit", "0", "--json")
                    .out();
            assertTrue(
                    record.contains("mcp-http.malformed@worker") && record.contains("mcp-http.header_mismatch@worker"),
                    record);
            assertEquals(0, Product.reeve(home, "audit", "verify").exit());
        }
    }

    private static String answer(URI server, String request) throws IOException {
        try (Socket socket = new Socket(server.getHost(), server.getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            InputStream in = socket.getInputStream();
            StringBuilder text = new StringBuilder();
            try {
                for (int c = in.read(); c >= 0; c = in.read()) {
                    text.append((char) c);
                }
            } catch (java.net.SocketException e) {
                // It was reset after its answer, since we had more to say.
                return text.toString();
            }
            return text.toString();
        }
    }
}
