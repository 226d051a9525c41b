package dev.reeve.judge;

import dev.reeve.turns.Turns;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** What a judge may cost: questions at once and in any hour, tokens in any day. Safe for use by many threads. */
final class Ceiling {
    private static final long HOUR = 3_600;
    private static final long DAY = 24 * HOUR;

    private final Turns atOnce;
    private final int perHour;
    private final long perDay;
    private final InstantSource clock;
    private final Deque<Long> asked = new ArrayDeque<>();
    private final Deque<Spent> spent = new ArrayDeque<>();
    private long tokens;

    /** Tokens of one question, at their worst until it is answered. */
    static final class Spent {
        private final Optional<String> party;
        private final long when;
        private long tokens;

        private Spent(Optional<String> party, long when, long tokens) {
            this.party = party;
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
        try {
            return count(party, worst);
        } catch (JudgeException e) {
            atOnce.giveBack(party);
            throw e;
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

    private synchronized Spent count(Optional<String> party, long worst) throws JudgeException {
        Instant now = clock.instant();
        long second = now.getEpochSecond();
        while (!asked.isEmpty() && asked.getFirst() <= second - HOUR) {
            asked.removeFirst();
        }
        while (!spent.isEmpty() && spent.getFirst().when <= second - DAY) {
            tokens -= spent.removeFirst().tokens;
        }
        if (asked.size() >= perHour) {
            throw JudgeException.unasked("its questions of this hour are used up (`max_per_hour`)");
        }
        if (tokens + worst > perDay) {
            throw JudgeException.unasked("its tokens of this day are used up (`max_tokens_per_day`)");
        }
        asked.addLast(second);
        Spent one = new Spent(party, second, worst);
        spent.addLast(one);
        tokens += worst;
        return one;
    }

    /** @param reported -1, or more than could be: then it stays at its worst */
    void settle(Spent one, long reported) {
        synchronized (this) {
            if (reported >= 0 && reported < one.tokens && spent.contains(one)) {
                tokens -= one.tokens - reported;
                one.tokens = reported;
            }
        }
        atOnce.giveBack(one.party);
    }
}
