package dev.reeve.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Operation;
import dev.reeve.action.Operation.Offer;
import dev.reeve.action.Operation.ToolCall;
import dev.reeve.gate.Effect;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * Against other people's servers. Not in the default build: {@code REEVE_OUTSIDE_SERVERS} names a folder with {@code npm} and {@code python} as
 * {@code acceptance/outside} installs them.
 */
@Timeout(120)
@EnabledIfEnvironmentVariable(named = "REEVE_OUTSIDE_SERVERS", matches = ".+")
final class OutsideServersTest {
    private static final Path HOME = Path.of(System.getenv().getOrDefault("REEVE_OUTSIDE_SERVERS", "/"));

    private static List<String> everything(String... arguments) {
        List<String> argv = new ArrayList<>(List.of(
                "node",
                HOME.resolve("npm/node_modules/.bin/mcp-server-everything").toString()));
        argv.addAll(List.of(arguments));
        return argv;
    }

    private static List<String> python(String... arguments) {
        List<String> argv = new ArrayList<>(List.of(
                HOME.resolve("python/venv/bin/python").toString(),
                HOME.resolve("python/server.py").toString()));
        argv.addAll(List.of(arguments));
        return argv;
    }

    private static House stdio(List<String> argv) {
        return new House(new UpstreamSettings.Stdio(
                "up",
                Principal.DEFAULT_TENANT,
                false,
                UpstreamLimits.USUAL,
                java.util.Optional.empty(),
                argv,
                HOME,
                Map.of(),
                java.util.Optional.empty()));
    }

    private static Effect tool(House house, String name, Json.Obj arguments) {
        return house.servers.send(house.permits.of("k1", new ToolCall("up", name, arguments)), Exchange.silent());
    }

    private static int count(House house, Offer offer) {
        Effect effect =
                house.servers.send(house.permits.of("k1", new Operation.Listing("up", offer)), Exchange.silent());
        return ((Effect.Answered) effect)
                .result()
                .array(Listings.member(offer))
                .orElseThrow()
                .items()
                .size();
    }

    private static void everythingWorks(House house, String expectedRevision) throws Exception {
        Offers offers = house.servers.offers("up");
        assertEquals(expectedRevision, offers.revision());
        assertTrue(offers.tools().size() > 5);
        assertEquals(
                "Echo: hi",
                House.text(
                        tool(house, "echo", Json.object().put("message", "hi").build())));
        assertTrue(count(house, Offer.RESOURCES) > 0);
        assertTrue(count(house, Offer.RESOURCE_TEMPLATES) > 0);
        assertTrue(count(house, Offer.PROMPTS) > 0);
        BlockingQueue<Json.Obj> progress = new LinkedBlockingQueue<>();
        Json.Obj twoSteps = Json.object().put("duration", 1).put("steps", 2).build();
        Effect slow = house.servers.send(
                house.permits.of("k1", new ToolCall("up", "trigger-long-running-operation", twoSteps)),
                HttpUpstreamTest.watching(progress, new AtomicReference<>()));
        assertInstanceOf(Effect.Answered.class, slow);
        assertEquals(2, progress.size());
        assertInstanceOf(
                Effect.Answered.class,
                house.servers.send(
                        house.permits.of("k1", new Operation.PromptGet("up", "simple-prompt", Json.Obj.EMPTY)),
                        Exchange.silent()));
    }

    private static void ourServerWorks(House house, boolean fastmcp) throws Exception {
        Offers offers = house.servers.offers("up");
        assertEquals("2026-07-28", offers.revision());
        Json.Obj sum = Json.object().put("a", 2).put("b", 3).build();
        assertTrue(House.text(tool(house, "add", sum)).contains("5"));
        assertEquals(
                "hi",
                House.text(tool(house, "echo", Json.object().put("text", "hi").build())));
        BlockingQueue<Json.Obj> progress = new LinkedBlockingQueue<>();
        Json.Obj slow = Json.object().put("seconds", 1).put("steps", 2).build();
        Effect slept = house.servers.send(
                house.permits.of("k1", new ToolCall("up", "slow", slow)),
                HttpUpstreamTest.watching(progress, new AtomicReference<>()));
        assertInstanceOf(Effect.Answered.class, slept);
        assertEquals(2, progress.size());
        Effect asked = tool(house, "ask", Json.object().put("question", "why").build());
        assertFalse(asked instanceof Effect.Unknown || asked instanceof Effect.NotSent, House.code(asked));
        Effect failed = tool(house, "fail", Json.object().put("message", "no").build());
        assertTrue(((Effect.Answered) failed).toolError());
        Effect read = house.servers.send(
                house.permits.of("k1", new Operation.ResourceRead("up", "config://app")), Exchange.silent());
        assertInstanceOf(Effect.Answered.class, read, House.code(read));
        Effect prompt = house.servers.send(
                house.permits.of(
                        "k1",
                        new Operation.PromptGet(
                                "up", "review", Json.object().put("code", "x").build())),
                Exchange.silent());
        assertInstanceOf(Effect.Answered.class, prompt, House.code(prompt));
        cancelling(house);
        if (!fastmcp) {
            tool(house, "add_tool", Json.object().put("name", "fresh").build());
            house.awaitChange(UpstreamChange.What.TOOLS);
            // A child belongs to one principal, so Reeve's own would not show it.
            assertEquals(offers.tools().size() + 1, count(house, Offer.TOOLS));
            Json.Obj region = Json.object().put("region", "eu").put("text", "x").build();
            Effect regional = tool(house, "in_region", region);
            assertFalse(((Effect.Answered) regional).toolError(), House.code(regional));
        }
    }

    private static void cancelling(House house) throws Exception {
        AtomicReference<Runnable> stop = new AtomicReference<>();
        BlockingQueue<Json.Obj> progress = new LinkedBlockingQueue<>();
        Json.Obj slow = Json.object().put("seconds", 20).put("steps", 200).build();
        CompletableFuture<Effect> effect = house.inBackground(
                house.permits.of("k1", new ToolCall("up", "slow", slow)), HttpUpstreamTest.watching(progress, stop));
        assertTrue(progress.poll(60, TimeUnit.SECONDS) != null);
        House.stop(stop);
        assertEquals("unknown: outcome_unknown", House.code(effect.get(60, TimeUnit.SECONDS)));
        assertEquals(
                "hi",
                House.text(tool(house, "echo", Json.object().put("text", "hi").build())));
    }

    @Test
    void serverEverythingOverStdio() throws Exception {
        try (House house = stdio(everything("stdio"))) {
            everythingWorks(house, "2025-11-25");
        }
    }

    @Test
    void serverEverythingOverHttp() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        ProcessBuilder builder = new ProcessBuilder(everything("streamableHttp")).redirectErrorStream(true);
        builder.environment().put("PORT", "" + port);
        Process process = builder.start();
        String url = "http://127.0.0.1:" + port + "/mcp";
        try (House house = new House(House.http(url))) {
            awaitLine(process, "listening");
            everythingWorks(house, "2025-11-25");
            forgottenSession(house, url);
        } finally {
            process.destroyForcibly();
        }
    }

    /** This server answers 400 where the protocol says 404. */
    private static void forgottenSession(House house, String url) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(url))
                                .header("Content-Type", "application/json")
                                .header("Accept", "application/json, text/event-stream")
                                .header("Mcp-Session-Id", "nobody-knows-it")
                                .POST(HttpRequest.BodyPublishers.ofString(
                                        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertEquals(400, answer.statusCode());
        assertTrue(answer.body().toLowerCase(java.util.Locale.ROOT).contains("session"), answer.body());
        assertEquals(
                "Echo: hi",
                House.text(
                        tool(house, "echo", Json.object().put("message", "hi").build())));
    }

    @Test
    void pythonKitOverStdio() throws Exception {
        try (House house = stdio(python("stdio", "--sdk", "mcp"))) {
            ourServerWorks(house, false);
        }
    }

    @Test
    void fastMcpOverStdio() throws Exception {
        try (House house = stdio(python("stdio", "--sdk", "fastmcp"))) {
            ourServerWorks(house, true);
        }
    }

    @Test
    void pythonKitOverHttp() throws Exception {
        for (String mode : List.of("--sdk=mcp", "--stateless")) {
            overHttp(false, "http", "--port", "0", "--token", "sesame", mode);
        }
    }

    @Test
    void fastMcpOverHttp() throws Exception {
        overHttp(true, "http", "--port", "0", "--token", "sesame", "--sdk", "fastmcp");
    }

    private static void overHttp(boolean fastmcp, String... arguments) throws Exception {
        Process process = new ProcessBuilder(python(arguments))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            String line = awaitLine(process, "\"url\"");
            String url = line.replaceAll(".*\"url\": *\"([^\"]+)\".*", "$1");
            try (House house = new House(House.http(url))) {
                ourServerWorks(house, fastmcp);
            }
        } finally {
            process.destroyForcibly();
        }
    }

    private static String awaitLine(Process process, String part) throws IOException {
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (line.contains(part)) {
                Thread.startVirtualThread(() -> reader.lines().forEach(ignored -> {}));
                return line;
            }
        }
        throw new AssertionError("it ended without saying " + part);
    }
}
