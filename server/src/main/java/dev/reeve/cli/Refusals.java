package dev.reeve.cli;

import dev.reeve.adapter.mcp.RefusedCallers;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.Json;
import dev.reeve.metrics.Counter;
import dev.reeve.metrics.Metrics;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts those who got in nowhere, whose messages were none, and denials beyond an agent's quota, and writes a summary now and then: one
 * record each would be a weapon (R15).
 */
final class Refusals implements RefusedCallers {
    /** Codes in one record; what is left is for the next. */
    static final int MOST_CODES = 500;

    private final InstantSource clock;
    private final Counter callers;
    private final Counter denials;
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
    private Instant from;

    Refusals(InstantSource clock, Metrics metrics) {
        this.clock = clock;
        this.callers = metrics.counter("reeve_refused_callers_total", "Callers who were nobody.", "channel", "code");
        this.denials = metrics.counter(
                "reeve_denials_only_counted_total", "Denials beyond an agent's quota of records.", "code");
        this.from = clock.instant();
    }

    /** Where the summary is written. */
    @FunctionalInterface
    interface Summaries {
        void summary(Instant from, Json.Obj counts) throws UnrecordableException;
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

    /** A denial that is not recorded by itself. */
    void denied(String agent, String code) {
        denials.increment(code);
        count("denied." + agent + "." + code);
    }

    private void count(String what) {
        counts.computeIfAbsent(what, ignored -> new LongAdder()).increment();
    }

    /** What was counted since the last summary; kept if it cannot be recorded. */
    synchronized void record(Summaries summaries) {
        Map<String, Long> taken = new TreeMap<>();
        for (Map.Entry<String, LongAdder> count : counts.entrySet()) {
            if (taken.size() == MOST_CODES) {
                break;
            }
            long now = count.getValue().sumThenReset();
            if (now > 0) {
                taken.put(count.getKey(), now);
            }
        }
        if (taken.isEmpty()) {
            return;
        }
        Json.Builder summary = Json.object();
        taken.forEach(summary::put);
        try {
            summaries.summary(from, summary.build());
            from = clock.instant();
        } catch (UnrecordableException e) {
            taken.forEach((code, count) ->
                    counts.computeIfAbsent(code, ignored -> new LongAdder()).add(count));
        }
    }
}
