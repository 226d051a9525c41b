package dev.reeve.acceptance;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An MCP server (2026-07-28) with one tool, {@code work(n)}, that remembers every {@code n} that really reached it. */
final class CountingUpstream implements AutoCloseable {
    private static final Pattern ID = Pattern.compile("\"id\":(\\d+|\"[^\"]+\")");
    private static final Pattern NUMBER = Pattern.compile("\"n\":\"([^\"]+)\"");
    private static final String CACHE = "\"resultType\":\"complete\",\"ttlMs\":0,\"cacheScope\":\"private\"";

    private final CountDownLatch waiting = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    /** A call of this is counted, and then refused as if it had not been taken: the revision is not known any more. */
    static final String RENOUNCED = "renounced";

    private final AtomicInteger calls = new AtomicInteger();
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    private final String says;

    CountingUpstream() throws IOException {
        this("done");
    }

    /** @param says in its answer to each call; nothing that JSON escapes */
    CountingUpstream(String says) throws IOException {
        this.says = says;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
        server.setExecutor(workers);
        server.createContext("/mcp", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/mcp";
    }

    /** Every {@code n} that arrived. */
    Set<String> seen() {
        return seen;
    }

    /** How many calls were run. */
    int calls() {
        return calls.get();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestMethod().equals("POST")) {
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Matcher id = ID.matcher(body);
            String answer =
                    "{\"jsonrpc\":\"2.0\",\"id\":" + (id.find() ? id.group(1) : "null") + "," + result(body) + "}";
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private String result(String body) {
        if (body.contains("\"tools/call\"")) {
            Matcher number = NUMBER.matcher(body);
            calls.incrementAndGet();
            if (number.find()) {
                if (number.group(1).equals(RENOUNCED)) {
                    return "\"error\":{\"code\":-32022,\"message\":\"Unsupported protocol version\"}";
                }
                seen.add(number.group(1));
                if (number.group(1).equals(SLOW)) {
                    waitUntilReleased();
                }
            }
            return "\"result\":{\"resultType\":\"complete\",\"content\":[{\"type\":\"text\",\"text\":\"" + says
                    + "\"}],\"isError\":false}";
        }
        if (body.contains("\"tools/list\"")) {
            return "\"result\":{" + CACHE
                    + ",\"tools\":[{\"name\":\"work\",\"inputSchema\":{\"type\":\"object\",\"properties\":"
                    + "{\"n\":{\"type\":\"string\"}},\"required\":[\"n\"]}}]}";
        }
        if (body.contains("\"server/discover\"")) {
            return "\"result\":{" + CACHE + ",\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":{\"tools\":{}}}";
        }
        return "\"error\":{\"code\":-32601,\"message\":\"Method not found\"}";
    }

    /** A call that is answered only when this server ends. */
    static final String SLOW = "slow";

    private void waitUntilReleased() {
        waiting.countDown();
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns once the slow call is here. */
    void awaitSlow() throws InterruptedException {
        waiting.await();
    }

    @Override
    public void close() {
        released.countDown();
        server.stop(0);
        workers.close();
    }
}
