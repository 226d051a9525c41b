package dev.reeve.store;

import dev.reeve.gate.GateClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Time that never goes back (R7): the wall clock, or the highest time that was seen, if that is later. The mark is written at the latest
 * when it is a second ahead of what is written; reading never waits for that.
 */
public final class StoredClock implements GateClock {
    private static final SealedTable TABLE = new SealedTable("high_water", List.of("node"), List.of("mark"));
    private static final long SECOND = Duration.ofSeconds(1).toNanos() / 1_000;

    private final Store store;
    private final String node;
    private final InstantSource wall;
    private final Consumer<String> incidents;
    private final AtomicLong highest;
    private final AtomicLong written;
    private final AtomicBoolean writing = new AtomicBoolean();
    private final AtomicBoolean behind = new AtomicBoolean();

    private StoredClock(
            Store store, String node, InstantSource wall, Consumer<String> incidents, Optional<Long> persisted) {
        this.store = store;
        this.node = node;
        this.wall = wall;
        this.incidents = incidents;
        this.highest = new AtomicLong(persisted.orElse(0L));
        this.written = new AtomicLong(persisted.orElse(0L));
    }

    /** @param node whose clock it is (R32) */
    public static StoredClock open(Store store, String node, InstantSource wall, Consumer<String> incidents)
            throws StoreException {
        Optional<Long> mark = store.read(TABLE::rows).stream()
                .filter(row -> row.text("node").equals(node))
                .map(row -> row.number("mark"))
                .findFirst();
        StoredClock clock = new StoredClock(store, node, wall, incidents, mark);
        clock.read();
        return clock;
    }

    @Override
    public Reading read() {
        long now = Micros.of(wall.instant());
        long mark = highest.accumulateAndGet(now, Math::max);
        boolean doubtful = now < mark - SECOND;
        if (doubtful && behind.compareAndSet(false, true)) {
            incidents.accept("clock_behind: the clock says " + Micros.instant(now) + ", but " + Micros.instant(mark)
                    + " was seen already; what depends on time is denied until it has caught up");
        } else if (!doubtful && behind.get()) {
            behind.set(false);
        }
        if (mark - written.get() >= SECOND && writing.compareAndSet(false, true)) {
            persist(mark);
        }
        return new Reading(Micros.instant(mark), doubtful);
    }

    /** Time that somebody else of us has written down, such as the ledger: it was seen, even if a restored store has forgotten it. */
    public void notBefore(Instant seen) {
        highest.accumulateAndGet(Micros.of(seen), Math::max);
    }

    private void persist(long mark) {
        store.writeLater(work -> TABLE.put(work, Map.of("node", node, "mark", mark)))
                .whenComplete((done, failure) -> {
                    if (failure == null) {
                        written.set(mark);
                    }
                    writing.set(false);
                });
    }

    /** Writes the present mark and waits. */
    public void flush() throws StoreException {
        Instant mark = read().now();
        store.write(work -> {
            TABLE.put(work, Map.of("node", node, "mark", Micros.of(mark)));
            return true;
        });
    }
}
