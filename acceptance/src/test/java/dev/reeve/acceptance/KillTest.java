package dev.reeve.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 under load, again and again: what was answered is recorded whole, and nothing happened that was not recorded before. */
final class KillTest {
    private static final int ROUNDS = Integer.getInteger("reeve.kills", 8);
    private static final int CLIENTS = 8;
    private static final Pattern NUMBER = Pattern.compile("\"n\":\"([^\"]+)\"");
    private static final Pattern STATUS = Pattern.compile("\"result\":\\{\"status\":\"([a-z_]+)\"");

    @TempDir
    Path folder;

    private final Set<String> answered = ConcurrentHashMap.newKeySet();
    private final AtomicInteger next = new AtomicInteger();

    @Test
    void whatWasAnsweredIsRecordedAndNothingRanUnrecorded() throws IOException, InterruptedException {
        long seed = 20261124;
        Random random = new Random(seed);
        try (CountingUpstream upstream = new CountingUpstream()) {
            Path home = Homes.home(
                    folder.resolve("home"), "up: { url: \"" + upstream.url() + "\", definitions: trust-first-use }");
            Homes.file(
                    home,
                    "policies/worker.yaml",
                    "agent_roles: { worker: { permissions: [ { resource: \"tool:up.work\", actions: [execute] } ] } }");
            String key = prepare(home);
            for (int round = 0; round < ROUNDS; round++) {
                runAndKill(home, key, 5 + random.nextInt(120));
            }
            // One last start reports what the last kill left open.
            Product.start(home).close();
            check(home, upstream.seen(), "seed " + seed);
        }
    }

    static String prepare(Path home) throws IOException, InterruptedException {
        try (Product product = Product.start(home)) {
            assertEquals(
                    0,
                    product.reeve("agent", "create", "worker", "--role", "worker")
                            .exit());
            Commands.Ran made = product.reeve("key", "create", "worker", "--json");
            Tools.waitUntilPinned(product, List.of("up"));
            return Text.find(made.out(), "\"key\"\\s*:\\s*\"(reeve_[A-Za-z0-9]+)\"");
        }
    }

    private void runAndKill(Path home, String key, int callsBeforeTheKill) throws IOException, InterruptedException {
        Product product = Product.start(home);
        CountDownLatch enough = new CountDownLatch(callsBeforeTheKill);
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CLIENTS; i++) {
                clients.execute(() -> callUntilDead(product.mcp(), key, enough));
            }
            boolean served = enough.await(30, TimeUnit.SECONDS);
            product.kill();
            assertTrue(served, () -> "not enough calls were answered\n" + product.output());
        }
    }

    private void callUntilDead(String endpoint, String key, CountDownLatch enough) {
        RawClient client = new RawClient(endpoint, key);
        while (true) {
            String n = "n" + next.incrementAndGet();
            try {
                String body = client.call("up.work", "{\"n\":\"" + n + "\"}").body();
                if (body.contains("\"done\"")) {
                    answered.add(n);
                }
                enough.countDown();
            } catch (IOException | InterruptedException e) {
                return;
            }
        }
    }

    private void check(Path home, Set<String> happened, String seed) {
        Commands.Ran verified = Product.reeve(home, "audit", "verify");
        assertEquals(0, verified.exit(), () -> seed + "\n" + verified.out() + verified.err());
        Commands.Ran events = Product.reeve(home, "audit", "search", "--limit", "0", "--json");
        assertEquals(0, events.exit(), events.err());
        Map<String, String> recorded = new ConcurrentHashMap<>();
        events.out().lines().forEach(line -> {
            Matcher number = NUMBER.matcher(line);
            Matcher status = STATUS.matcher(line);
            if (number.find() && status.find()) {
                recorded.put(number.group(1), status.group(1));
            }
        });
        Set<String> lost = new TreeSet<>(answered);
        lost.removeIf(n -> "success".equals(recorded.get(n)));
        assertEquals(Set.of(), lost, () -> seed + ": answered, and not recorded as a success");
        Set<String> unrecorded = new TreeSet<>(happened);
        unrecorded.removeAll(recorded.keySet());
        assertEquals(Set.of(), unrecorded, () -> seed + ": happened upstream without an intent");
        assertFalse(
                recorded.containsValue("pending"),
                () -> seed + ": an unfinished call was not reported as outcome_unknown");
        System.out.println("kill -9: " + ROUNDS + " rounds, " + answered.size() + " answered, " + happened.size()
                + " happened, "
                + recorded.values().stream().filter("outcome_unknown"::equals).count() + " reported as unknown");
    }
}
