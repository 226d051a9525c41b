package dev.reeve.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long the kill switch takes: from the sending of {@code POST /v1/kills} until a call that runs is cut off and its client has read why, and until
 * the order is answered, which is when its record and its row are durable. The upstream never answers. Reeve is as it is shipped.
 *
 * <p>Run in the folder {@code bench}: {@code java -cp ... dev.reeve.bench.KillBench [rounds]}.
 */
final class KillBench implements AutoCloseable {
    private static final int WARM_UPS = 20;
    private static final Pattern READY = Pattern.compile("ready: agents (\\S+) control (\\S+)");
    private static final Pattern KEY = Pattern.compile("\"key\"\\s*:\\s*\"(reeve_[A-Za-z0-9]+)\"");
    private static final Pattern TOKEN = Pattern.compile("reevea_[A-Za-z0-9]+");
    private static final String META =
            "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{},"
                    + "\"io.modelcontextprotocol/clientInfo\":{\"name\":\"bench\",\"version\":\"1\"}}";

    private final HttpServer upstream;
    private final SynchronousQueue<CountDownLatch> running = new SynchronousQueue<>();
    private final HttpClient http = HttpClient.newHttpClient();

    private KillBench() throws IOException {
        upstream = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        upstream.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        upstream.createContext("/mcp", this::serve);
        upstream.start();
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 100;
        Path folder = Files.createTempDirectory(Path.of("").toAbsolutePath().resolve("target"), "kill-bench");
        try (KillBench bench = new KillBench()) {
            bench.run(folder, rounds);
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (body.contains("\"tools/call\"")) {
            CountDownLatch end = new CountDownLatch(1);
            try {
                running.put(end);
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
            return;
        }
        byte[] answer = BenchUpstream.answer(body).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    private void run(Path folder, int rounds) throws IOException, InterruptedException {
        Path home = home(folder);
        try (OtherProcess reeve = OtherProcess.start(OtherProcess.reeve("serve", home), folder.resolve("reeve.err"))) {
            Matcher ready = ready(reeve);
            OtherProcess.finish(OtherProcess.reeve("agent create clerk --role clerk", home));
            Matcher key = KEY.matcher(OtherProcess.finish(OtherProcess.reeve("key create clerk --json", home)));
            if (!key.find()) {
                throw new IllegalStateException("no key was made");
            }
            Matcher token = TOKEN.matcher(OtherProcess.finish(OtherProcess.reeve("admin token ana", home)));
            if (!token.find()) {
                throw new IllegalStateException("no token was made");
            }
            long[] cut = new long[rounds];
            long[] told = new long[rounds];
            for (int i = -WARM_UPS; i < rounds; i++) {
                long[] took = round(ready.group(1) + "/up", ready.group(2), key.group(1), token.group());
                if (i >= 0) {
                    cut[i] = took[0];
                    told[i] = took[1];
                }
            }
            print("a running call is cut off", cut);
            print("the order is answered", told);
        }
    }

    /** Nanoseconds until the call was cut off, and until the order was answered. */
    private long[] round(String agents, String control, String key, String token)
            throws IOException, InterruptedException {
        CompletableFuture<Long> cut = http.sendAsync(call(agents, key), HttpResponse.BodyHandlers.ofString())
                .thenApply(KillBench::stopped);
        CountDownLatch upstreamsEnd = running.take();
        long start = System.nanoTime();
        http.send(order(control + "/v1/kills", token), HttpResponse.BodyHandlers.ofString());
        long told = System.nanoTime() - start;
        long took = cut.join() - start;
        upstreamsEnd.countDown();
        int status = http.send(order(control + "/v1/kills/undo", token), HttpResponse.BodyHandlers.ofString())
                .statusCode();
        if (status != 200) {
            throw new IllegalStateException("it did not go on: " + status);
        }
        return new long[] {took, told};
    }

    private static long stopped(HttpResponse<String> answer) {
        if (!answer.body().contains("stopped_by_operator")) {
            throw new IllegalStateException(answer.statusCode() + " " + answer.body());
        }
        return System.nanoTime();
    }

    private static HttpRequest call(String agents, String key) {
        String body =
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"lookup\",\"arguments\":{\"customer\":\"c\"},"
                        + META + "}}";
        return HttpRequest.newBuilder(URI.create(agents))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .header("MCP-Protocol-Version", "2026-07-28")
                .header("Mcp-Method", "tools/call")
                .header("Mcp-Name", "lookup")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private static HttpRequest order(String url, String token) {
        return HttpRequest.newBuilder(URI.create(url))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"scope\":\"agent\",\"name\":\"clerk\"}"))
                .build();
    }

    private static void print(String what, long[] nanos) {
        Arrays.sort(nanos);
        System.out.printf(
                Locale.ROOT,
                "%s: %d rounds, p50 %.1f ms, p99 %.1f ms, most %.1f ms%n",
                what,
                nanos.length,
                nanos[nanos.length / 2] / 1e6,
                nanos[(int) (nanos.length * 0.99)] / 1e6,
                nanos[nanos.length - 1] / 1e6);
    }

    private Path home(Path folder) throws IOException {
        Path home = Files.createDirectories(folder.resolve("home"));
        Files.createDirectories(home.resolve("policies"));
        Files.createDirectories(home.resolve("catalog"));
        Files.writeString(
                home.resolve("reeve.yaml"), """
                listen: { agents: { address: "127.0.0.1:0" }, control: "127.0.0.1:0" }
                data: ./reeve-data
                keys: ./keys
                upstreams: { up: { url: "http://127.0.0.1:%d/mcp", definitions: trust-first-use, sessions: stateless } }
                """.formatted(upstream.getAddress().getPort()));
        Files.writeString(
                home.resolve("policies/rules.yaml"),
                "agent_roles: { clerk: { permissions: [ { resource: \"tool:up.*\", actions: [execute] } ] } }\n");
        return home;
    }

    private static Matcher ready(OtherProcess reeve) throws IOException {
        BufferedReader output =
                new BufferedReader(new InputStreamReader(reeve.process().getInputStream(), StandardCharsets.UTF_8));
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            Matcher ready = READY.matcher(line);
            if (ready.find()) {
                return ready;
            }
        }
        throw new IllegalStateException("reeve did not start");
    }

    @Override
    public void close() {
        http.close();
        upstream.stop(0);
    }
}
