package dev.reeve.store;

import dev.reeve.gate.GateClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Time that never goes back (R7): the wall clock, or the highest time that was seen, if that is later. The marks are written at the latest
 * when they are a second ahead of what is written; reading never waits for that.
 *
 * <p>Doubt is about wall times only: it begins when the wall clock is behind what it said before, and ends when it has caught up. What ends by
 * time is judged by another time, {@link #latest}, which during a doubt goes on by the monotonic clock from where time was. It is not taken
 * back when the doubt is over, nor by a restart; what it then was ahead, it stands still for.
 */
public final class StoredClock implements GateClock {
    private static final SealedTable TABLE = new SealedTable("high_water", List.of("node"), List.of("mark"));
    private static final long SECOND = Duration.ofSeconds(1).toNanos() / 1_000;

    private final Store store;
    private final String node;
    private final InstantSource wall;
    private final Consumer<String> incidents;
    private final AtomicLong highest;
    private final Written written;
    private final LongSupplier nanos;
    /** What was written down of {@link #latest}, and what it was when the last doubt ended. */
    private final AtomicLong reckoned;

    private final Written reckonedWritten;
    private final AtomicReference<Optional<Doubt>> doubt = new AtomicReference<>(Optional.empty());

    /**
     * @param base microseconds since the epoch when it began
     * @param since the same moment on the monotonic clock
     */
    private record Doubt(long base, long since) {}

    private StoredClock(
            Store store,
            String node,
            InstantSource wall,
            LongSupplier nanos,
            Consumer<String> incidents,
            Optional<Long> persisted,
            Optional<Long> latest) {
        this.store = store;
        this.node = node;
        this.wall = wall;
        this.incidents = incidents;
        this.highest = new AtomicLong(persisted.orElse(0L));
        this.written = new Written(node, persisted.orElse(0L));
        this.nanos = nanos;
        this.reckoned = new AtomicLong(latest.orElse(0L));
        this.reckonedWritten = new Written(reckonedRow(node), latest.orElse(0L));
    }

    /** @param node whose clock it is (R32) */
    public static StoredClock open(Store store, String node, InstantSource wall, Consumer<String> incidents)
            throws StoreException {
        return open(store, node, wall, System::nanoTime, incidents);
    }

    /** @param nanos a clock that nobody sets */
    static StoredClock open(
            Store store, String node, InstantSource wall, LongSupplier nanos, Consumer<String> incidents)
            throws StoreException {
        Map<String, Long> marks = new HashMap<>();
        store.read(TABLE::rows).forEach(row -> marks.put(row.text("node"), row.number("mark")));
        StoredClock clock = new StoredClock(
                store,
                node,
                wall,
                nanos,
                incidents,
                Optional.ofNullable(marks.get(node)),
                Optional.ofNullable(marks.get(reckonedRow(node))));
        clock.read();
        return clock;
    }

    private static String reckonedRow(String node) {
        return node + "/latest";
    }

    @Override
    public Reading read() {
        long now = Micros.of(wall.instant());
        long mark = highest.accumulateAndGet(now, Math::max);
        boolean doubtful = now < mark - SECOND;
        if (doubtful != doubt.get().isPresent()) {
            turn(doubtful, now, mark);
        }
        written.reach(mark);
        return new Reading(Micros.instant(mark), doubtful);
    }

    /** Seldom: a doubt begins or ends. */
    private synchronized void turn(boolean doubtful, long now, long mark) {
        Optional<Doubt> before = doubt.get();
        if (doubtful && before.isEmpty()) {
            doubt.set(Optional.of(new Doubt(Math.max(mark, reckoned.get()), nanos.getAsLong())));
            incidents.accept(
                    "clock_behind: the clock says " + Micros.instant(now) + ", but " + Micros.instant(mark)
                            + " was seen already; what depends on time is denied until it has caught up, and keys expire as time goes on");
        } else if (!doubtful && before.isPresent()) {
            reckoned.accumulateAndGet(reached(before.get()), Math::max);
            doubt.set(Optional.empty());
        }
    }

    private long reached(Doubt open) {
        return open.base() + Math.max(0, nanos.getAsLong() - open.since()) / 1_000;
    }

    @Override
    public Instant latest() {
        long mark = Micros.of(read().now());
        Optional<Doubt> open = doubt.get();
        long latest = open.isPresent() ? reckoned.accumulateAndGet(reached(open.get()), Math::max) : reckoned.get();
        if (latest > mark) {
            reckonedWritten.reach(latest);
        }
        return Micros.instant(Math.max(mark, latest));
    }

    /** Time that somebody else of us has written down, such as the ledger: it was seen, even if a restored store has forgotten it. */
    public void notBefore(Instant seen) {
        highest.accumulateAndGet(Micros.of(seen), Math::max);
    }

    /** A mark in the store, and how far it is. */
    private final class Written {
        private final String row;
        private final AtomicLong upTo;
        private final AtomicBoolean busy = new AtomicBoolean();

        Written(String row, long upTo) {
            this.row = row;
            this.upTo = new AtomicLong(upTo);
        }

        void reach(long mark) {
            if (mark - upTo.get() >= SECOND && busy.compareAndSet(false, true)) {
                store.writeLater(work -> TABLE.put(work, Map.of("node", row, "mark", mark)))
                        .whenComplete((done, failure) -> {
                            if (failure == null) {
                                upTo.set(mark);
                            }
                            busy.set(false);
                        });
            }
        }
    }

    /** Writes the present marks and waits. */
    public void flush() throws StoreException {
        Instant mark = read().now();
        Instant latest = latest();
        store.write(work -> {
            TABLE.put(work, Map.of("node", node, "mark", Micros.of(mark)));
            if (latest.isAfter(mark)) {
                TABLE.put(work, Map.of("node", reckonedRow(node), "mark", Micros.of(latest)));
            }
            return true;
        });
    }
}
