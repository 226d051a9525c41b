package dev.reeve.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Something given for a time, from outside: by a command, through kill -9, taken back while a call runs; and calls like one that was asked. */
final class GrantTest {
    private static final String POLICY = """
            agent_roles: { worker: { permissions: [ { resource: "tool:up.work", actions: [execute], conditions: ["arguments.n.startsWith('q')"] } ] } }
            rules:
              - { name: work-asks, require_approval: { tool: up.work }, when: "arguments.n.startsWith('q')", by: [ "user:ana" ], grant: { up_to: 1h } }
            grantable:
              work: { permissions: [ { resource: "tool:up.work", actions: [execute] } ], to: "work*", by: [ "user:ana" ], up_to: 1h }
            """;

    @TempDir
    Path folder;

    private String tokenFile(Product product, String person) throws IOException {
        Commands.Ran made = product.reeve("admin", "token", person);
        assertEquals(0, made.exit(), made.err());
        return Files.writeString(folder.resolve(person), made.out().strip()).toString();
    }

    private static String done(Commands.Ran ran) {
        assertEquals(0, ran.exit(), ran.err());
        return ran.out();
    }

    private static String works(RawClient client, String n) throws IOException, InterruptedException {
        return client.call("up.work", "{\"n\":\"" + n + "\"}").body();
    }

    private static Commands.Ran give(Product product, String token) {
        return product.reeve(
                "grants", "give", "work", "--to", "worker", "--for", "1h", "--reason", "4711", "--token-file", token);
    }

    @Test
    void whatIsGivenForATimeRunsUntilItIsTakenBack() throws Exception {
        try (CountingUpstream upstream = new CountingUpstream()) {
            Path home = Homes.home(
                    folder.resolve("home"), "up: { url: \"" + upstream.url() + "\", definitions: trust-first-use }");
            Homes.file(home, "policies/worker.yaml", POLICY);
            String key = KillTest.prepare(home);
            String ana;
            try (Product product = Product.start(home)) {
                RawClient client = new RawClient(product.mcp(), key);
                assertFalse(works(client, "a").contains("done"));
                ana = tokenFile(product, "ana");
                assertTrue(done(give(product, ana)).contains("given until"));
                assertTrue(works(client, "a").contains("done"));
                product.kill();
            }
            try (Product product = Product.start(home)) {
                RawClient client = new RawClient(product.mcp(), key);
                assertTrue(works(client, "b").contains("done"), "it outlives kill -9");
                String listed = done(product.reeve("grants", "list"));
                String id = Text.find(listed, "(g_[A-Za-z0-9]+)");
                assertTrue(listed.contains("worker") && listed.contains("ana"), listed);
                explained(product, id);
                cutWhenTakenBack(product, client, upstream, id, ana);
                assertFalse(works(client, "c").contains("done"));
                callsLikeOneThatWasAsked(product, client, ana);
            }
            String acts = done(Product.reeve(home, "audit", "search", "--limit", "0", "--json"));
            assertTrue(acts.contains("grant_give") && acts.contains("grant_revoke"), acts);
            assertEquals(0, Product.reeve(home, "audit", "verify").exit());
        }
    }

    private static void explained(Product product, String id) {
        Commands.Ran explained = product.reeve(
                "policy",
                "explain",
                "--agent",
                "worker",
                "--role",
                "worker",
                "--tool",
                "up.work",
                "--args",
                "{\"n\":\"a\"}");
        assertTrue(
                explained.out().contains("granted") && explained.out().contains(id), explained.out() + explained.err());
    }

    private static void cutWhenTakenBack(
            Product product, RawClient client, CountingUpstream upstream, String id, String ana) throws Exception {
        CompletableFuture<String> slow = CompletableFuture.supplyAsync(() -> {
            try {
                return works(client, CountingUpstream.SLOW);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        upstream.awaitSlow();
        done(product.reeve("grants", "revoke", id, "--reason", "enough", "--token-file", ana));
        String answer = slow.get(60, TimeUnit.SECONDS);
        assertTrue(answer.contains("Code: condition_failed"), answer);
    }

    private static void callsLikeOneThatWasAsked(Product product, RawClient client, String ana) throws Exception {
        String ticket = Text.find(works(client, "q1"), "\"ticket\":\"([A-Za-z0-9_]+)\"");
        String granted = done(product.reeve(
                "approvals",
                "approve",
                ticket,
                "--for",
                "10m",
                "--free",
                "n",
                "--reason",
                "fine",
                "--token-file",
                ana));
        assertTrue(granted.contains("granted for a time, as g_"), granted);
        for (String n : List.of("q1", "q2", "q2")) {
            assertTrue(works(client, n).contains("done"), n);
        }
        assertFalse(works(client, "z").contains("done"), "it grants nothing that no role allows");
    }
}
