package dev.reeve.search;

import java.util.concurrent.TimeUnit;

/**
 * What one thread owes in rest for its work, so that over time it takes its share and no more. Counts the time on the clock: where cores are
 * scarce the same work takes longer, and is rested from longer.
 */
final class Duty {
    /** Work is not interrupted for less: others wait for a core no longer than this. */
    private static final long SLICE = TimeUnit.MILLISECONDS.toNanos(2);

    private final Pace pace;
    private long since;

    Duty(Pace pace) {
        this.pace = pace;
        this.since = pace.nanos().getAsLong();
    }

    /** Work begins now; what was owed is forgiven. */
    void begin() {
        since = pace.nanos().getAsLong();
    }

    /** Nanoseconds of rest that the work since the beginning calls for; 0 while that was short. */
    long owed() {
        long worked = pace.nanos().getAsLong() - since;
        if (worked < SLICE || pace.share() == 0 || pace.share() == 100) {
            return 0;
        }
        return (long) ((double) worked * (100 - pace.share()) / pace.share());
    }
}
