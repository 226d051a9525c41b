package dev.reeve.review;

import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.Json;
import dev.reeve.ledger.Progress;
import dev.reeve.policy.PolicySource;
import dev.reeve.review.Review.Range;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Reviews that come by themselves: each looks at what was recorded since the last one, whatever happened in between. A review that is
 * interrupted leaves nothing, and the next one takes its range too. For one thread; {@link #last} for any.
 */
public final class ScheduledReview {
    /** A record may be written so much later than what it tells of; it belongs to one range only. */
    private static final Duration LATE = Duration.ofMinutes(10);

    private final Path ledger;
    private final ReviewShelf shelf;
    private final ReviewSchedule schedule;
    private final int keep;
    private final InstantSource clock;
    private final Supplier<Optional<PolicySource>> policy;
    private final Recorder recorder;
    private final Tidings tidings;
    private volatile Optional<Last> last = Optional.empty();

    /** What came of the newest one since the start. */
    public record Last(Instant until, Report report) {}

    /** Writes down that there was a review. */
    @FunctionalInterface
    public interface Recorder {
        void reviewed(String report, Json.Obj difference) throws UnrecordableException;
    }

    /** A way to tell people. */
    @FunctionalInterface
    public interface Teller {
        /** @throws IOException if nobody said that they have it: this way is told again later */
        void tell(Untold finding) throws IOException;
    }

    /**
     * @param ledger folder of the record
     * @param folder of the reports
     * @param clock that never goes back (R7)
     * @param ways to tell people, by names that stay; each is told of everything
     */
    public ScheduledReview(
            Path ledger,
            Path folder,
            ReviewSchedule schedule,
            int keep,
            InstantSource clock,
            Supplier<Optional<PolicySource>> policy,
            Recorder recorder,
            Map<String, Teller> ways) {
        this.ledger = ledger;
        this.shelf = new ReviewShelf(folder);
        this.schedule = schedule;
        this.keep = keep;
        this.clock = clock;
        this.policy = policy;
        this.recorder = recorder;
        this.tidings = new Tidings(shelf, ways);
    }

    /**
     * Called now and then: reviews if it is time, and tells what was not told yet.
     *
     * @return whether there was a review
     * @throws IOException if the record cannot be read, the report not be written, or nobody be told; the next call tries again
     */
    public boolean tick() throws IOException, UnrecordableException {
        Instant until = clock.instant().minus(LATE);
        Optional<Instant> since = shelf.until();
        boolean due = schedule.isDue(since, until);
        if (due) {
            // Before anything is recorded: what cannot be read would make a record of each try.
            Known known = new Known(shelf.untold(), shelf.told());
            review(new Range(since, Optional.of(until)), until, known);
        }
        tidings.tell();
        return due;
    }

    /** What was to be told before, and what was told. */
    private record Known(List<Untold> untold, Set<String> told) {}

    private void review(Range range, Instant until, Known known) throws IOException, UnrecordableException {
        Report report = Review.run(ledger, range, policy.get(), 1, Progress.silent());
        Json.Builder about = Json.object();
        range.since().ifPresent(since -> about.put("since", since.toString()));
        Json.Obj span = about.put("until", until.toString()).build();
        Json.Obj counts = report.counts().build();
        recorder.reviewed(ReviewShelf.name(until), with(span, counts));
        toTell(report, known);
        shelf.put(until, with(span, report.json()), keep);
        last = Optional.of(new Last(until, report));
    }

    /** High findings that are new. Before the report, so that none is forgotten in between. */
    private void toTell(Report report, Known before) throws IOException {
        List<Untold> untold = new ArrayList<>(before.untold());
        Set<String> known = new HashSet<>(before.told());
        untold.forEach(one -> known.add(one.id()));
        report.findings().stream()
                .filter(finding -> finding.severity() == Severity.HIGH && known.add(finding.id()))
                .forEach(finding -> untold.add(Untold.of(finding)));
        shelf.untold(untold);
    }

    private static Json.Obj with(Json.Obj first, Json.Obj second) {
        Json.Builder both = Json.object();
        first.members().forEach(both::put);
        second.members().forEach(both::put);
        return both.build();
    }

    /** Empty if there was none since the start. */
    public Optional<Last> last() {
        return last;
    }
}
