package dev.reeve.budget;

import dev.reeve.gate.Denial;
import dev.reeve.gate.Denial.ReasonClass;
import dev.reeve.gate.Effect;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** One action takes of all limits that are about it: first each is asked, then each gives. Under the lock of its owner. */
final class Taking {
    static final String REACHED = "limit_reached";
    static final String REPEATED = "repeated_call";
    static final String RESTS = "too_many_failures";
    static final String FULL = "limits_full";
    /** Of failures, in an intent: the one that tries after a rest. */
    static final long TRIES = 2;

    private final Counts counts;
    private final Per.Who who;
    private final Meter meter;
    private final String call;
    private final List<Part> parts = new ArrayList<>();
    private Instant at = Instant.EPOCH;
    private long now;

    /** @param call what is the same of two calls that are the same; empty if nobody asks */
    Taking(Counts counts, Per.Who who, Meter meter, String call) {
        this.counts = counts;
        this.who = who;
        this.meter = meter;
        this.call = call;
    }

    /** What is taken of one limit. */
    static final class Part {
        private final Limit limit;
        private final Meter meter;
        private final Instant at;
        private final long amount;
        private final List<Window> windows;
        /** Of a breaker: by whom it counts. */
        private final List<String> subjects;

        /** Of what was taken of the windows. */
        private final long[] handles;

        private boolean tries;

        private Part(Limit limit, Meter meter, Instant at, long amount, List<Window> windows, List<String> subjects) {
            this.limit = limit;
            this.meter = meter;
            this.at = at;
            this.amount = amount;
            this.windows = windows;
            this.subjects = subjects;
            this.handles = new long[windows.size()];
        }

        Limit limit() {
            return limit;
        }

        Meter meter() {
            return meter;
        }

        Instant at() {
            return at;
        }

        long amount() {
            return amount;
        }

        /** As the intent has it: what tries after a rest says so, since the beginning of that rest may be long ago when it is read. */
        long recorded() {
            return tries ? TRIES : amount;
        }

        private void take(Counts counts, long now) {
            for (int i = 0; i < handles.length; i++) {
                handles[i] = windows.get(i).add(now, amount);
            }
            eachBreaker(counts, now, breaker -> tries |= breaker.passes(this, now));
        }

        /** Looked up each time: one of whom nothing counts may have been forgotten meanwhile. */
        private void eachBreaker(Counts counts, long now, Consumer<Breaker> work) {
            subjects.forEach(subject -> counts.breaker(limit, subject, now).ifPresent(work));
        }

        void giveBack(long left) {
            for (int i = 0; i < handles.length; i++) {
                windows.get(i).reduce(handles[i], left);
            }
        }

        /** For a breaker: how it ended. */
        void ended(Counts counts, Effect effect, long now) {
            eachBreaker(counts, now, breaker -> {
                if (effect instanceof Effect.NotSent) {
                    breaker.gone(this);
                } else if (fails(effect)) {
                    failed(breaker, now);
                } else {
                    breaker.succeeded(this);
                }
            });
        }

        private void failed(Breaker breaker, long now) {
            breaker.failed(now, limit.max(), rest(limit), this);
        }
    }

    static boolean fails(Effect effect) {
        return switch (effect) {
            case Effect.Answered answered -> answered.toolError();
            case Effect.Refused ignored -> true;
            case Effect.Unknown ignored -> true;
            case Effect.NotSent ignored -> false;
            case Effect.Kept ignored -> false;
            case Effect.Elsewhere elsewhere -> elsewhere.told() == Effect.Told.FAILURE;
        };
    }

    /** Asks each limit. Why it may not be, or empty: then {@link #take}. */
    Optional<Denial> of(List<Limit> about, Instant moment) {
        at = moment;
        now = nanos(moment);
        for (Limit limit : about) {
            Optional<Denial> refused = ask(limit);
            if (refused.isPresent()) {
                return refused;
            }
        }
        return Optional.empty();
    }

    List<Part> take() {
        parts.forEach(part -> part.take(counts, now));
        return parts;
    }

    private Optional<Denial> ask(Limit limit) {
        List<String> subjects = limit.subjects(who);
        OptionalLong worst = meter.worst(limit);
        if (subjects.isEmpty() || (worst.isPresent() && worst.getAsLong() == 0)) {
            return Optional.empty();
        }
        return limit.count() == Quantity.FAILURES ? askBreakers(limit, subjects) : askWindows(limit, subjects, worst);
    }

    private Optional<Denial> askBreakers(Limit limit, List<String> subjects) {
        for (String subject : subjects) {
            Optional<Breaker> breaker = counts.breaker(limit, subject, now);
            if (breaker.isEmpty()) {
                return Optional.of(full(limit));
            }
            if (breaker.get().refuses(now)) {
                return Optional.of(rests(limit, subject, breaker.get().freeAt(now)));
            }
        }
        parts.add(new Part(limit, meter, at, 1, List.of(), subjects));
        return Optional.empty();
    }

    private Optional<Denial> askWindows(Limit limit, List<String> subjects, OptionalLong worst) {
        List<Window> windows = new ArrayList<>(1);
        long left = limit.max();
        String scarcest = subjects.getFirst();
        for (String subject : subjects) {
            Optional<Window> window = limit.count() == Quantity.REPEATS
                    ? counts.call(limit, subject, call, now)
                    : counts.amount(limit, subject, now);
            if (window.isEmpty()) {
                return Optional.of(full(limit));
            }
            long here = limit.max() - window.get().used(now);
            if (here < left) {
                left = here;
                scarcest = subject;
            }
            windows.add(window.get());
        }
        long amount = worst.orElse(Math.max(1, left));
        if (amount > left) {
            long free = windows.stream()
                    .mapToLong(window -> window.freeAt(now, amount, limit.max()))
                    .max()
                    .orElse(now);
            return Optional.of(reached(limit, scarcest, amount, left, free));
        }
        parts.add(new Part(limit, meter, at, amount, windows, List.of()));
        return Optional.empty();
    }

    private Denial reached(Limit limit, String subject, long amount, long left, long free) {
        String what = "of " + text(limit, limit.max()) + within(limit) + ", " + text(limit, Math.max(0, left))
                + " is left for " + named(subject) + ", and this may take " + text(limit, amount);
        String code = limit.count() == Quantity.REPEATS ? REPEATED : REACHED;
        return denial(limit, code, what, free);
    }

    private Denial rests(Limit limit, String subject, long free) {
        return denial(
                limit,
                RESTS,
                named(subject) + " had " + limit.max() + " failures" + within(limit) + " and rests",
                free);
    }

    private static Denial full(Limit limit) {
        return Denial.of(
                        FULL,
                        ReasonClass.UNAVAILABLE,
                        "the limit `" + limit.ref().name() + "` counts for " + Counts.MOST_SUBJECTS
                                + " at once, and no more")
                .withRule(limit.ref());
    }

    private Denial denial(Limit limit, String code, String what, long free) {
        String reason = "the limit `" + limit.ref().name() + "`: " + what;
        String why = limit.reason().isEmpty() ? reason : limit.reason() + "; " + reason;
        Denial denial =
                Denial.of(code, ReasonClass.LIMIT, why + room(limit, free)).withRule(limit.ref());
        return limit.tellAgent() ? denial.withTell(told(limit, code, free)) : denial;
    }

    /** For operators: when it may be asked again. */
    private String room(Limit limit, long free) {
        if (free != Window.FOREVER) {
            return "; there is room at "
                    + at.plusNanos(free - now).truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
        }
        return limit.count() == Quantity.CONCURRENT || limit.count() == Quantity.FAILURES
                ? "; there is room when another call has ended"
                : "; it is more than the limit, so there is never room";
    }

    private String told(Limit limit, String code, long free) {
        String what = switch (code) {
            case REPEATED -> "the same call was made too often";
            case RESTS -> "too many calls failed";
            default -> "the limit of " + text(limit, limit.max()) + within(limit) + " is reached";
        };
        String when = free == Window.FOREVER
                ? limit.window().isPresent() && limit.count() != Quantity.FAILURES
                        ? ""
                        : "; try again when another call has ended"
                : "; try again in " + seconds(free - now) + " s";
        return (limit.reason().isEmpty() ? what : limit.reason() + ": " + what) + when;
    }

    /** More came back than was taken: it is kept back, and counts as all that was taken. */
    static Denial excess(Part part, long actual) {
        Limit limit = part.limit();
        String what = text(limit, actual) + " came, and " + text(limit, part.amount()) + " were left or reserved";
        Denial denial = Denial.of(
                        REACHED, ReasonClass.LIMIT, "the limit `" + limit.ref().name() + "`: " + what)
                .withRule(limit.ref())
                .withHelp("ask for less at once, or raise `worst` of the limit");
        return limit.tellAgent() ? denial.withTell("the result is larger than what is left; ask for less") : denial;
    }

    /** Without what is counted. */
    static String amount(Limit limit, long amount) {
        return limit.count() == Quantity.MONEY ? Prices.text(amount) : String.valueOf(amount);
    }

    static String within(Limit limit) {
        return limit.span().map(span -> " in " + span).orElse(" at once");
    }

    static String text(Limit limit, long amount) {
        return switch (limit.count()) {
            case MONEY -> Prices.text(amount);
            case CALLS, CONCURRENT -> amount + " calls";
            case REPEATS -> amount + " calls alike";
            case ROWS, BYTES, TOKENS, FAILURES -> amount + " " + limit.count().word();
        };
    }

    static String named(String subject) {
        return "`" + subject.replace('\n', ' ') + "`";
    }

    private static long seconds(long nanos) {
        return Math.max(1, Math.ceilDiv(nanos, 1_000_000_000L));
    }

    static long rest(Limit limit) {
        return limit.rest().orElse(Duration.ofMinutes(1)).toNanos();
    }

    /** @throws ArithmeticException after the year 2262 */
    static long nanos(Instant time) {
        return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano());
    }
}
