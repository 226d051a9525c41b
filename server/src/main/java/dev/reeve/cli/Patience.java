package dev.reeve.cli;

import java.time.Duration;
import java.util.Optional;

/**
 * How long a command waits for the data folder: as long as it passes from hand to hand, since each command that ends brings this one nearer,
 * but not for one holder that neither ends nor listens. Many commands of a script at once then all get their turn. Not safe for use by
 * several threads.
 */
final class Patience {
    static final Duration WITH_ONE = Duration.ofSeconds(5);
    static final Duration IN_ALL = Duration.ofSeconds(60);

    private final long begin;
    private long since;
    private Optional<Long> holder = Optional.empty();

    /** @param now nanoseconds of any monotonic clock, as below */
    Patience(long now) {
        this.begin = now;
        this.since = now;
    }

    /** @param seen the process that has the folder now, as far as can be known */
    boolean lasts(long now, Optional<Long> seen) {
        if (!seen.equals(holder)) {
            holder = seen;
            since = now;
        }
        return now - since < WITH_ONE.toNanos() && now - begin < IN_ALL.toNanos();
    }
}
