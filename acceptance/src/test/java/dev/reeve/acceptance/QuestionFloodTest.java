package dev.reeve.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent that asks people as much as it can, from outside: nothing fills up, and Reeve starts again (R8, R15). */
final class QuestionFloodTest {
    private static final String POLICY = """
            agent_roles: { worker: { permissions: [ { resource: "tool:up.work", actions: [execute] } ] } }
            rules:
              - { name: work-asks, require_approval: { tool: up.work }, by: [ "user:ana" ] }
            """;

    private static final int REPEATS = 320;

    @TempDir
    Path folder;

    private static String arguments(int number, int length) {
        return "{\"n\":\"" + number + "x".repeat(length) + "\"}";
    }

    @Test
    void largeAndRepeatedQuestionsFillNeitherMemoryNorTheRecord() throws Exception {
        try (CountingUpstream upstream = new CountingUpstream()) {
            Path home = Homes.home(
                    folder.resolve("home"), "up: { url: \"" + upstream.url() + "\", definitions: trust-first-use }");
            Homes.file(home, "policies/worker.yaml", POLICY);
            String key = KillTest.prepare(home);
            String waiting;
            try (Product product = Product.start(home)) {
                Tools.waitUntilPinned(product, List.of("up"));
                RawClient client = new RawClient(product.mcp(), key);
                for (int i = 0; i < 5; i++) {
                    String large = client.call("up.work", arguments(i, 3 << 20)).body();
                    assertTrue(large.contains("too_large_to_ask") && large.contains("smaller parts"), large);
                }
                List<String> answers = new ArrayList<>();
                for (int i = 0; i < 12; i++) {
                    answers.add(client.call("up.work", arguments(i, 60 << 10)).body());
                }
                assertTrue(answers.getFirst().contains("approval_required"), answers.getFirst());
                assertTrue(answers.getLast().contains("too_many_approvals"), answers.getLast());
                waiting = Text.find(answers.getFirst(), "\"ticket\":\"([A-Za-z0-9_]+)\"");
                for (int i = 0; i < REPEATS; i++) {
                    assertEquals(
                            waiting,
                            Text.find(
                                    client.call("up.work", arguments(0, 60 << 10))
                                            .body(),
                                    "\"ticket\":\"([A-Za-z0-9_]+)\""));
                }
                product.kill();
            }
            try (Product product = Product.start(home)) {
                Commands.Ran shown = product.reeve("approvals", "list");
                assertEquals(0, shown.exit(), shown.err());
                assertTrue(shown.out().contains(waiting), shown.out());
                String record = product.reeve("audit", "search", "--limit", "0", "--json")
                        .out();
                long holds = Pattern.compile("\"kind\":\"hold\"")
                        .matcher(record)
                        .results()
                        .count();
                assertTrue(holds > 8 && holds < REPEATS, holds + " records of " + REPEATS + " repeats");
            }
        }
    }
}
