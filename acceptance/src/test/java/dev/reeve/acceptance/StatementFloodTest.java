package dev.reeve.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Short statements that come to more than memory or time can hold, from outside: each is that call's denial, and nothing else (R8). */
final class StatementFloodTest {
    private static final String CATALOGUE = """
            resources: { crm: { database: { dialect: postgresql, schema: crm.sql } } }
            tools: { up.work: { acts_on: crm, sql: arguments.n } }
            """;

    private static final String POLICY = """
            agent_roles:
              worker: { permissions: [ { resource: crm, actions: [query] } ] }
              stranger: { permissions: [ { resource: "tool:up.other", actions: [execute] } ] }
            """;

    private static final int AT_ONCE = 16;

    @TempDir
    Path folder;

    private static String many(int count, String between, IntFunction<String> one) {
        return IntStream.range(0, count).mapToObj(one).collect(Collectors.joining(between));
    }

    private static final List<String> STATEMENTS = List.of(
            "SELECT " + many(2_000, ",", i -> "*") + " FROM " + many(400, ",", i -> "customers a" + i),
            "WITH a0 AS (SELECT id FROM customers), "
                    + many(24, ", ", i -> "a" + (i + 1) + " AS (SELECT x.*, y.* FROM a" + i + " x, a" + i + " y)")
                    + " SELECT 1",
            "WITH q AS (SELECT " + many(600, ",", i -> "1 AS d" + i) + ") SELECT * FROM q a"
                    + many(60, "", i -> " NATURAL JOIN q a" + i),
            "SELECT 1 FROM " + many(2_600, ",", i -> "customers a" + i));

    private static String argument(String sql) {
        return "{\"n\":\"" + sql + "\"}";
    }

    private static String key(Product product, String agent) throws Exception {
        assertEquals(0, product.reeve("agent", "create", agent, "--role", agent).exit());
        return Text.find(
                product.reeve("key", "create", agent, "--json").out(), "\"key\"\\s*:\\s*\"(reeve_[A-Za-z0-9]+)\"");
    }

    @Test
    void statementsThatComeToTooMuchAreDeniedAndADenyStillComesInForce() throws Exception {
        try (CountingUpstream upstream = new CountingUpstream()) {
            Path home = Homes.home(
                    folder.resolve("home"), "up: { url: \"" + upstream.url() + "\", definitions: trust-first-use }");
            Homes.file(home, "catalog/crm.sql", "CREATE TABLE customers (id INT, name TEXT, email TEXT);");
            Homes.file(home, "catalog/crm.yaml", CATALOGUE);
            Homes.file(home, "policies/p.yaml", POLICY);
            try (Product product = Product.start(home)) {
                RawClient worker = new RawClient(product.mcp(), key(product, "worker"));
                RawClient stranger = new RawClient(product.mcp(), key(product, "stranger"));
                Tools.waitUntilPinned(product, List.of("up"));
                try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
                    List<Future<Boolean>> all = IntStream.range(0, AT_ONCE)
                            .mapToObj(i -> clients.submit(() -> flood(worker, stranger)))
                            .toList();
                    for (Future<Boolean> one : all) {
                        assertTrue(one.get());
                    }
                }
                String honest = worker.call("up.work", argument("SELECT id FROM customers"))
                        .body();
                assertTrue(honest.contains("\"result\"") && !honest.contains("\"isError\":true"), honest);
                Homes.file(home, "policies/q.yaml", "rules: [ { deny: { tool: up.work } } ]\n");
                String last = honest;
                long end = System.nanoTime() + 30_000_000_000L;
                while (!last.contains("nknown tool") && System.nanoTime() < end) {
                    last = worker.call("up.work", argument("SELECT id FROM customers"))
                            .body();
                }
                assertTrue(last.contains("nknown tool"), last);
            }
        }
    }

    private static boolean flood(RawClient worker, RawClient stranger) throws Exception {
        for (String sql : STATEMENTS) {
            String refused = worker.call("up.work", argument(sql)).body();
            assertTrue(refused.contains("the SQL is not accepted"), refused);
            String unseen = stranger.call("up.work", argument(sql)).body();
            assertTrue(unseen.contains("nknown tool"), unseen);
        }
        return true;
    }
}
