package dev.reeve.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.budget.Limit;
import dev.reeve.budget.Limits;
import dev.reeve.budget.Per;
import dev.reeve.budget.Quantity;
import dev.reeve.config.Home;
import dev.reeve.config.PolicyFiles;
import dev.reeve.config.PolicySet;
import dev.reeve.config.ReeveConfig;
import dev.reeve.config.ReeveFile;
import dev.reeve.metrics.Metrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits and prices as they are written. */
final class LimitFilesTest {
    private static final String PRICES = """
            prices:
              "*": { money: 0.001, currency: EUR }
              "llm.*": { tokens: { at: /structuredContent/used, worst: 8000 }, per_token: 0.000002, currency: EUR }
              llm.cheap: { money: { at: /structuredContent/cost, worst: 0.5 }, currency: EUR }
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @BeforeEach
    void home() throws IOException {
        Files.writeString(folder.resolve("reeve.yaml"), "keys: ./keys\n");
        Files.createDirectories(folder.resolve("policies"));
        Files.createDirectories(folder.resolve("catalog"));
    }

    private PolicyRoom.Checked check(String limits, String prices) throws Exception {
        Files.writeString(
                folder.resolve("policies/p.yaml"),
                "agent_roles: { clerk: { permissions: [ { resource: 'tool:up.t', actions: [execute] } ] } }\n"
                        + limits);
        Files.writeString(folder.resolve("catalog/c.yaml"), prices);
        ReeveConfig config = ReeveFile.read(Home.of(folder, Optional.empty(), Map.of()))
                .value()
                .orElseThrow();
        try (Foundation foundation = Foundation.open(config, new Metrics(), incident -> {})) {
            return PolicyRoom.check(folder, new PinnedSchemas(foundation.definitions(), () -> Set.of("up", "llm")));
        }
    }

    private Limits compiled(String limits, String prices) throws Exception {
        PolicyRoom.Checked checked = check(limits, prices);
        assertEquals(List.of(), checked.errors());
        return checked.policy().orElseThrow().limits();
    }

    private String refused(String limits, String prices) throws Exception {
        List<String> errors = check(limits, prices).errors();
        assertEquals(1, errors.size(), errors.toString());
        return errors.getFirst();
    }

    @Test
    void aLimitSaysByWhomWhatAndOverHowLong() throws Exception {
        Limits limits = compiled("""
                limits:
                  - { per: agent, count: calls, max: 600, window: 1m, tell: agent }
                  - { name: much, per: [agent, tool], count: bytes, max: 10MiB, window: 1d, worst: 1MiB, of: { tool: "up.*" } }
                  - { per: user, count: money, max: 20.00, currency: EUR, window: 1d }
                  - { per: everything, count: concurrent, max: 8 }
                  - { per: instance, count: repeats, max: 20, window: 1m }
                  - { per: agent, count: failures, max: 50, window: 5m, rest: 10m }
                """, PRICES);
        Limit calls = limits.all().getFirst();
        assertEquals(List.of(Per.AGENT), calls.per());
        assertEquals(600, calls.max());
        assertEquals(Optional.of(Duration.ofMinutes(1)), calls.window());
        assertEquals("policies/p.yaml", calls.ref().file());
        assertEquals(3, calls.ref().line());
        assertTrue(calls.tellAgent());
        Limit much = limits.all().get(1);
        assertEquals("much", much.ref().name());
        assertEquals(10 << 20, much.max());
        assertEquals(OptionalLong.of(1 << 20), much.worst());
        assertEquals(20_000_000_000L, limits.all().get(2).max());
        assertEquals(Quantity.CONCURRENT, limits.all().get(3).count());
        assertEquals(Optional.of(Duration.ofMinutes(10)), limits.all().get(5).rest());
        assertEquals(Duration.ofDays(1), limits.longest());
        assertEquals("EUR", limits.prices().currency());
        assertEquals(6, limits.all().stream().map(Limit::id).distinct().count());
    }

    @Test
    void whatIsMistakenIsSaidWithItsPlace() throws Exception {
        assertMistake("{ per: agent, count: calls, max: 5 }", "has no `window`");
        assertMistake("{ per: agent, count: concurrent, max: 5, window: 1m }", "has no `window`");
        assertMistake("{ per: agent, count: calls, max: 0, window: 1m }", "no amount of calls");
        assertMistake("{ per: agent, count: calls, max: 1.5, window: 1m }", "no amount of calls");
        assertMistake("{ per: agent, count: calls, max: 5, window: 1m, rest: 1m }", "`rest` means nothing");
        assertMistake("{ per: agent, count: calls, max: 5, window: 1m, worst: 1 }", "`worst` means nothing");
        assertMistake("{ per: agent, count: rows, max: 5, window: 1m, worst: 6 }", "more than `max`");
        assertMistake("{ per: [agent, everything], count: calls, max: 5, window: 1m }", "and apart");
        assertMistake("{ per: agent, count: money, max: 5, window: 1m, currency: USD }", "in `EUR`");
        assertMistake("{ per: agent, count: calls, max: 5, window: 1m, of: { role: boss } }", "unknown role `boss`");
        assertMistake("{ per: agent, count: calls, max: 5, window: 1m, of: { action: fly } }", "unknown action `fly`");
        assertMistake("{ per: agent, count: calls, max: 5, window: 99d }", "window");
    }

    private void assertMistake(String limit, String message) throws Exception {
        String error = refused("limits:\n  - " + limit + "\n", PRICES);
        assertTrue(error.contains(message), error);
        assertTrue(error.startsWith("policies/p.yaml:3"), error);
    }

    @Test
    void theSameCountTwiceIsAMistake() throws Exception {
        assertTrue(refused("""
                limits:
                  - { per: agent, count: calls, max: 5, window: 1m }
                  - { per: agent, count: calls, max: 9, window: 1m }
                """, "").contains("counts the same"));
    }

    @Test
    void pricesInTwoCurrenciesAreAMistake() throws Exception {
        String error = refused("", """
                prices:
                  a.b: { money: 1, currency: EUR }
                  c.d: { money: 1, currency: USD }
                """);
        assertTrue(error.contains("different currencies"), error);
    }

    @Test
    void whatCountsNothingOrIsEasilyPassedByIsAWarning() throws Exception {
        List<String> warnings = check("""
                limits:
                  - { per: agent, count: tokens, max: 5, window: 1m }
                  - { per: session, count: calls, max: 5, window: 1m }
                """, "").warnings();
        assertTrue(warnings.stream().anyMatch(one -> one.contains("nothing has a price")), warnings.toString());
        assertTrue(warnings.stream().anyMatch(one -> one.contains("another session")), warnings.toString());
    }

    @Test
    void aHigherLimitAndAnotherPriceMayAllowMore() throws Exception {
        PolicySet low = written("{ per: agent, count: calls, max: 5, window: 1m }", "prices: { a.b: { money: 1 } }\n");
        PolicySet lower =
                written("{ per: agent, count: calls, max: 4, window: 1m }", "prices: { a.b: { money: 1 } }\n");
        PolicySet cheap =
                written("{ per: agent, count: calls, max: 4, window: 1m }", "prices: { a.b: { money: 0.5 } }\n");
        assertEquals(List.of(), lower.widerThan(low));
        assertEquals(1, low.widerThan(lower).size());
        assertTrue(low.widerThan(lower).getFirst().toString().contains("limits"));
        assertEquals(2, cheap.widerThan(lower).size());
    }

    private PolicySet written(String limit, String prices) throws IOException {
        Files.writeString(folder.resolve("policies/p.yaml"), "limits:\n  - " + limit + "\n");
        Files.writeString(folder.resolve("catalog/c.yaml"), prices);
        return PolicyFiles.read(folder, PolicyRoom::schema).value().orElseThrow();
    }
}
