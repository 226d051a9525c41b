package dev.reeve.cli;

import dev.reeve.control.AuditRoutes;
import dev.reeve.control.Readings;
import dev.reeve.json.Json;
import dev.reeve.metrics.Metrics;
import dev.reeve.policy.Glob;
import dev.reeve.search.EventSearch;
import dev.reeve.search.Pace;
import dev.reeve.search.SearchUnavailableException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;

/** Reading the record of the running process: the index that follows it, and the routes over it. */
final class AuditRoom implements AutoCloseable {
    /** How long the index waits for more while nobody searches: larger pieces cost less. */
    private static final Duration EVERY = Duration.ofSeconds(2);

    private final EventSearch search;
    private final Readings readings;
    private final AuditRoutes.Opened routes;

    private AuditRoom(EventSearch search, Readings readings, AuditRoutes.Opened routes) {
        this.search = search;
        this.readings = readings;
        this.routes = routes;
    }

    static AuditRoom open(Foundation foundation, Refusals refusals, Metrics metrics) throws IOException {
        Path data = foundation.config().data();
        EventSearch search = EventSearch.open(
                data.resolve("search.db"),
                data.resolve("ledger"),
                () -> foundation.ledger().size(),
                Pace.of(EVERY, foundation.config().searchShare()),
                incident -> Log.warn("search", incident));
        InstantSource clock = foundation.clock().source();
        Readings readings = new Readings(foundation::recordReading, refusals::reading, clock);
        AuditRoutes.Opened routes =
                AuditRoutes.open(search, readings, clock, () -> foundation.ids().next("t_"), foundation::proof);
        metrics.gauge("reeve_search_lag_records", "Records that the search index does not have yet.", search::lag);
        metrics.gauge("reeve_search_index_bytes", "Size of the search index.", search::bytes);
        foundation.room().health().tell("search", () -> status(search));
        foundation.room().knowsUsed(patterns -> used(search, patterns));
        return new AuditRoom(search, readings, routes);
    }

    private static Set<String> used(EventSearch search, Set<String> patterns) {
        try {
            return search.letThrough(
                    patterns, (pattern, name) -> Glob.of(pattern).matches(name));
        } catch (SearchUnavailableException e) {
            return Set.of();
        }
    }

    private static Json status(EventSearch search) {
        Json.Builder status = Json.object().put("indexed", search.indexed()).put("behind", search.lag());
        search.trouble().ifPresent(trouble -> status.put("trouble", trouble));
        return status.build();
    }

    EventSearch search() {
        return search;
    }

    Readings readings() {
        return readings;
    }

    AuditRoutes.Opened routes() {
        return routes;
    }

    @Override
    public void close() throws IOException {
        routes.end().run();
        search.close();
    }
}
