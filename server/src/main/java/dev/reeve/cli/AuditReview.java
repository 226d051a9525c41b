package dev.reeve.cli;

import dev.reeve.audit.EventText;
import dev.reeve.policy.PolicySource;
import dev.reeve.review.Finding;
import dev.reeve.review.Report;
import dev.reeve.review.Review;
import dev.reeve.review.Review.Range;
import dev.reeve.review.Severity;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code reeve audit review}: what no decision could see at its moment. */
@Command(
        name = "review",
        mixinStandardHelpOptions = true,
        description = {
            "Reads the whole record once and finds what no decision could see at its moment: outcomes unlike their intents, much access",
            "right before an end, what was denied and then done otherwise, permissions that nothing needed. Changes nothing."
        },
        footer = {
            "",
            "Each finding has an id that stays the same from review to review, a severity, and the records that it rests on: look at",
            "them with `reeve audit show`. docs/review.md says when each is found.",
            "",
            "Exit codes: 0 nothing that counts was found, 4 it was.",
            "",
            "Example:  reeve audit review --last 1d --fail-on medium"
        })
final class AuditReview implements Checked {
    /** Which findings end with 4. */
    enum Counting {
        HIGH,
        MEDIUM,
        LOW,
        NOTHING
    }

    @Mixin
    private HomeOptions home = new HomeOptions();

    @Mixin
    private LedgerCopyOption copy = new LedgerCopyOption();

    @Mixin
    private TimeRange range = new TimeRange();

    @Option(
            names = "--fail-on",
            paramLabel = "SEVERITY",
            description = "high, medium, low or nothing: what ends with 4 (default: high)")
    private Counting failOn = Counting.HIGH;

    @Option(names = "--json", description = "one object: counts and findings")
    private boolean json;

    @Spec
    @Nullable
    private CommandSpec spec;

    @Override
    public int run() throws CommandException, IOException {
        Instant now = Instant.now();
        Range given = range.range(now);
        Range asked = new Range(given.since(), given.until().filter(now::isAfter));
        Optional<PolicySource> policy = policy();
        RecordReader.declare(home, copy.given(), "replay", "review");
        try (ProgressBar bar = ProgressBar.onTerminal(!json)) {
            Report report = Review.run(ledger(), asked, policy, PolicyReplay.threads(), bar);
            print(report);
            return exitCode(report);
        }
    }

    /** Whose permissions are looked at: the installation's as they stand; beside a copy from elsewhere there may be none. */
    private Optional<PolicySource> policy() throws CommandException {
        try {
            return Optional.of(PolicyArchive.standing(home.read()).source());
        } catch (CommandException e) {
            if (copy.given().isPresent()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private Path ledger() throws CommandException {
        return copy.given().isPresent() ? copy.given().get() : AuditCommand.ledger(home.read());
    }

    private void print(Report report) {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        if (json) {
            out.println(EventText.json(report.json()));
            out.flush();
            return;
        }
        Screen screen = Screen.on(out);
        for (Finding finding : report.findings()) {
            if (finding.severity() == Severity.HIGH) {
                screen.bad(finding.headline());
            } else {
                screen.line(finding.headline());
            }
            finding.details().forEach(screen::line);
        }
        if (!report.permissions()) {
            screen.line("permissions were not looked at: there is no policy here that can be read");
        }
        screen.line(report.summary());
    }

    private int exitCode(Report report) {
        boolean found = switch (failOn) {
            case HIGH -> report.hasAtLeast(Severity.HIGH);
            case MEDIUM -> report.hasAtLeast(Severity.MEDIUM);
            case LOW -> report.hasAtLeast(Severity.LOW);
            case NOTHING -> false;
        };
        return found ? ExitCodes.CHANGED : ExitCodes.OK;
    }
}
