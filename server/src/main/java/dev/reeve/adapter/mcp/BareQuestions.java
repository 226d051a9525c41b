package dev.reeve.adapter.mcp;

import dev.reeve.adapter.mcp.SealedStates.Binding;
import dev.reeve.adapter.mcp.SealedStates.Open;
import dev.reeve.json.Json;
import dev.reeve.upstream.Questions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Which questions went out without a state, because their server keeps none. Answers are taken for these only: others would be a way to a server past
 * what its definition takes (R20). Bounded for each agent, whose oldest are forgotten, and in all. Safe for use by many threads.
 */
final class BareQuestions {
    static final int MOST = 20_000;
    static final int MOST_EACH = 500;

    private final LongSupplier nanos;
    private final Duration life;
    /** For each agent what was asked, the oldest first. */
    private final Map<String, LinkedHashMap<String, Asked>> asked = new HashMap<>();

    private int all;

    private record Asked(Open open, long until) {}

    BareQuestions(LongSupplier nanos, Duration life) {
        this.nanos = nanos;
        this.life = life;
    }

    /** Where there are too many already it is not remembered, and its answers count for nothing: the server is asked anew. */
    synchronized void remember(Binding to, Open open) {
        long now = nanos.getAsLong();
        forgetOld(to.whose(), now);
        if (all >= MOST) {
            asked.keySet().stream().toList().forEach(each -> forgetOld(each, now));
        }
        LinkedHashMap<String, Asked> mine = asked.computeIfAbsent(to.whose(), ignored -> new LinkedHashMap<>());
        Asked before = mine.remove(to.text());
        all -= before == null ? 0 : 1;
        if (mine.size() >= MOST_EACH) {
            mine.pollFirstEntry();
            all--;
        }
        if (all < MOST) {
            Open both = before == null ? open : both(before.open(), open);
            mine.put(to.text(), new Asked(both, now + life.toNanos()));
            all++;
        }
    }

    /** A server without a state remembers no earlier round: its client brings all answers each time. */
    private static Open both(Open before, Open now) {
        Json.Obj asked = now.asked();
        for (Map.Entry<String, Json> one : before.asked().members().entrySet()) {
            if (!asked.has(one.getKey()) && asked.members().size() < Questions.MOST) {
                asked = asked.with(one.getKey(), one.getValue());
            }
        }
        return new Open(now.state(), now.round(), asked, now.given());
    }

    /** Not used up: who is held, and comes again with the same answers, is decided again. */
    synchronized Optional<Open> find(Binding to) {
        forgetOld(to.whose(), nanos.getAsLong());
        return Optional.ofNullable(asked.get(to.whose()))
                .flatMap(mine -> Optional.ofNullable(mine.get(to.text())))
                .map(Asked::open);
    }

    private void forgetOld(String whose, long now) {
        LinkedHashMap<String, Asked> mine = asked.get(whose);
        if (mine == null) {
            return;
        }
        Iterator<Asked> oldestFirst = mine.values().iterator();
        while (oldestFirst.hasNext() && oldestFirst.next().until() - now <= 0) {
            oldestFirst.remove();
            all--;
        }
        if (mine.isEmpty()) {
            asked.remove(whose);
        }
    }
}
