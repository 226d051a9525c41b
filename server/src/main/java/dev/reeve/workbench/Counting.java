package dev.reeve.workbench;

import dev.reeve.action.Action;
import dev.reeve.budget.Limit;
import dev.reeve.budget.Quantity;
import dev.reeve.budget.Recount;
import dev.reeve.budget.Recount.Answer;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Facts;
import dev.reeve.gate.Journal.Ruling;
import dev.reeve.json.Json;
import dev.reeve.record.Event.Stored;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What a candidate's limits would have stopped: its verdicts come in the order of the record, with the outcomes between them. What an action came to is what
 * the record says.
 */
final class Counting {
    private final Candidate candidate;
    private final Recount recount;
    private final Consumer<Replayed> out;

    /** @param out takes what somebody asked for */
    Counting(Candidate candidate, Consumer<Replayed> out) {
        this.candidate = candidate;
        this.recount = new Recount(candidate.limits());
        this.out = out;
    }

    /** What is taken of one record. */
    sealed interface Step {
        Instant at();
    }

    /**
     * A decision, as it would be without limits.
     *
     * @param asked whether it belongs into the report
     * @param ran whether something came of it then, or may have: its outcome is another record
     * @param recorded empty if it could not be rebuilt
     * @param unlimited empty if that is not known
     */
    record Decided(
            String ticket,
            Instant at,
            boolean asked,
            boolean ran,
            Optional<RecordedAction> recorded,
            Optional<Candidate.Unlimited> unlimited,
            Replayed replayed)
            implements Step {}

    /** What came of one. */
    record Outcome(String ticket, Instant at, Recount.Ended ended) implements Step {}

    static Step step(Stored stored, Candidate candidate, boolean asked) {
        return stored.kind().equals("outcome") ? outcome(stored) : decided(stored, candidate, asked);
    }

    static Decided decided(Stored stored, Candidate candidate, boolean asked) {
        boolean ran = stored.kind().equals("intent");
        Optional<RecordedAction> recorded = Optional.empty();
        Optional<Candidate.Unlimited> unlimited = Optional.empty();
        Replayed replayed;
        try {
            RecordedAction one = Rebuilding.of(stored);
            recorded = Optional.of(one);
            Candidate.Unlimited now = candidate.withoutLimits(one);
            unlimited = Optional.of(now);
            replayed = Replay.of(stored.id(), one, candidate.version(), now.judgement());
        } catch (UnknownException e) {
            replayed = Replayed.unknown(stored, String.valueOf(e.getMessage()));
        }
        return new Decided(stored.id(), time(stored), asked, ran, recorded, unlimited, replayed);
    }

    /** Of a call of before, people released the result: the call itself counted when it ran. */
    private static final Set<String> NOTHING_SENT = Set.of("not_sent", "released");

    private static Outcome outcome(Stored stored) {
        String status = stored.leaf().string("status").orElse("");
        Map<String, Long> amounts = amounts(stored.leaf());
        boolean failed = Set.of("tool_error", "upstream_error", "outcome_unknown", "reported_failure")
                .contains(status);
        Optional<Long> rows = stored.leaf()
                .object("result")
                .flatMap(counts -> counts.get("rows_returned"))
                .filter(Json.Num.class::isInstance)
                .flatMap(number -> ((Json.Num) number).whole());
        return new Outcome(
                stored.id(),
                time(stored),
                new Recount.Ended(
                        !NOTHING_SENT.contains(status), failed, limit -> spent(limit, status, amounts, rows)));
    }

    /** What nobody knows the end of stays at worst, as it does at the gate (R3). */
    private static OptionalLong spent(Limit limit, String status, Map<String, Long> amounts, Optional<Long> rows) {
        Long amount = amounts.get(limit.id());
        if (amount != null) {
            return OptionalLong.of(amount);
        }
        if (status.equals("outcome_unknown")) {
            return OptionalLong.of(Long.MAX_VALUE);
        }
        return limit.count() == Quantity.ROWS && status.equals("success") && rows.isPresent()
                ? OptionalLong.of(rows.get())
                : OptionalLong.empty();
    }

    private static Map<String, Long> amounts(Json.Obj leaf) {
        Map<String, Long> amounts = new HashMap<>();
        for (Json item : leaf.array("limits").orElse(Json.Arr.EMPTY).items()) {
            if (item instanceof Json.Obj one && one.get("amount").orElse(Json.Null.NULL) instanceof Json.Num number) {
                number.whole().ifPresent(amount -> amounts.put(one.string("id").orElse(""), amount));
            }
        }
        return amounts;
    }

    private static Instant time(Stored stored) {
        try {
            return Instant.parse(stored.leaf().string("time").orElse(""));
        } catch (DateTimeException e) {
            return Instant.EPOCH;
        }
    }

    /** In the order of the record. */
    void take(Step step) {
        switch (step) {
            case Outcome outcome -> recount.end(outcome.ticket(), outcome.ended(), outcome.at());
            case Decided decided -> {
                Replayed limited = limited(decided);
                if (decided.asked()) {
                    out.accept(limited);
                }
            }
        }
    }

    private Replayed limited(Decided decided) {
        if (decided.unlimited().isEmpty() || decided.recorded().isEmpty()) {
            decided.recorded().ifPresent(recorded -> recount.doubt(recorded.action(), decided.at()));
            return decided.replayed();
        }
        Candidate.Unlimited now = decided.unlimited().get();
        Judgement judgement = now.judgement();
        return switch (judgement.ruling()) {
            case HOLD -> decided.replayed();
            case DENY -> {
                denied(now.action(), now.facts(), judgement.code().orElse(""), decided);
                yield decided.replayed();
            }
            case ALLOW -> now.facts().map(facts -> counted(decided, now, facts)).orElse(decided.replayed());
        };
    }

    private void denied(Action action, Optional<Facts> facts, String code, Decided decided) {
        recount.denied(action, facts, code, decided.at());
    }

    private Replayed counted(Decided decided, Candidate.Unlimited now, Facts facts) {
        return switch (recount.begin(now.action(), facts, decided.at())) {
            case Answer.Room ignored -> {
                if (!decided.ran()) {
                    recount.end(now.action().id(), Recount.Ended.NEVER_RAN, decided.at());
                }
                yield decided.replayed();
            }
            case Answer.Unknown(var limit) ->
                decided.replayed().asUnknown("what other calls used of the limit `" + limit.name() + "`");
            case Answer.Refused(Denial denial) -> {
                denied(now.action(), Optional.of(facts), denial.code(), decided);
                yield Replay.of(
                        decided.ticket(),
                        decided.recorded().orElseThrow(),
                        candidate.version(),
                        new Judgement(
                                Ruling.DENY,
                                Set.of(),
                                Optional.of(Handling.NONE),
                                Optional.of(denial.code()),
                                denial.rule(),
                                denial.reason()));
            }
        };
    }
}
