package dev.reeve.review;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * When the next review is due. Pure.
 *
 * @param at of the day, in UTC; with whole days only
 */
public record ReviewSchedule(Duration every, Optional<LocalTime> at) {
    private static final Duration DAY = Duration.ofDays(1);

    /** @param last when the newest one was; one that was missed is due at once, once for however many */
    boolean isDue(Optional<Instant> last, Instant now) {
        return last.map(this::after).filter(now::isBefore).isEmpty();
    }

    /** The first time of the day that is more than {@code every} less a day after. */
    private Instant after(Instant last) {
        if (at.isEmpty()) {
            return last.plus(every);
        }
        Instant from = last.plus(every).minus(DAY);
        Instant sameDay =
                from.atOffset(ZoneOffset.UTC).toLocalDate().atTime(at.get()).toInstant(ZoneOffset.UTC);
        return sameDay.isAfter(from) ? sameDay : sameDay.plus(DAY);
    }
}
