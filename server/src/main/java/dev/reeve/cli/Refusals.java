package dev.reeve.cli;

import dev.reeve.adapter.mcp.RefusedCallers;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.Json;
import dev.reeve.metrics.Counter;
import dev.reeve.metrics.Metrics;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Counts those who got in nowhere, whose messages were none, and denials beyond an agent's quota, and writes a summary now and then: one
 * record each would be a weapon (R15).
 */
final class Refusals implements RefusedCallers {
    /** Codes in one record; what is left is for the next. */
    static final int MOST_CODES = 500;

    private static final String DENIED = "denied.";

    private final InstantSource clock;
    private final Counter callers;
    private final Counter denials;
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
    private final Supplier<String> ids;
    /** What is counted and the id under which it will be found change together. */
    private final Object turn = new Object();

    private String next;
    private Instant from;
    private Optional<Summary> waiting = Optional.empty();

    /** @param ids for summaries; agents are given them as tickets */
    Refusals(InstantSource clock, Metrics metrics, Supplier<String> ids) {
        this.clock = clock;
        this.ids = ids;
        this.next = ids.get();
        this.callers = metrics.counter("reeve_refused_callers_total", "Callers who were nobody.", "channel", "code");
        this.denials = metrics.counter(
                "reeve_denials_only_counted_total",
                "Denials and repeated holds beyond an agent's quota of records.",
                "code");
        this.from = clock.instant();
    }

    /** Where the summary is written. */
    @FunctionalInterface
    interface Summaries {
        void summary(String id, Instant from, Json.Obj counts) throws UnrecordableException;
    }

    @Override
    public void refused(String channel, String code) {
        callers.increment(channel, code);
        count(channel + "." + code);
    }

    @Override
    public void refused(String channel, String agent, String code) {
        callers.increment(channel, code);
        count(channel + "." + code + "@" + agent);
    }

    /**
     * A denial, or a hold that says nothing new, that is not recorded by itself.
     *
     * @return the id of the summary that will count it
     */
    String denied(String agent, String code) {
        denials.increment(code);
        synchronized (turn) {
            count(DENIED + agent + "." + code);
            return next;
        }
    }

    /** A reading of the record beyond what is recorded one by one. */
    void reading(String person) {
        count("audit_read@" + person);
    }

    private void count(String what) {
        counts.computeIfAbsent(what, ignored -> new LongAdder()).increment();
    }

    /** A summary that could not be recorded comes again as it was: agents were given its id. */
    private record Summary(String id, Instant from, Json.Obj counts) {}

    /** What was counted since the last summary. */
    synchronized void record(Summaries summaries) {
        try {
            if (waiting.isPresent()) {
                write(waiting.get(), summaries);
            }
            waiting = take();
            if (waiting.isPresent()) {
                write(waiting.get(), summaries);
            }
        } catch (UnrecordableException e) {
            // It waits, and what comes meanwhile is counted for the next one.
        }
    }

    private void write(Summary summary, Summaries summaries) throws UnrecordableException {
        summaries.summary(summary.id(), summary.from(), summary.counts());
        waiting = Optional.empty();
    }

    /** What is only in here is taken first: agents were given its id. */
    private Optional<Summary> take() {
        Map<String, Long> taken = new TreeMap<>();
        String id;
        synchronized (turn) {
            take(taken, what -> what.startsWith(DENIED));
            take(taken, what -> !what.startsWith(DENIED));
            if (taken.isEmpty()) {
                return Optional.empty();
            }
            id = next;
            next = ids.get();
        }
        Json.Builder summary = Json.object();
        taken.forEach(summary::put);
        Instant since = from;
        from = clock.instant();
        return Optional.of(new Summary(id, since, summary.build()));
    }

    private void take(Map<String, Long> taken, Predicate<String> wanted) {
        for (Map.Entry<String, LongAdder> count : counts.entrySet()) {
            if (taken.size() == MOST_CODES) {
                return;
            }
            long now = wanted.test(count.getKey()) ? count.getValue().sumThenReset() : 0;
            if (now > 0) {
                taken.put(count.getKey(), now);
            }
        }
    }
}
