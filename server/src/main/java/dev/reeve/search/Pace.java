package dev.reeve.search;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How much following the ledger may cost while nobody waits for it.
 *
 * @param every after how long it looks for something new; larger pieces cost less
 * @param share of one core that it takes at most, in percent: 0 works only when somebody searches, 100 never rests from work
 * @param nanos a clock that only goes forward, in nanoseconds, as {@link System#nanoTime}
 */
public record Pace(Duration every, int share, LongSupplier nanos) {
    /** @throws IllegalArgumentException if the share is none */
    public Pace {
        if (share < 0 || share > 100) {
            throw new IllegalArgumentException("a share is 0 to 100 percent: " + share);
        }
    }

    public static Pace of(Duration every, int share) {
        return new Pace(every, share, System::nanoTime);
    }

    /** Never rests while there is something to do. */
    public static Pace always(Duration every) {
        return of(every, 100);
    }

    boolean isOnDemand() {
        return share == 0;
    }
}
