package dev.reeve.export;

import dev.reeve.audit.EventQuery;
import dev.reeve.json.Json;
import dev.reeve.search.EventSearch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * All sinks, each followed by a thread of its own: one that is slow or dead delays neither the record nor the others. What a sink has is
 * kept in a file; after a crash, what is not known to be there comes again.
 */
public final class Exports implements AutoCloseable {
    private final List<Following> all = new ArrayList<>();

    /** @param asked what it gets */
    public record Configured(String name, String kind, EventQuery asked, Sink sink) {}

    /**
     * @param first pause after a failure; it doubles
     * @param most longest pause
     */
    public record Pauses(Duration first, Duration most) {
        public static final Pauses USUAL = new Pauses(Duration.ofSeconds(1), Duration.ofMinutes(1));
    }

    private Exports() {}

    /** @param positions the folder of the files that say what each has */
    public static Exports start(
            List<Configured> sinks, Path positions, EventSearch search, Pauses pauses, Consumer<String> incidents) {
        Exports exports = new Exports();
        for (Configured one : sinks) {
            Following following =
                    new Following(one, new Position(positions.resolve(one.name())), search, pauses, incidents);
            exports.all.add(following);
            following.start();
        }
        return exports;
    }

    /** Each with where it is, how far behind, and what is wrong. */
    public Json status() {
        List<Json> status = new ArrayList<>();
        all.forEach(one -> status.add(one.status()));
        return new Json.Arr(status);
    }

    /** Records that each has not got, by its name. */
    public Map<String, Double> lags() {
        Map<String, Double> lags = new TreeMap<>();
        all.forEach(one -> lags.put(one.name(), (double) one.lag()));
        return lags;
    }

    /** 1 for each that does not take what it is sent, by its name. */
    public Map<String, Double> failing() {
        Map<String, Double> failing = new TreeMap<>();
        all.forEach(one -> failing.put(one.name(), one.trouble().isPresent() ? 1.0 : 0.0));
        return failing;
    }

    @Override
    public void close() {
        all.forEach(Following::stop);
        all.forEach(Following::join);
    }
}
