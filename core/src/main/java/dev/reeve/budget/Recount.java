package dev.reeve.budget;

import dev.reeve.action.Action;
import dev.reeve.budget.Taking.Part;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Effect;
import dev.reeve.gate.Facts;
import dev.reeve.gate.RuleRef;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * Recorded actions counted by limits that were not in force then: which of them would have been stopped. What the record does not say of an action is
 * counted twice, as nothing and at worst; where that makes a difference, the answer is unknown, and so is what depends on it. For one thread.
 */
public final class Recount {
    /** In the place of a subject: whichever it is. */
    private static final String ANYBODY = "";

    private final Limits limits;
    private final Counts least = new Counts();
    private final Counts most = new Counts();
    private final Map<String, Open> open = new HashMap<>();
    /** Until when it is not known whether something counts, by limit and subject. */
    private final Map<String, Long> doubts = new HashMap<>();

    private Instant now = Instant.EPOCH;

    private record Open(List<Part> least, List<Part> most) {}

    public Recount(Limits limits) {
        this.limits = limits;
    }

    /** Whether one action more would have been let through. */
    public sealed interface Answer {
        record Room() implements Answer {}

        record Refused(Denial denial) implements Answer {}

        /** It depends on what others used of this limit, and the record does not say that. */
        record Unknown(RuleRef limit) implements Answer {}
    }

    /**
     * How an action ended.
     *
     * @param spent of a limit as the record has it; empty if it has nothing of it
     */
    public record Ended(boolean sent, boolean failed, Function<Limit, OptionalLong> spent) {
        /** Of one that did not run then: nobody knows what it would have come to. It is taken for one that takes no time and succeeds. */
        public static final Ended NEVER_RAN = new Ended(true, false, limit -> OptionalLong.empty());
    }

    private long at(Instant time) {
        now = time.isAfter(now) ? time : now;
        return Taking.nanos(now);
    }

    /** Takes what it would have taken. Times never go back. */
    public Answer begin(Action action, Facts facts, Instant time) {
        long at = at(time);
        List<Limit> about = limits.about(action, facts);
        if (about.isEmpty()) {
            return new Answer.Room();
        }
        Per.Who who = Budgets.who(action, facts);
        boolean compares = about.stream().anyMatch(limit -> limit.count() == Quantity.REPEATS);
        String call = compares ? Tally.call(action.operation()) : "";
        Meter meter = limits.meter(action.operation());
        Taking low = new Taking(least, who, meter, call);
        Optional<Denial> surely = low.of(about, now);
        if (surely.isPresent()) {
            return new Answer.Refused(surely.get());
        }
        Taking high = new Taking(most, who, meter, call);
        Optional<RuleRef> perhaps = high.of(about, now)
                .flatMap(Denial::rule)
                .or(() -> about.stream()
                        .filter(limit -> isDoubtful(limit, who, at))
                        .map(Limit::ref)
                        .findFirst());
        if (perhaps.isPresent()) {
            about.forEach(limit -> doubt(limit, limit.subjects(who), at));
            return new Answer.Unknown(perhaps.get());
        }
        open.put(action.id(), new Open(low.take(), high.take()));
        return new Answer.Room();
    }

    private boolean isDoubtful(Limit limit, Per.Who who, long at) {
        return limit.subjects(who).stream()
                .anyMatch(subject -> isDoubtful(limit, subject, at) || isDoubtful(limit, ANYBODY, at));
    }

    private boolean isDoubtful(Limit limit, String subject, long at) {
        return doubts.getOrDefault(key(limit, subject), 0L) > at;
    }

    private void doubt(Limit limit, List<String> subjects, long at) {
        long until = limit.window()
                .map(window -> at + Limits.counts(limit, window).toNanos())
                // It runs no longer than a call may.
                .orElse(at + Duration.ofHours(1).toNanos());
        subjects.forEach(subject -> doubts.merge(key(limit, subject), until, Math::max));
    }

    private static String key(Limit limit, String subject) {
        return limit.id() + '\n' + subject;
    }

    /** Of an action whose verdict is not known: it may count or not, and nobody knows which models it asks. */
    public void doubt(Action action, Instant time) {
        long at = at(time);
        Per.Who who = Budgets.who(action, Optional.empty());
        for (Limit limit : limits.all()) {
            if (limit.about().mayMatch(action)) {
                boolean known = !limit.per().contains(Per.MODEL);
                doubt(limit, known ? limit.subjects(who) : List.of(ANYBODY), at);
            }
        }
    }

    /** Of one that was let through; of another, nothing. */
    public void end(String id, Ended ended, Instant time) {
        long at = at(time);
        Open taken = open.remove(id);
        if (taken != null) {
            taken.least().forEach(part -> settle(least, part, ended, 0, at));
            taken.most().forEach(part -> settle(most, part, ended, part.amount(), at));
        }
    }

    private static void settle(Counts counts, Part part, Ended ended, long otherwise, long at) {
        switch (part.limit().count()) {
            case CONCURRENT -> part.giveBack(part.amount());
            case FAILURES -> part.ended(counts, effect(ended), at);
            case CALLS, REPEATS -> part.giveBack(ended.sent() ? 0 : part.amount());
            case ROWS, BYTES, TOKENS, MONEY -> part.giveBack(part.amount() - came(part, ended, otherwise));
        }
    }

    private static long came(Part part, Ended ended, long otherwise) {
        if (!ended.sent()) {
            return 0;
        }
        if (part.limit().count() == Quantity.MONEY && part.meter().isFixed()) {
            return part.amount();
        }
        return Math.clamp(ended.spent().apply(part.limit()).orElse(otherwise), 0, part.amount());
    }

    private static Effect effect(Ended ended) {
        return ended.sent()
                ? new Effect.Elsewhere(ended.failed() ? Effect.Told.FAILURE : Effect.Told.SUCCESS)
                : new Effect.NotSent(Denial.of("not_sent", Denial.ReasonClass.UNAVAILABLE, "as recorded"));
    }

    /**
     * A denial, which some limits count as a failure.
     *
     * @param facts empty if it was denied before anything was known
     */
    public void denied(Action action, Optional<Facts> facts, String code, Instant time) {
        long at = at(time);
        if (!Budgets.isFailure(code)) {
            return;
        }
        Per.Who who = Budgets.who(action, facts);
        for (Limit limit : limits.all()) {
            boolean counts = limit.count() == Quantity.FAILURES
                    && facts.map(known -> limit.about().matches(action, known))
                            .orElseGet(() -> limit.about().mayMatch(action));
            if (counts) {
                limit.subjects(who)
                        .forEach(subject -> List.of(least, most)
                                .forEach(all -> all.breaker(limit, subject, at)
                                        .ifPresent(
                                                breaker -> breaker.failed(at, limit.max(), Taking.rest(limit), null))));
            }
        }
    }
}
