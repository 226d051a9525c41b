package dev.reeve.budget;

import dev.reeve.action.Operation;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What actions cost. The first entry that names a tool counts: the closest stands first. */
public record Prices(String currency, List<Entry> entries) {
    public static final Prices NONE = new Prices("", List.of());
    /** Money is counted in these parts of the currency. */
    public static final long PARTS = 1_000_000_000L;

    private static final int DECIMALS = 9;
    private static final int MOST_SCALE = 64;

    public Prices {
        entries = List.copyOf(entries);
    }

    /**
     * @param tokens where the result says how many tokens were used
     * @param money for each call, beside what the tokens cost; or where the result says what it cost
     * @param perToken in {@link #PARTS}
     */
    public record Entry(Predicate<String> tool, Optional<Reported> tokens, Cost money, long perToken) {}

    /** What money an action costs, beside its tokens. */
    public sealed interface Cost {
        /** @param parts for each call */
        record Fixed(long parts) implements Cost {}

        record Told(Reported reported) implements Cost {}
    }

    /**
     * A number that the result itself reports.
     *
     * @param at the steps of a JSON pointer into the result
     * @param worst what is counted until it is known, and instead of nonsense
     */
    public record Reported(List<String> at, long worst) {
        public Reported {
            at = List.copyOf(at);
        }
    }

    Optional<Entry> of(Operation operation) {
        for (Entry entry : entries) {
            if (entry.tool().test(operation.subject())) {
                return Optional.of(entry);
            }
        }
        return Optional.empty();
    }

    /**
     * Money as it is written, in {@link #PARTS}, rounded up.
     *
     * @return empty if it is no amount: negative, or so long that nobody means it
     */
    public static Optional<Long> parts(String text) {
        if (text.length() > MOST_SCALE) {
            return Optional.empty();
        }
        try {
            BigDecimal amount = new BigDecimal(text);
            if (amount.signum() < 0 || Math.abs((long) amount.scale()) > MOST_SCALE) {
                return Optional.empty();
            }
            BigDecimal parts = amount.movePointRight(DECIMALS).setScale(0, RoundingMode.CEILING);
            return parts.compareTo(BigDecimal.valueOf(Limit.MOST)) > 0
                    ? Optional.empty()
                    : Optional.of(parts.longValueExact());
        } catch (NumberFormatException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    /** A number of the currency, without an exponent. */
    public static String text(long parts) {
        return BigDecimal.valueOf(parts, DECIMALS).stripTrailingZeros().toPlainString();
    }
}
