package dev.reeve.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A call that waits for a person as a task, from outside: by hand, through kill -9, and with somebody else's client. */
final class ApprovalTaskTest {
    private static final String POLICY = """
            agent_roles: { worker: { permissions: [ { resource: "tool:up.work", actions: [execute] } ] } }
            rules:
              - { name: work-asks, require_approval: { tool: up.work }, by: [ "user:ana" ], grant: { up_to: 1h } }
            """;

    @TempDir
    Path folder;

    private interface Look {
        String now() throws IOException, InterruptedException;
    }

    /** What is seen once it has this in it. */
    private static String until(String wanted, Look look) throws IOException, InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        String seen = look.now();
        while (!seen.contains(wanted)) {
            assertTrue(System.nanoTime() < end, () -> "no `" + wanted + "` within 60 s");
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            seen = look.now();
        }
        return seen;
    }

    private static String ticket(String body) {
        return Text.find(body, "\"ticket\":\"([A-Za-z0-9_]+)\"");
    }

    private static String id(String body) {
        return Text.find(body, "\"taskId\":\"([^\"]+)\"");
    }

    private static String calls(RawClient client, String n) throws IOException, InterruptedException {
        return client.withTasks("tools/call", "up.work", "\"name\":\"up.work\",\"arguments\":{\"n\":\"" + n + "\"}")
                .body();
    }

    private static String ask(RawClient client, String method, String id) throws IOException, InterruptedException {
        return client.withTasks(method, id, "\"taskId\":\"" + id + "\"").body();
    }

    private Path token(Product product) throws IOException {
        Commands.Ran made = product.reeve("admin", "token", "ana");
        assertEquals(0, made.exit(), made.err());
        return Files.writeString(folder.resolve("token"), made.out().strip());
    }

    private static void answers(Product product, String deed, String ticket, Path token, String... more) {
        List<String> words = with(
                List.of("approvals", deed, ticket, "--reason", "so be it", "--token-file", token.toString()), more);
        Commands.Ran done = product.reeve(words.toArray(String[]::new));
        assertEquals(0, done.exit(), done.err());
    }

    private Path home(CountingUpstream upstream) throws IOException {
        Path home = Homes.home(
                folder.resolve("home"), "up: { url: \"" + upstream.url() + "\", definitions: trust-first-use }");
        Homes.file(home, "policies/worker.yaml", POLICY);
        return home;
    }

    @Test
    void itWaitsRunsOnceAndEndsWhateverPeopleSay() throws Exception {
        try (CountingUpstream upstream = new CountingUpstream()) {
            Path home = home(upstream);
            String key = KillTest.prepare(home);
            String waits;
            Path token;
            try (Product product = Product.start(home)) {
                Tools.waitUntilPinned(product, List.of("up"));
                RawClient client = new RawClient(product.mcp(), key);
                token = token(product);
                approved(product, client, upstream, token);
                deniedAndCancelled(product, client, token);
                waits = calls(client, "later");
                assertTrue(waits.contains("\"resultType\":\"task\""), waits);
                product.kill();
            }
            assertEquals(Set.of("a", "g"), upstream.seen());
            try (Product product = Product.start(home)) {
                RawClient client = new RawClient(product.mcp(), key);
                afterAKill(product, client, waits, token);
            }
            assertEquals(Set.of("a", "g", "later"), upstream.seen());
            assertEquals(0, Product.reeve(home, "audit", "verify").exit());
        }
    }

    private static void approved(Product product, RawClient client, CountingUpstream upstream, Path token)
            throws IOException, InterruptedException {
        String begun = calls(client, "a");
        assertTrue(begun.contains("\"resultType\":\"task\"") && begun.contains("\"status\":\"working\""), begun);
        String waits = ask(client, "tasks/get", id(begun));
        assertTrue(waits.contains("/approvals/" + ticket(begun)), waits);
        assertFalse(waits.contains("work-asks"), "what the rule does not tell");
        assertEquals(Set.of(), upstream.seen());
        answers(product, "approve", ticket(begun), token);
        String done = until("\"completed\"", () -> ask(client, "tasks/get", id(begun)));
        assertTrue(done.contains("\"text\":\"done\""), done);
        assertEquals(done, ask(client, "tasks/get", id(begun)), "fetched again, run once");
        String granted = calls(client, "g");
        answers(product, "approve", ticket(granted), token, "--for", "1h");
        until("\"completed\"", () -> ask(client, "tasks/get", id(granted)));
        assertFalse(product.reeve("approvals", "list").out().contains("pending"), "nobody is asked again");
        Commands.Ran found = product.reeve("audit", "search", "--limit", "0", "--json");
        assertEquals(1, found.out().split("\"approval_redeem\"", -1).length - 1, found.out());
    }

    private static void deniedAndCancelled(Product product, RawClient client, Path token)
            throws IOException, InterruptedException {
        String refused = calls(client, "b");
        answers(product, "deny", ticket(refused), token);
        String denied = until("\"completed\"", () -> ask(client, "tasks/get", id(refused)));
        assertTrue(denied.contains("approval_denied") && denied.contains("\"isError\":true"), denied);
        String unwanted = calls(client, "c");
        ask(client, "tasks/cancel", id(unwanted));
        until("\"cancelled\"", () -> ask(client, "tasks/get", id(unwanted)));
        Commands.Ran withdrawn = product.reeve("approvals", "list", "--state", "withdrawn");
        assertTrue(withdrawn.out().contains(ticket(unwanted)), withdrawn.out());
    }

    /** The task is gone and says so; what a person says afterwards counts for the same call. */
    private static void afterAKill(Product product, RawClient client, String waits, Path token)
            throws IOException, InterruptedException {
        String gone = ask(client, "tasks/get", id(waits));
        assertTrue(gone.contains("-32602") && gone.contains("Reeve was started again"), gone);
        answers(product, "approve", ticket(waits), token);
        String done = calls(client, "later");
        assertTrue(done.contains("\"text\":\"done\""), done);
        assertNotEquals(ticket(waits), ticket(calls(client, "later")), "it is used");
    }

    @Test
    void aForeignClientWaitsUntilAPersonAnswersAndCancels() throws Exception {
        Path npm = Outside.npm();
        try (CountingUpstream upstream = new CountingUpstream()) {
            Path home = home(upstream);
            String key = KillTest.prepare(home);
            try (Product product = Product.start(home)) {
                Tools.waitUntilPinned(product, List.of("up"));
                List<String> command =
                        Outside.node("task-client.mjs", product.mcp(), "--token", key, "--call", "up.work");
                Pattern began = Pattern.compile("\\{\"kind\":\"(\\w+)\"}");
                try (Running client = Running.start(npm, Map.of(), began, with(command, "--args", "{\"n\":\"a\"}"))) {
                    assertEquals("task", client.matched());
                    watched(product, home);
                    String outcome = client.line();
                    assertTrue(outcome.contains("\"status\":\"completed\"") && outcome.contains("\"done\""), outcome);
                }
                Commands.Ran cancelled =
                        Commands.run(npm, Map.of(), 90, with(command, "--args", "{\"n\":\"b\"}", "--cancel"));
                assertTrue(cancelled.out().contains("cancelled"), cancelled.out() + cancelled.err());
                until(
                        "withdrawn",
                        () -> product.reeve("approvals", "list", "--state", "withdrawn")
                                .out());
            }
            assertEquals(Set.of("a"), upstream.seen());
        }
    }

    /** Somebody who looks on sees that it waits, and what became of it. */
    private void watched(Product product, Path home) throws IOException, InterruptedException {
        try (Running watch = Running.start(
                folder,
                Map.of("XDG_CONFIG_HOME", home.resolve("user-config").toString()),
                Pattern.compile("^(\\w+)  pending  worker  up\\.work  work-asks"),
                Product.java("approvals", "list", "--watch", "--home", home.toString()))) {
            answers(product, "approve", watch.matched(), token(product));
            String then = watch.line();
            assertTrue(then.matches(watch.matched() + "  (approved|redeemed)  worker  .*"), then);
        }
    }

    private static List<String> with(List<String> command, String... more) {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(more));
        return all;
    }
}
