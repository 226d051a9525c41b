package dev.reeve.control;

import dev.reeve.audit.EventQuery;
import dev.reeve.audit.Scope;
import dev.reeve.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Live tails that are open. Their opening and their end are recorded; one that nobody asks for is ended. */
final class Tails {
    static final Duration IDLE = Duration.ofSeconds(90);
    private static final int MOST = 64;
    private static final int MOST_OF_ONE = 8;
    private static final System.Logger LOG = System.getLogger("dev.reeve.control");

    private final Readings readings;
    private final InstantSource clock;
    private final Supplier<String> ids;
    private final Map<String, Tail> open = new ConcurrentHashMap<>();

    Tails(Readings readings, InstantSource clock, Supplier<String> ids) {
        this.readings = readings;
        this.clock = clock;
        this.ids = ids;
    }

    /** One tail. */
    static final class Tail {
        private final Caller caller;
        private final EventQuery asked;
        private final long from;
        private long to;
        private long shown;
        private Instant used;

        Tail(Caller caller, EventQuery asked, long from, Instant used) {
            this.caller = caller;
            this.asked = asked;
            this.from = from;
            this.to = from;
            this.used = used;
        }

        EventQuery asked() {
            return asked;
        }

        synchronized void gave(int events, long next, Instant now) {
            shown += events;
            to = Math.max(to, next);
            used = now;
        }

        synchronized void asked(Instant now) {
            used = now;
        }

        private synchronized boolean isIdle(Instant now) {
            return Duration.between(used, now).compareTo(IDLE) > 0;
        }

        private synchronized Readings.Reading ended(String id) {
            Json.Obj told = Json.object()
                    .put("tail", id)
                    .put("from", from)
                    .put("to", to)
                    .put("shown", shown)
                    .build();
            return new Readings.Reading("tail_end", asked, caller.scope(), told);
        }
    }

    String open(Caller caller, EventQuery asked, Scope scope, long from) throws RefusedException {
        endIdle();
        long own = open.values().stream()
                .filter(tail -> tail.caller.person().equals(caller.person()))
                .count();
        if (open.size() >= MOST || own >= MOST_OF_ONE) {
            throw RefusedException.conflict(
                    "too_many_tails", "too many live tails are open", "end one, or wait until an idle one ends");
        }
        String id = ids.get();
        Json.Obj told = Json.object().put("tail", id).put("from", from).build();
        readings.record(caller, new Readings.Reading("tail", asked, scope, told));
        open.put(id, new Tail(caller, asked, from, clock.instant()));
        return id;
    }

    /** Only whose it is gets it. */
    Tail get(Caller caller, String id) throws RefusedException {
        endIdle();
        Tail tail = open.get(id);
        if (tail == null || !tail.caller.equals(caller)) {
            throw RefusedException.unknown(
                    "tail_unknown", "there is no such tail; it ends when nobody asks for 90 s: open one from there");
        }
        tail.asked(clock.instant());
        return tail;
    }

    void end(Caller caller, String id) throws RefusedException {
        Tail tail = get(caller, id);
        if (open.remove(id, tail)) {
            readings.record(caller, tail.ended(id));
        }
    }

    /** Called now and then. */
    void endIdle() {
        Instant now = clock.instant();
        List.copyOf(open.entrySet()).forEach(one -> {
            if (one.getValue().isIdle(now)) {
                endLate(one.getKey(), one.getValue());
            }
        });
    }

    void endAll() {
        List.copyOf(open.entrySet()).forEach(one -> endLate(one.getKey(), one.getValue()));
    }

    /** Its opening is recorded; that its end is not stops nothing. */
    private void endLate(String id, Tail tail) {
        if (open.remove(id, tail)) {
            try {
                readings.record(tail.caller, tail.ended(id));
            } catch (RefusedException e) {
                LOG.log(System.Logger.Level.WARNING, "the end of a tail is not recorded: " + e.getMessage());
            }
        }
    }
}
