package dev.reeve.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits through kill -9 under load: never a unit over, counted where the effects are. And the kill switch. */
final class BudgetTest {
    private static final int ROUNDS = Integer.getInteger("reeve.kills", 1);
    private static final int CLIENTS = 64;

    @TempDir
    Path folder;

    private final AtomicInteger next = new AtomicInteger();
    private final Set<String> answered = ConcurrentHashMap.newKeySet();

    @Test
    void neverACallOverThroughKillsAndThenEverythingIsStopped() throws Exception {
        int budget = 150 * (ROUNDS + 1);
        Random random = new Random(20261126);
        try (CountingUpstream upstream = new CountingUpstream()) {
            Path home = Homes.home(
                    folder.resolve("home"), "up: { url: \"" + upstream.url() + "\", definitions: trust-first-use }");
            Homes.file(home, "policies/worker.yaml", """
                    agent_roles: { worker: { permissions: [ { resource: "tool:up.work", actions: [execute] } ] } }
                    limits:
                      - { name: a-day, per: agent, count: calls, max: %d, window: 1d, tell: agent }
                      - { per: [agent, tool], count: bytes, max: 1GiB, window: 1d, worst: 1KiB }
                    """.formatted(budget));
            String key = KillTest.prepare(home);
            for (int round = 0; round < ROUNDS; round++) {
                runAndKill(home, key, 1 + random.nextInt(30));
                assertTrue(upstream.seen().size() <= budget, "round " + round + ": more than the limit");
            }
            spendTheRest(home, key, upstream, budget);
        }
    }

    @Test
    void aServerThatRunsCallsAndDisownsThemGivesNothingBack() throws Exception {
        try (CountingUpstream upstream = new CountingUpstream()) {
            Path home = Homes.home(
                    folder.resolve("home"), "up: { url: \"" + upstream.url() + "\", definitions: trust-first-use }");
            Homes.file(home, "policies/worker.yaml", """
                    agent_roles: { worker: { permissions: [ { resource: "tool:up.work", actions: [execute] } ] } }
                    limits: [ { name: a-day, per: agent, count: calls, max: 3, window: 1d, tell: agent } ]
                    """);
            String key = KillTest.prepare(home);
            try (Product product = Product.start(home)) {
                RawClient client = new RawClient(product.mcp(), key);
                for (int i = 0; i < 3; i++) {
                    String told = client.call("up.work", "{\"n\":\"" + CountingUpstream.RENOUNCED + "\"}")
                            .body();
                    assertTrue(told.contains("outcome_unknown") && told.contains("Do not simply repeat it"), told);
                }
                String fourth = client.call("up.work", "{\"n\":\"x\"}").body();
                assertTrue(fourth.contains("limit_reached"), fourth);
                assertEquals(3, upstream.calls(), "none was sent twice");
            }
        }
    }

    private void runAndKill(Path home, String key, int callsBeforeTheKill) throws IOException, InterruptedException {
        Product product = Product.start(home);
        CountDownLatch enough = new CountDownLatch(callsBeforeTheKill);
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CLIENTS; i++) {
                clients.execute(() -> callUntilDenied(product.mcp(), key, enough));
            }
            boolean served = enough.await(60, TimeUnit.SECONDS);
            product.kill();
            assertTrue(served, () -> "not enough calls were answered\n" + product.output());
        }
    }

    /** Until the limit is reached, or nobody answers any more. */
    private void callUntilDenied(String endpoint, String key, CountDownLatch enough) {
        RawClient client = new RawClient(endpoint, key);
        while (true) {
            String n = "n" + next.incrementAndGet();
            try {
                String body = client.call("up.work", "{\"n\":\"" + n + "\"}").body();
                if (body.contains("\"done\"")) {
                    answered.add(n);
                }
                enough.countDown();
                if (body.contains("limit_reached")) {
                    return;
                }
            } catch (IOException | InterruptedException e) {
                return;
            }
        }
    }

    private void spendTheRest(Path home, String key, CountingUpstream upstream, int budget) throws Exception {
        try (Product product = Product.start(home)) {
            try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < CLIENTS; i++) {
                    clients.execute(() -> callUntilDenied(product.mcp(), key, new CountDownLatch(0)));
                }
            }
            int happened = upstream.seen().size();
            assertTrue(happened <= budget, happened + " of " + budget);
            assertTrue(happened >= budget - ROUNDS * CLIENTS, "what a kill left open is all that is lost");
            String told = new RawClient(product.mcp(), key)
                    .call("up.work", "{\"n\":\"x\"}")
                    .body();
            assertTrue(told.contains("limit_reached") && told.contains("try again in"), told);
            System.out.println("limits: " + ROUNDS + " kills, " + happened + " of " + budget + " happened, "
                    + answered.size() + " answered");
            Homes.file(home, "policies/worker.yaml", """
                    agent_roles: { worker: { permissions: [ { resource: "tool:up.work", actions: [execute] } ] } }
                    """);
            stopEverything(product, key, upstream);
        }
    }

    /** What runs is cut off, what comes is refused, and it goes on when a person says so. */
    private void stopEverything(Product product, String key, CountingUpstream upstream) throws Exception {
        RawClient client = new RawClient(product.mcp(), key);
        while (client.call("up.work", "{\"n\":\"again\"}").body().contains("limit_reached")) {
            Thread.onSpinWait(); // until the file is read
        }
        try (ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> slow = calls.submit(() -> new RawClient(product.mcp(), key)
                    .call("up.work", "{\"n\":\"" + CountingUpstream.SLOW + "\"}")
                    .body());
            upstream.awaitSlow();
            assertEquals(
                    0, product.reeve("kill", "all", "--reason", "for the test").exit());
            assertTrue(slow.get(60, TimeUnit.SECONDS).contains("stopped_by_operator"));
        }
        assertTrue(client.call("up.work", "{\"n\":\"y\"}").body().contains("stopped_by_operator"));
        assertTrue(product.reeve("status").out().contains("stopped: all, stopped by"), "it is seen in the status");
        assertEquals(0, product.reeve("kill", "--undo", "all").exit());
        assertTrue(client.call("up.work", "{\"n\":\"z\"}").body().contains("\"done\""));
    }
}
