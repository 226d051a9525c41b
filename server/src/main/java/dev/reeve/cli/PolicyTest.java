package dev.reeve.cli;

import dev.reeve.audit.EventText;
import dev.reeve.config.Loaded;
import dev.reeve.config.PolicyCase;
import dev.reeve.config.PolicyCases;
import dev.reeve.config.PolicyFiles;
import dev.reeve.config.PolicySet;
import dev.reeve.policy.PolicySource.FileAgent;
import dev.reeve.policy.Problem;
import dev.reeve.workbench.CaseReport;
import dev.reeve.workbench.CaseRun;
import dev.reeve.workbench.JunitXml;
import dev.reeve.workbench.StarterCases;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code reeve policy test}: cases that the policies must decide as they say. */
@Command(
        name = "test",
        mixinStandardHelpOptions = true,
        description =
                "Decides the cases of the folder tests by the policies as they stand in the files, and says which come out otherwise.",
        footer = {
            "",
            "Changes nothing, and needs no process. Arguments are not checked against the schemas of tools, as the gateway does before it",
            "asks a policy. Coverage counts each rule and permission that ever decided, and each condition that was ever true and ever false.",
            "",
            "Exit codes: 0 all cases hold, 1 one does not or the coverage is too low, 2 a file is wrong or there is no case.",
            "",
            "Example:  reeve policy test --min-coverage 80 --junit report.xml",
            "          reeve policy test --generate --last 1d > tests/starters.yaml"
        })
final class PolicyTest implements Checked {
    private static final long POLL_NANOS = 300_000_000;

    @Mixin
    private HomeOptions home = new HomeOptions();

    @Mixin
    private LedgerCopyOption copy = new LedgerCopyOption();

    @Mixin
    private RecordRange range = new RecordRange();

    @Parameters(
            paramLabel = "DIR",
            arity = "0..1",
            description = "a folder with catalog, policies and tests (default: that of reeve.yaml)")
    private @Nullable Path folder;

    @Option(names = "--json", description = "one object: cases, failures, coverage, results")
    private boolean json;

    @Option(names = "--junit", paramLabel = "FILE", description = "also writes a report in JUnit's XML")
    private @Nullable Path junit;

    @Option(
            names = "--min-coverage",
            paramLabel = "PERCENT",
            description = "fails if less of the policy was looked at; also lists what was not")
    private int minCoverage;

    @Option(names = "--coverage", description = "lists what no case has looked at")
    private boolean listed;

    @Option(names = "--watch", description = "again whenever a file changes, until it is stopped")
    private boolean watch;

    @Option(
            names = "--generate",
            description =
                    "instead prints cases made of recorded actions, of the range that --last, --since, --until, --agent, --tool name")
    private boolean generate;

    @Spec
    @Nullable
    private CommandSpec spec;

    @Override
    public int run() throws CommandException, IOException {
        if (minCoverage < 0 || minCoverage > 100) {
            throw new CommandException(ExitCodes.USAGE, "--min-coverage is from 0 to 100");
        }
        Path files = CandidateFiles.folder(home, Optional.ofNullable(folder));
        if (generate) {
            return generated(files);
        }
        if (!watch) {
            return once(files);
        }
        String seen = "";
        while (!Thread.currentThread().isInterrupted()) {
            String now = PolicyCases.version(files);
            if (!now.equals(seen)) {
                seen = now;
                again(files);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return ExitCodes.OK;
    }

    private void again(Path files) throws IOException {
        try {
            once(files);
        } catch (CommandException e) {
            String.valueOf(e.getMessage()).lines().forEach(line -> System.err.println("reeve: " + Screen.escape(line)));
        }
    }

    private int once(Path files) throws CommandException, IOException {
        Loaded<List<PolicyCase>> cases = PolicyCases.read(files);
        Loaded<PolicySet> set = PolicyFiles.read(files, PolicyRoom::schema);
        refuse(List.of(cases.problems(), set.problems()));
        CaseRun.Opened opened = CaseRun.open(set.value().orElseThrow(), CandidateFiles.tools(home));
        refuse(List.of(opened.problems()));
        if (cases.value().orElseThrow().isEmpty()) {
            throw new CommandException(
                    ExitCodes.USAGE,
                    "there is no case: write a file in the folder `tests`, or let `reeve policy test --generate` make some");
        }
        CaseReport report = opened.run().orElseThrow().run(cases.value().get());
        print(report);
        if (junit != null) {
            Files.writeString(junit, JunitXml.of(report));
        }
        return report.failures() > 0 || report.coverage().percent() < minCoverage ? ExitCodes.FAILED : ExitCodes.OK;
    }

    private static void refuse(List<List<Problem>> found) throws CommandException {
        List<Problem> errors = new ArrayList<>();
        found.forEach(problems -> problems.stream()
                .filter(problem -> problem.severity() == Problem.Severity.ERROR)
                .forEach(errors::add));
        if (!errors.isEmpty()) {
            throw new CommandException(
                    ExitCodes.USAGE, errors.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        }
    }

    private void print(CaseReport report) {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        if (json) {
            out.println(EventText.json(report.json()));
            out.flush();
            return;
        }
        Screen screen = Screen.on(out);
        screen.table(report.table());
        boolean low = report.coverage().percent() < minCoverage;
        if (listed || low) {
            report.coverage().missing().forEach(line -> screen.warning("not covered: " + line));
        }
        if (report.failures() > 0) {
            screen.bad(report.summary());
        } else {
            screen.good(report.summary());
        }
        if (low) {
            screen.bad("the coverage is below " + minCoverage + " %");
        }
    }

    private int generated(Path files) throws CommandException, IOException {
        Loaded<PolicySet> set = PolicyFiles.read(files, PolicyRoom::schema);
        refuse(List.of(set.problems()));
        Path ledger = copy.given().isPresent() ? copy.given().get() : AuditCommand.ledger(home.read());
        RecordReader.declare(home, copy.given(), "replay", "cases");
        String text;
        try (ProgressBar bar = ProgressBar.onTerminal(true)) {
            text = StarterCases.of(
                    ledger,
                    range.filter(Instant.now()),
                    set.value().orElseThrow().source().agents().stream()
                            .map(FileAgent::name)
                            .collect(Collectors.toUnmodifiableSet()),
                    PolicyReplay.threads(),
                    bar);
        }
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        out.print(text);
        out.flush();
        return ExitCodes.OK;
    }
}
