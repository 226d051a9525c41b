package dev.reeve.budget;

import java.time.Instant;
import java.util.Optional;

/**
 * How much of one limit somebody has used up at this moment; for people.
 *
 * @param subject of whom it is counted, as {@code agent default/clerk}
 * @param used in the unit of the limit; of repetitions those of the call that was repeated most
 * @param restsUntil of failures: nothing is let through before
 */
public record Use(Limit limit, String subject, long used, Optional<Instant> restsUntil) {
    /** How much of it: 1 is all. */
    public double share() {
        return restsUntil.isPresent() ? 1 : (double) used / limit.max();
    }

    /** In one line: {@code 42 of 50 calls in 1h, for `agent default/clerk`}. */
    public String text() {
        String rests = restsUntil.map(until -> "; rests until " + until).orElse("");
        return Taking.amount(limit, used) + " of " + Taking.text(limit, limit.max()) + Taking.within(limit) + ", for "
                + Taking.named(subject) + rests;
    }
}
