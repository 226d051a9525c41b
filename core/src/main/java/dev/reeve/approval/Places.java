package dev.reeve.approval;

import dev.reeve.approval.Approval.State;
import dev.reeve.gate.Approvals.Question;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Denial.ReasonClass;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whether there is room for one more question. Who asks takes a place before the hold is recorded, and asks after that: what is about to be
 * asked counts as asked. Not safe for several threads, but for {@link #mayHold}: its owner has a lock.
 */
final class Places {
    private final ApprovalBook book;
    private final Limits limits;
    private final HourlyCeiling hourly;
    /** Of actions, by their ids. */
    private final Map<String, Taken> taken = new ConcurrentHashMap<>();

    private record Taken(String agent, String key, long weight) {}

    Places(ApprovalBook book, Limits limits) {
        this.book = book;
        this.limits = limits;
        this.hourly = new HourlyCeiling(limits.askedAnHour());
        book.all().stream()
                .sorted(Comparator.comparing(Approval::created))
                .forEach(one -> hourly.count(one.asked().agent(), one.created()));
    }

    /** Why it cannot be asked now; empty if it can, and then it has a place. */
    Optional<Denial> take(Question question, Instant now) {
        return take(question, Asked.key(question), now);
    }

    /** @param key by which the same question is known */
    Optional<Denial> take(Question question, String key, Instant now) {
        Optional<Denial> refusal = refusal(question, key, now);
        if (refusal.isEmpty()) {
            taken.put(
                    question.action().id(),
                    new Taken(question.action().principal().agent(), key, Asked.weight(question)));
        }
        return refusal;
    }

    boolean holds(Question question) {
        return taken.containsKey(question.action().id());
    }

    /** From any thread. Whoever took it is the only one who gives it back. */
    boolean mayHold(String action) {
        return taken.containsKey(action);
    }

    void giveBack(String action) {
        taken.remove(action);
    }

    private Optional<Denial> refusal(Question question, String key, Instant now) {
        long weight = Asked.weight(question);
        if (weight > limits.room().question()) {
            return Optional.of(tooLarge(weight));
        }
        String agent = question.action().principal().agent();
        List<Taken> own =
                others(key).stream().filter(one -> one.agent().equals(agent)).toList();
        if (hourly.seen(agent, now) + own.size() >= limits.askedAnHour()
                || waiting(agent, now) + own.size() >= limits.waiting()) {
            return Optional.of(tooMany("the agent has asked for as many approvals as it may: " + limits.waiting()
                    + " that wait, " + limits.askedAnHour() + " an hour"));
        }
        if (book.weight(one -> one.asked().agent().equals(agent)) + weight(own) + weight
                > limits.room().agent()) {
            return Optional.of(tooMany("what the agent has asked already, and what waits to be used, is as much as is"
                    + " kept for one agent: " + limits.room().agent() + " characters"));
        }
        return book.weight(one -> true) + weight(others(key)) + weight
                        > limits.room().all()
                ? Optional.of(tooMany("what all agents have asked already is as much as is kept: "
                        + limits.room().all() + " characters"))
                : Optional.empty();
    }

    /** The same question more than once is one, and this one is none of the others. */
    private Collection<Taken> others(String key) {
        Map<String, Taken> byKey = new HashMap<>();
        taken.values().stream().filter(one -> !one.key().equals(key)).forEach(one -> byKey.put(one.key(), one));
        return byKey.values();
    }

    private static long weight(Collection<Taken> places) {
        return places.stream().mapToLong(Taken::weight).sum();
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
        giveBack(question.action().id());
        hourly.count(question.action().principal().agent(), now);
    }
}
