package dev.reeve.review;

import dev.reeve.audit.LedgerPass;
import dev.reeve.ledger.Progress;
import dev.reeve.policy.PolicySource;
import dev.reeve.record.Event.Stored;
import dev.reeve.workbench.UnusedPermissions;
import dev.reeve.workbench.UnusedPermissions.Use;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads a ledger's folder once, from its beginning, in the memory of a few pieces of it; what stands before the range is looked at for what it tells of
 * the rest. The same records give the same report.
 */
public final class Review {
    private static final Set<String> WHAT_IS_TOUCHED = Set.of("resources", "subject", "record");
    private static final Set<String> WHAT_WAS_NEEDED =
            Set.of("arguments", "input", "resources", "subject", "grants", "digest", "record");

    private final List<Detector> detectors =
            List.of(new Outcomes(), new Endings(), new Probing(), new Approvals(), new Marks());
    private final Range range;
    private final Findings findings;
    private final Optional<UnusedPermissions> permissions;
    private @Nullable Seen last;
    private long records;
    private long actions;

    /** @param since at or after, {@code until} before; the record must be whole up to there */
    public record Range(Optional<Instant> since, Optional<Instant> until) implements Predicate<Instant> {
        public static final Range ALL = new Range(Optional.empty(), Optional.empty());

        @Override
        public boolean test(Instant time) {
            return since.filter(time::isBefore).isEmpty()
                    && until.filter(end -> !time.isBefore(end)).isEmpty();
        }
    }

    private Review(Range range, Optional<PolicySource> policy) {
        this.range = range;
        this.findings = new Findings(range);
        this.permissions = policy.map(UnusedPermissions::new);
    }

    /**
     * @param policy whose permissions are looked at; where there is none, they are not
     * @throws IOException if the ledger cannot be read
     */
    public static Report run(Path ledger, Range range, Optional<PolicySource> policy, int threads, Progress progress)
            throws IOException {
        Review review = new Review(range, policy);
        LedgerPass pass =
                new LedgerPass(ledger, leaf -> true, policy.isPresent() ? WHAT_WAS_NEEDED : WHAT_IS_TOUCHED, threads);
        pass.each(stored -> Optional.of(review.look(stored)), review::take, progress);
        return review.report();
    }

    /** The same of records that somebody has in memory. */
    static Report of(List<Stored> records, Range range, Optional<PolicySource> policy) {
        Review review = new Review(range, policy);
        records.forEach(stored -> review.take(review.look(stored)));
        return review.report();
    }

    /** @param use what of the permissions it needed; nothing where they are not looked at, or it was not allowed */
    private record Looked(Seen seen, Optional<Use> use) {}

    /** On any thread. */
    private Looked look(Stored stored) {
        Seen seen = Seen.of(stored);
        boolean counts = permissions.isPresent()
                && seen.isDecision()
                && !seen.kind().equals("denial")
                && range.test(seen.time());
        return new Looked(seen, counts ? Optional.of(UnusedPermissions.use(stored)) : Optional.empty());
    }

    private void take(Looked looked) {
        Seen seen = looked.seen();
        if (range.until().filter(end -> !seen.time().isBefore(end)).isPresent()) {
            return;
        }
        records++;
        actions += seen.isDecision() && range.test(seen.time()) ? 1 : 0;
        detectors.forEach(detector -> detector.take(seen, findings));
        looked.use().ifPresent(use -> permissions.orElseThrow().take(use));
        last = seen;
    }

    private Report report() {
        Seen newest = last;
        if (newest != null) {
            detectors.forEach(detector -> detector.end(range.until().orElse(newest.time()), findings));
        }
        permissions
                .filter(ignored -> actions > 0)
                .ifPresent(all -> all.unused()
                        .forEach(one -> findings.addAbsent(
                                Check.UNUSED_PERMISSION,
                                Severity.LOW,
                                "in " + actions + " actions (" + one.place() + ")",
                                one.role(),
                                one.resource(),
                                String.join(", ", one.actions()))));
        return new Report(
                findings.all(),
                records,
                actions,
                findings.dropped(),
                permissions.isPresent(),
                permissions.map(UnusedPermissions::hidden).orElse(0L));
    }
}
