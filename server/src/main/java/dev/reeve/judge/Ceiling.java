package dev.reeve.judge;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** What a judge may cost: questions at once and in any hour, tokens in any day. Safe for use by many threads. */
final class Ceiling {
    private static final long HOUR = 3_600;
    private static final long DAY = 24 * HOUR;

    private final Semaphore atOnce;
    private final int perHour;
    private final long perDay;
    private final InstantSource clock;
    private final Deque<Long> asked = new ArrayDeque<>();
    private final Deque<Spent> spent = new ArrayDeque<>();
    private long tokens;

    /** Tokens of one question, at their worst until it is answered. */
    static final class Spent {
        private final long when;
        private long tokens;

        private Spent(long when, long tokens) {
            this.when = when;
            this.tokens = tokens;
        }
    }

    Ceiling(int atOnce, int perHour, long perDay, InstantSource clock) {
        this.atOnce = new Semaphore(atOnce);
        this.perHour = perHour;
        this.perDay = perDay;
        this.clock = clock;
    }

    /**
     * Takes room for one question, and waits for its turn.
     *
     * @param worst tokens that it can cost
     * @param deadline by {@link System#nanoTime}
     * @return to be given back by {@link #settle}, once
     * @throws JudgeException if there is none; asking again at once does not help
     */
    Spent take(long worst, long deadline) throws JudgeException {
        if (!turn(deadline)) {
            throw JudgeException.unasked("it has as many questions as it may have at once (`at_once`)");
        }
        try {
            return count(worst);
        } catch (JudgeException e) {
            atOnce.release();
            throw e;
        }
    }

    private boolean turn(long deadline) {
        try {
            return atOnce.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private synchronized Spent count(long worst) throws JudgeException {
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
        Spent one = new Spent(second, worst);
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
        atOnce.release();
    }
}
