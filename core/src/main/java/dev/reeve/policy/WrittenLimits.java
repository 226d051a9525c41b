package dev.reeve.policy;

import dev.reeve.budget.Per;
import dev.reeve.budget.Prices.Reported;
import dev.reeve.budget.Quantity;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * {@code limits:} of the policy and {@code prices:} of the catalogue, as they are written: what may be used up, and what it costs.
 */
public record WrittenLimits(List<Entry> limits, List<Price> prices) {
    public static final WrittenLimits NONE = new WrittenLimits(List.of(), List.of());

    public WrittenLimits {
        limits = List.copyOf(limits);
        prices = List.copyOf(prices);
    }

    /**
     * @param max in the unit of what is counted; of money in {@link dev.reeve.budget.Prices#PARTS}
     * @param of which actions; empty: all
     */
    public record Entry(
            String name,
            List<Per> per,
            Quantity count,
            long max,
            Optional<Duration> window,
            Optional<Duration> rest,
            OptionalLong worst,
            Optional<String> currency,
            Optional<PolicySource.Target> of,
            String reason,
            boolean tellAgent,
            Place place) {
        public Entry {
            per = List.copyOf(per);
        }

        /** What messages call it after its place. */
        public String field() {
            return name.startsWith(place.toString()) ? "limits" : "limits." + name;
        }
    }

    /**
     * @param tool a pattern
     * @param money for each call
     * @param told where the result says what the call cost; instead of {@code money}
     * @param perToken in {@link dev.reeve.budget.Prices#PARTS}
     */
    public record Price(
            String tool,
            OptionalLong money,
            Optional<Reported> told,
            Optional<Reported> tokens,
            long perToken,
            Optional<String> currency,
            Place place) {
        /** Whether the other says the same, of whichever tools. */
        boolean saysAs(Price other) {
            return new Price(other.tool(), money, told, tokens, perToken, currency, other.place()).equals(other);
        }

        boolean isMoney() {
            return money.isPresent() || told.isPresent() || perToken > 0;
        }
    }
}
