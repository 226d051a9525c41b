package dev.reeve.judge;

import dev.reeve.turns.Turns;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a judge may cost: questions at once and in any hour, tokens in any day. No agent uses it up for the others: as with {@link Turns}, but for a pair
 * of questions, none takes more than is left then. Safe for use by many threads.
 */
final class Ceiling {
    private static final long HOUR = 3_600;
    private static final long DAY = 24 * HOUR;
    private static final int PAIR = 2;

    private final Turns atOnce;
    private final int perHour;
    private final long perDay;
    private final InstantSource clock;
    private final Deque<Asked> asked = new ArrayDeque<>();
    private final Map<String, Integer> askedEach = new HashMap<>();
    private final Deque<Spent> spent = new ArrayDeque<>();
    private final Map<String, Long> tokensEach = new HashMap<>();
    private long tokens;

    private record Asked(String agent, long when) {}

    /** Tokens of one question, at their worst until it is answered. */
    static final class Spent {
        private final String agent;
        private final long when;
        private long tokens;

        private Spent(String agent, long when, long tokens) {
            this.agent = agent;
            this.when = when;
            this.tokens = tokens;
        }
    }

    Ceiling(int atOnce, int perHour, long perDay, InstantSource clock) {
        this.atOnce = new Turns(atOnce);
        this.perHour = perHour;
        this.perDay = perDay;
        this.clock = clock;
    }

    /**
     * Takes room for one question, and waits for its turn.
     *
     * @param agent for whose action it is; nobody keeps the others from asking
     * @param worst tokens that it can cost
     * @param deadline by {@link System#nanoTime}
     * @return to be given back by {@link #settle}, once
     * @throws JudgeException if there is none; asking again at once does not help
     */
    Spent take(String agent, long worst, long deadline) throws JudgeException {
        Optional<String> party = Optional.of(agent);
        if (!turn(party, deadline)) {
            throw JudgeException.unasked("it has as many questions as it may have at once (`at_once`)");
        }
        boolean counted = false;
        try {
            Spent one = count(agent, worst);
            counted = true;
            return one;
        } finally {
            if (!counted) {
                atOnce.giveBack(party);
            }
        }
    }

    private boolean turn(Optional<String> party, long deadline) {
        try {
            return atOnce.take(party, deadline - System.nanoTime());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private synchronized Spent count(String agent, long worst) throws JudgeException {
        long second = clock.instant().getEpochSecond();
        forgetUntil(second);
        int mine = askedEach.getOrDefault(agent, 0);
        int left = perHour - asked.size();
        if (left <= 0) {
            throw JudgeException.unasked("its questions of this hour are used up (`max_per_hour`)");
        }
        if (mine >= Math.max(left, PAIR)) {
            throw JudgeException.unasked("this agent's part of its questions of this hour is used up (`max_per_hour`)");
        }
        long had = tokensEach.getOrDefault(agent, 0L);
        if (worst > perDay - tokens) {
            throw JudgeException.unasked("its tokens of this day are used up (`max_tokens_per_day`)");
        }
        if (had > 0 && had + worst > perDay - tokens) {
            throw JudgeException.unasked(
                    "this agent's part of its tokens of this day is used up (`max_tokens_per_day`)");
        }
        asked.addLast(new Asked(agent, second));
        askedEach.merge(agent, 1, Integer::sum);
        Spent one = new Spent(agent, second, worst);
        spent.addLast(one);
        add(agent, worst);
        return one;
    }

    private void forgetUntil(long second) {
        while (!asked.isEmpty() && asked.getFirst().when() <= second - HOUR) {
            askedEach.computeIfPresent(asked.removeFirst().agent(), (who, count) -> count == 1 ? null : count - 1);
        }
        while (!spent.isEmpty() && spent.getFirst().when <= second - DAY) {
            Spent over = spent.removeFirst();
            add(over.agent, -over.tokens);
        }
    }

    private void add(String agent, long more) {
        tokens += more;
        tokensEach.merge(agent, more, (had, and) -> had + and == 0 ? null : Long.valueOf(had + and));
    }

    /** @param reported -1, or more than could be: then it stays at its worst */
    void settle(Spent one, long reported) {
        synchronized (this) {
            if (reported >= 0 && reported < one.tokens && spent.contains(one)) {
                add(one.agent, reported - one.tokens);
                one.tokens = reported;
            }
        }
        atOnce.giveBack(Optional.of(one.agent));
    }
}
