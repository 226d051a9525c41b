package dev.reeve.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Judges from outside: a provider that is spoken to in its own wire format, and the embedded one, before real calls. */
final class SoftGuardrailsTest {
    private static final String POLICY = """
            agent_roles: { worker: { permissions: [ { resource: "tool:up.work", actions: [execute] } ] } }
            soft_guardrails:
              - { name: watched, on: { tool: "up.*" }, judge: main, tell: agent }
            """;

    @TempDir
    Path folder;

    private final AtomicReference<String> level = new AtomicReference<>("low");

    /** Chat Completions, as the policy's author meets them. */
    private HttpServer provider() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/chat/completions", exchange -> {
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                String said = "{\\\"level\\\":\\\"" + level.get()
                        + "\\\",\\\"warning\\\":\\\"this is unusual\\\",\\\"suggestion\\\":\\\"ask first\\\",\\\"reason\\\":\\\"because\\\"}";
                byte[] bytes =
                        ("{\"choices\":[{\"index\":0,\"finish_reason\":\"stop\",\"message\":{\"role\":\"assistant\",\"content\":\""
                                        + said + "\"}}],\"usage\":{\"total_tokens\":300}}")
                                .getBytes(StandardCharsets.UTF_8);
                boolean up = !level.get().equals("down");
                exchange.sendResponseHeaders(up ? 200 : 503, up ? bytes.length : -1);
                if (up) {
                    exchange.getResponseBody().write(bytes);
                }
            }
        });
        server.start();
        return server;
    }

    private Path home(CountingUpstream upstream, HttpServer provider) throws IOException {
        Path home = Homes.home(
                folder.toRealPath().resolve("home"),
                "up: { url: \"" + upstream.url() + "\", definitions: trust-first-use }");
        Files.writeString(
                home.resolve("reeve.yaml"),
                Files.readString(home.resolve("reeve.yaml"))
                        + "judges:\n  main: { kind: openai, url: \"http://127.0.0.1:"
                        + provider.getAddress().getPort() + "/v1\", model: small, key: { secret: judge } }\n");
        Path keys = Files.createDirectories(home.resolve("user-config/reeve"));
        Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rwx------"));
        Path secrets = Files.writeString(keys.resolve("secrets.yaml"), "judge: sk-judge-0123456789\n");
        Files.setPosixFilePermissions(secrets, PosixFilePermissions.fromString("rw-------"));
        Homes.file(home, "policies/p.yaml", POLICY);
        return home;
    }

    @Test
    void highIsHeldMediumIsToldLowPassesAndWhatIsDownHolds() throws Exception {
        HttpServer provider = provider();
        try (CountingUpstream upstream = new CountingUpstream()) {
            Path home = home(upstream, provider);
            try (Product product = Product.start(home)) {
                RawClient client = new RawClient(product.mcp(), Agents.withKey(product, "worker"));
                Tools.waitUntilPinned(product, List.of("up"));
                String low = client.call("up.work", "{\"n\":\"low\"}").body();
                assertFalse(low.contains("unusual"), low);
                level.set("medium");
                String medium = client.call("up.work", "{\"n\":\"medium\"}").body();
                assertTrue(
                        medium.contains("done") && medium.contains("this is unusual; suggestion: ask first"), medium);
                level.set("high");
                String high = client.call("up.work", "{\"n\":\"high\"}").body();
                assertTrue(high.contains("judged_high") && high.contains("this is unusual"), high);
                assertTrue(
                        high.contains("/approvals/" + Text.find(high, "\"ticket\":\"([A-Za-z0-9_]+)\""))
                                && high.contains("make exactly the same call again"),
                        "people can answer it, as what a rule asks: " + high);
                assertTrue(
                        client.call("up.work", "{\"n\":\"low\"}").body().contains("done"),
                        "the same is not judged anew");
                level.set("down");
                String down = client.call("up.work", "{\"n\":\"down\"}").body();
                assertTrue(down.contains("judge_down") && !down.contains("answers 503"), down);
                assertTrue(down.contains("/approvals/"), down);
                assertEquals(Set.of("low", "medium"), upstream.seen());
                String record = product.reeve("audit", "search", "--json").out();
                assertTrue(record.contains("\"level\":\"medium\"") && record.contains("judged_medium"), record);
                assertFalse(record.contains("sk-judge"), "the key is nowhere");
                String status = product.reeve("status", "--json").out();
                assertTrue(status.contains("it answers 503"), status);
            }
        } finally {
            provider.stop(0);
        }
    }

    @Test
    void aJudgeThatIsNowhereIsAnErrorWithItsLine() throws Exception {
        HttpServer provider = provider();
        try (CountingUpstream upstream = new CountingUpstream()) {
            Path home = home(upstream, provider);
            Homes.file(home, "policies/p.yaml", POLICY.replace("judge: main", "judge: other"));
            Commands.Ran check = Product.reeve(home, "check");
            assertEquals(2, check.exit(), check.out());
            assertTrue(
                    check.out().contains("policies/p.yaml:3")
                            && check.out().contains("there is no judge `other`")
                            && check.out().contains("known are embedded, main"),
                    check.out());
        } finally {
            provider.stop(0);
        }
    }
}
