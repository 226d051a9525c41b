package dev.reeve.cli;

import dev.reeve.audit.EventText;
import dev.reeve.workbench.Candidate;
import dev.reeve.workbench.Replay;
import dev.reeve.workbench.ReplayReport;
import dev.reeve.workbench.Shadows;
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
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code reeve policy replay}: what a policy would have made of what was recorded. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = {
            "Decides recorded actions once more by a policy that is not in force yet, and says which verdicts would be others.",
            "Changes nothing."
        },
        footer = {
            "",
            "DIR has the folders catalog and policies; without it, the installation's own files are taken as they stand. Agents in",
            "those files have the roles and attributes of the files, others the roles that were recorded. What an action depended on",
            "and the record hides (not kept, erased, masked) makes it `unknown`: nothing is guessed. While `reeve serve` runs, reading",
            "is recorded, and conditions are checked against the tools that it knows. Limits are counted over all that was recorded,",
            "with what it came to then; where the record does not say that and it matters, what follows is `unknown` too.",
            "",
            "Exit codes: 0 nothing that counts changes, 4 it does, 5 something is unknown and --strict was given.",
            "",
            "Example:  reeve policy replay ../proposed --last 7d --fail-on wider"
        })
final class PolicyReplay implements Checked {
    private static final int MOST_THREADS = 16;

    /** Which changes end with 4. */
    enum Counting {
        ANY,
        WIDER,
        TIGHTER,
        NOTHING
    }

    @Mixin
    private HomeOptions home = new HomeOptions();

    @Mixin
    private LedgerCopyOption copy = new LedgerCopyOption();

    @Mixin
    private RecordRange range = new RecordRange();

    @Parameters(
            paramLabel = "DIR",
            arity = "0..1",
            description = "a folder with catalog and policies (default: that of reeve.yaml)")
    private @Nullable Path candidate;

    @Option(
            names = "--fail-on",
            paramLabel = "CHANGE",
            description = "any, wider, tighter or nothing: what ends with 4 (default: any)")
    private Counting failOn = Counting.ANY;

    @Option(names = "--strict", description = "ends with 5 if anything is unknown, or if nothing was recorded")
    private boolean strict;

    @Option(names = "--json", description = "one object: counts, and groups with examples")
    private boolean json;

    @Spec
    @Nullable
    private CommandSpec spec;

    @Option(
            names = "--shadow",
            description = "instead tells what rules with `mode: shadow` said of the recorded actions at their time")
    private boolean shadow;

    @Override
    public int run() throws CommandException, IOException {
        ReplayReport report = shadow ? shadows() : replayed();
        print(report);
        return exitCode(report);
    }

    private ReplayReport shadows() throws CommandException, IOException {
        if (candidate != null) {
            throw new CommandException(ExitCodes.USAGE, "--shadow asks the record; it takes no other policy");
        }
        RecordReader.declare(home, copy.given(), "replay", "shadow");
        try (ProgressBar bar = ProgressBar.onTerminal(!json)) {
            return Shadows.run(ledger(), range.filter(Instant.now()), threads(), bar);
        }
    }

    private Path ledger() throws CommandException {
        return copy.given().isPresent() ? copy.given().get() : AuditCommand.ledger(home.read());
    }

    private ReplayReport replayed() throws CommandException, IOException {
        Candidate policy = CandidateFiles.read(home, Optional.ofNullable(candidate));
        RecordReader.declare(home, copy.given(), "replay", policy.version());
        try (ProgressBar bar = ProgressBar.onTerminal(!json)) {
            Instant now = Instant.now();
            return Replay.counted(ledger(), range.filter(now), range.since(now), policy, threads(), bar);
        }
    }

    static int threads() {
        return Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MOST_THREADS);
    }

    private void print(ReplayReport report) {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        if (json) {
            out.println(EventText.json(report.json()));
            out.flush();
            return;
        }
        Screen screen = Screen.on(out);
        screen.table(report.table());
        if (report.ungrouped() > 0) {
            screen.warning(
                    "and " + report.ungrouped() + " actions more, of too many kinds to show; narrow it with --agent");
        }
        screen.line(report.summary());
    }

    private int exitCode(ReplayReport report) {
        long counted = switch (failOn) {
            case ANY -> report.wider() + report.tighter();
            case WIDER -> report.wider();
            case TIGHTER -> report.tighter();
            case NOTHING -> 0;
        };
        if (counted > 0) {
            return ExitCodes.CHANGED;
        }
        if (report.actions() == 0) {
            System.err.println("reeve: nothing in the record matches");
        }
        return strict && (report.unknown() > 0 || report.actions() == 0) ? ExitCodes.UNKNOWN : ExitCodes.OK;
    }
}
