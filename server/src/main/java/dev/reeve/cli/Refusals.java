package dev.reeve.cli;

import dev.reeve.adapter.mcp.RefusedCallers;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.Json;
import dev.reeve.metrics.Counter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts those who got in nowhere, or whose messages were none, and writes a summary now and then: one record each would be a weapon (R15). */
final class Refusals implements RefusedCallers {
    private final InstantSource clock;
    private final Counter metric;
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
    private Instant from;

    Refusals(InstantSource clock, Counter metric) {
        this.clock = clock;
        this.metric = metric;
        this.from = clock.instant();
    }

    @Override
    public void refused(String channel, String code) {
        metric.increment(channel, code);
        count(channel + "." + code);
    }

    @Override
    public void refused(String channel, String agent, String code) {
        metric.increment(channel, code);
        count(channel + "." + code + "@" + agent);
    }

    private void count(String what) {
        counts.computeIfAbsent(what, ignored -> new LongAdder()).increment();
    }

    /** What was counted since the last summary; kept if it cannot be recorded. */
    synchronized void record(Foundation foundation) {
        Map<String, Long> taken = new TreeMap<>();
        counts.forEach((code, count) -> {
            long now = count.sumThenReset();
            if (now > 0) {
                taken.put(code, now);
            }
        });
        if (taken.isEmpty()) {
            return;
        }
        Json.Builder summary = Json.object();
        taken.forEach(summary::put);
        try {
            foundation.summary(from, summary.build());
            from = clock.instant();
        } catch (UnrecordableException e) {
            taken.forEach((code, count) ->
                    counts.computeIfAbsent(code, ignored -> new LongAdder()).add(count));
        }
    }
}
