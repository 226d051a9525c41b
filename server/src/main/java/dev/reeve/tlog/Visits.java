package dev.reeve.tlog;

import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.Json;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who reads entries of the log, as visits: a reader asks for thousands of bundles in a row, and one record each would be a way to fill the
 * disk (R15). A visit has a record when it begins, which is durable before the first entry is shown, and one when it ends, with how much was
 * shown; it ends when nothing was asked for {@link #IDLE}, or after {@link #LONGEST}.
 *
 * <p>There are never more than people with a token. Safe for use by many threads.
 */
public final class Visits {
    static final Duration IDLE = Duration.ofSeconds(90);
    static final Duration LONGEST = Duration.ofMinutes(10);
    private static final System.Logger LOG = System.getLogger("dev.reeve.tlog");

    private final Records records;
    private final InstantSource clock;
    private final Map<String, Visit> visits = new ConcurrentHashMap<>();

    /** Writes down that somebody read; returns when it is durable, or counted. */
    @FunctionalInterface
    public interface Records {
        /** @param what {@code log} at the beginning, {@code log_end} at the end */
        void record(String person, String what, Json.Obj shown) throws UnrecordableException;
    }

    public Visits(Records records, InstantSource clock) {
        this.records = records;
        this.clock = clock;
    }

    /** One person's; its fields under its own lock. */
    private static final class Visit {
        private boolean open;
        private long since;
        private long last;
        private long bundles;
        private long from;
        private long to;

        void begin(long now, long first, long end) {
            open = true;
            since = now;
            bundles = 0;
            from = first;
            to = end;
        }

        void shown(long now, long first, long end) {
            last = now;
            bundles++;
            from = Math.min(from, first);
            to = Math.max(to, end);
        }

        boolean isOver(long now) {
            return now - last > IDLE.toMillis() || now - since > LONGEST.toMillis();
        }

        Json.Obj told() {
            return Json.object()
                    .put("from", from)
                    .put("to", to)
                    .put("bundles", bundles)
                    .build();
        }
    }

    /**
     * Entries {@code first} to {@code end - 1} are about to be shown.
     *
     * @throws UnrecordableException if the beginning of the visit cannot be recorded: then they are not to be shown
     */
    public void shown(String person, long first, long end) throws UnrecordableException {
        Visit visit = visits.computeIfAbsent(person, ignored -> new Visit());
        synchronized (visit) {
            long now = clock.millis();
            if (visit.open && visit.isOver(now)) {
                end(person, visit);
            }
            if (!visit.open) {
                records.record(person, "log", Json.object().put("from", first).build());
                visit.begin(now, first, end);
            }
            visit.shown(now, first, end);
        }
    }

    /** Called now and then. */
    public void endIdle() {
        long now = clock.millis();
        visits.forEach((person, visit) -> {
            synchronized (visit) {
                if (visit.open && visit.isOver(now)) {
                    end(person, visit);
                }
            }
        });
    }

    public void endAll() {
        visits.forEach((person, visit) -> {
            synchronized (visit) {
                if (visit.open) {
                    end(person, visit);
                }
            }
        });
    }

    /** Its beginning is recorded; that its end is not stops nothing. */
    private void end(String person, Visit visit) {
        visit.open = false;
        try {
            records.record(person, "log_end", visit.told());
        } catch (UnrecordableException e) {
            LOG.log(System.Logger.Level.WARNING, "the end of a reading of the log is not recorded: " + e.getMessage());
        }
    }
}
