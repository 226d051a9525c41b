package dev.reeve.approval;

import dev.reeve.approval.Approval.State;
import dev.reeve.gate.Approvals.Question;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Denial.ReasonClass;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/** Whether there is room for one more question. Not safe for several threads: its owner has a lock. */
final class Places {
    private final ApprovalBook book;
    private final Limits limits;
    private final HourlyCeiling hourly;

    Places(ApprovalBook book, Limits limits) {
        this.book = book;
        this.limits = limits;
        this.hourly = new HourlyCeiling(limits.askedAnHour());
        book.all().stream()
                .sorted(Comparator.comparing(Approval::created))
                .forEach(one -> hourly.count(one.asked().agent(), one.created()));
    }

    /** Why it cannot be asked now; empty if it can. */
    Optional<Denial> refusal(Question question, Instant now) {
        long weight = Asked.weight(question);
        if (weight > limits.room().question()) {
            return Optional.of(tooLarge(weight));
        }
        String agent = question.action().principal().agent();
        if (hourly.isReached(agent, now) || waiting(agent, now) >= limits.waiting()) {
            return Optional.of(tooMany("the agent has asked for as many approvals as it may: " + limits.waiting()
                    + " that wait, " + limits.askedAnHour() + " an hour"));
        }
        if (book.weight(one -> one.asked().agent().equals(agent)) + weight
                > limits.room().agent()) {
            return Optional.of(tooMany("what the agent has asked already, and what waits to be used, is as much as is"
                    + " kept for one agent: " + limits.room().agent() + " characters"));
        }
        return book.weight(one -> true) + weight > limits.room().all()
                ? Optional.of(tooMany("what all agents have asked already is as much as is kept: "
                        + limits.room().all() + " characters"))
                : Optional.empty();
    }

    private long waiting(String agent, Instant now) {
        return book.all().stream()
                .filter(one -> one.asked().agent().equals(agent) && one.stateAt(now) == State.PENDING)
                .count();
    }

    private Denial tooLarge(long weight) {
        return Denial.of(
                        "too_large_to_ask",
                        ReasonClass.ARGUMENTS,
                        "a person must approve it, and it is larger than what people can be asked: " + weight
                                + " characters (each value counts 32 more), at most "
                                + limits.room().question())
                .withTell("a person must approve it, and it is too large for that; do it in smaller parts");
    }

    private static Denial tooMany(String reason) {
        return Denial.of("too_many_approvals", ReasonClass.LIMIT, reason)
                .withTell("too many approvals were asked for; wait until people have answered some");
    }

    void asked(Question question, Instant now) {
        hourly.count(question.action().principal().agent(), now);
    }
}
