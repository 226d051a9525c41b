package dev.reeve.budget;

import dev.reeve.action.Action;
import dev.reeve.action.Operation;
import dev.reeve.gate.Facts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * All limits of one policy, and what things cost under it.
 *
 * @param all in the order of the files
 * @param rowsAt the steps to the rows in a tool's structured content, where the catalogue says them
 */
public record Limits(List<Limit> all, Prices prices, Function<Operation, Optional<List<String>>> rowsAt) {
    public static final Limits NONE = new Limits(List.of(), Prices.NONE, operation -> Optional.empty());

    public Limits {
        all = List.copyOf(all);
    }

    /** Empty, and nothing is made, if none is about it. */
    List<Limit> about(Action action, Facts facts) {
        List<Limit> about = List.of();
        for (int i = 0; i < all.size(); i++) {
            Limit limit = all.get(i);
            if (limit.about().matches(action, facts)) {
                about = about.isEmpty() ? new ArrayList<>(all.size()) : about;
                about.add(limit);
            }
        }
        return about;
    }

    Meter meter(Operation operation) {
        return new Meter(prices.of(operation), rowsAt.apply(operation));
    }

    /** How far back what happened may count. */
    public Duration longest() {
        return all.stream()
                .filter(limit -> limit.count().isRecorded())
                .flatMap(limit -> limit.window().map(window -> counts(limit, window)).stream())
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    /** Of failures: those that began a rest, the rest, and as long again until it counts no more that nobody tried to end it. */
    static Duration counts(Limit limit, Duration window) {
        return limit.count() == Quantity.FAILURES ? window.multipliedBy(2).plusNanos(Taking.rest(limit)) : window;
    }
}
