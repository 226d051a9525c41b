package dev.reeve.workbench;

import dev.reeve.audit.EventFilter;
import dev.reeve.gate.Journal.Ruling;
import dev.reeve.ledger.Progress;
import dev.reeve.record.Event.Stored;
import dev.reeve.workbench.ReplayReport.What;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** A candidate over what was recorded: which verdicts would be others. Decides nothing, changes nothing. */
public final class Replay {
    private Replay() {}

    /**
     * @param threads at least one; two are a good use of two cores
     * @throws IOException if the ledger cannot be read
     */
    public static ReplayReport run(Path ledger, EventFilter filter, Candidate candidate, int threads, Progress progress)
            throws IOException {
        ReplayReport.Tally tally = new ReplayReport.Tally();
        new DecisionLog(ledger, filter, threads).each(stored -> one(stored, candidate), tally::add, progress);
        return tally.report();
    }

    /**
     * The same, with the limits of the candidate counted over all recorded actions in the order of the record, also over those that nobody asked for.
     *
     * @param since what was asked for begins there; so much before it as a window is long is counted too. Empty: all
     */
    public static ReplayReport counted(
            Path ledger,
            EventFilter filter,
            Optional<Instant> since,
            Candidate candidate,
            int threads,
            Progress progress)
            throws IOException {
        ReplayReport.Tally tally = new ReplayReport.Tally();
        DecisionLog log = new DecisionLog(ledger, filter, threads);
        if (candidate.limits().all().isEmpty()) {
            log.each(stored -> Counting.decided(stored, candidate, true).replayed(), tally::add, progress);
            return tally.report();
        }
        Optional<Instant> begin =
                since.map(time -> time.minus(candidate.limits().longest()));
        Counting counting = new Counting(candidate, tally::add);
        log.eachWithOutcomes(
                begin, (stored, asked) -> Counting.step(stored, candidate, asked), counting::take, progress);
        return tally.report();
    }

    /** What becomes of one action under a candidate, in a line; `unknown` with what would have to be known. */
    public static Now now(Stored stored, Candidate candidate) {
        Replayed one = one(stored, candidate);
        boolean unknown = one.what() == What.UNKNOWN;
        String verdict = unknown ? "unknown" : one.now().toString();
        return new Now(
                verdict,
                unknown
                        ? "needs " + one.reason()
                        : one.rule().map(ReplayReport::place).orElse("no rule")
                                + (one.reason().isEmpty() ? "" : ": " + one.reason()));
    }

    /** @param why the rule, and what it says */
    public record Now(String verdict, String why) {}

    static Replayed one(Stored stored, Candidate candidate) {
        try {
            RecordedAction recorded = Rebuilding.of(stored);
            return one(stored, recorded, candidate);
        } catch (UnknownException e) {
            return Replayed.unknown(stored, String.valueOf(e.getMessage()));
        }
    }

    private static Replayed one(Stored stored, RecordedAction recorded, Candidate candidate) throws UnknownException {
        return of(stored.id(), recorded, candidate.version(), candidate.judge(recorded));
    }

    /** @param version of the candidate */
    static Replayed of(String ticket, RecordedAction recorded, String version, Judgement now) {
        Judgement then = recorded.judged();
        // A statement is recorded as it was sent, with limits and masks in it: asked again, nothing is left to be done
        // to it.
        boolean sameFiles = recorded.isRewritten() && recorded.policy().equals(version);
        if (sameFiles && then.ruling() == now.ruling()) {
            return new Replayed(ticket, recorded.action(), What.SAME, then, now);
        }
        try {
            What what = recorded.isDecidedBefore() ? What.DECIDED_BEFORE : what(then, now);
            return new Replayed(ticket, recorded.action(), what, then, now);
        } catch (UnknownException e) {
            return new Replayed(ticket, recorded.action(), What.SAME, then, now)
                    .asUnknown(String.valueOf(e.getMessage()));
        }
    }

    /** What becomes of it under another candidate than the one. */
    static What what(RecordedAction recorded, Candidate one, Candidate other) throws UnknownException {
        return recorded.isDecidedBefore() ? What.DECIDED_BEFORE : what(one.judge(recorded), other.judge(recorded));
    }

    /** Less may be denied, held or done to what comes back; what is done may itself show more. */
    private static What what(Judgement then, Judgement now) throws UnknownException {
        boolean alike = now.verdict().equals(then.verdict());
        if (!alike && then.verdict().isWidenedBy(now.verdict())) {
            return What.WIDER;
        }
        if (then.ruling() != Ruling.ALLOW || now.ruling() != Ruling.ALLOW) {
            return alike ? What.SAME : What.TIGHTER;
        }
        Handling before = then.handling().orElseThrow(() -> new UnknownException("what was done to its result"));
        return switch (before.to(now.handling().orElseThrow())) {
            case SAME -> alike ? What.SAME : What.TIGHTER;
            case TIGHTER -> What.TIGHTER;
            case WIDER -> What.WIDER;
            case UNKNOWN -> throw new UnknownException("how its rows were filtered");
        };
    }
}
