package dev.reeve.cli;

import dev.reeve.analysis.Invariants;
import dev.reeve.analysis.Lint;
import dev.reeve.analysis.Reach;
import dev.reeve.config.Check;
import dev.reeve.config.Home;
import dev.reeve.config.PolicySet;
import dev.reeve.config.ReeveConfig;
import dev.reeve.config.ReeveFile;
import dev.reeve.json.JsonWriter;
import dev.reeve.policy.PolicySource;
import dev.reeve.policy.Problem;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code reeve check}: reads all files as {@code serve} would, and tells everything that is wrong with them at once. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Reads reeve.yaml, catalog/ and policies/, and tells all mistakes with file, line and fix.",
        footer = {
            "",
            "Also tells what can never match, is needless, or allows more than anybody is likely to mean; see docs/policy-analysis.md.",
            "Changes nothing. While `reeve serve` runs, conditions are checked against the tools that it knows; otherwise names of",
            "arguments are taken as they are written. Ends with 0 if there is no error, 2 if there is one.",
            "",
            "Example:  reeve check --home my-company"
        })
final class CheckCommand implements Checked {
    @Mixin
    private HomeOptions home = new HomeOptions();

    @Option(
            names = "--json",
            description = "one object: ok, errors, warnings, notes, policy_version, problems, ignored")
    private boolean json;

    @Option(
            names = "--format",
            paramLabel = "FORM",
            description = "${COMPLETION-CANDIDATES}: sarif is SARIF 2.1.0, for whoever shows findings beside code")
    private Form form = Form.text;

    @Spec
    @Nullable
    private CommandSpec spec;

    @Override
    public int run() throws CommandException {
        Home folder = home.existing();
        Optional<ReeveConfig> config = ReeveFile.read(folder).value();
        Check.Report report = Check.run(
                folder,
                PolicyRoom::schema,
                (set, upstreams) -> {
                    List<Problem> problems = problems(set, KnownTools.of(config, upstreams), KnownAgents.of(config));
                    config.ifPresent(it -> problems.addAll(JudgeRoom.unknown(set.source(), it)));
                    return problems;
                },
                (draft, upstreams) -> {
                    List<Problem> problems = new ArrayList<>(PolicyRoom.compile(draft, KnownTools.of(config, upstreams))
                            .problems());
                    config.ifPresent(it -> problems.addAll(JudgeRoom.unknown(draft.source(), it)));
                    return problems;
                });
        PrintWriter out = java.util.Objects.requireNonNull(spec).commandLine().getOut();
        out.print(
                switch (json ? Form.json : form) {
                    case text -> report.text();
                    case json -> JsonWriter.text(report.json()) + "\n";
                    case sarif -> JsonWriter.text(report.sarif(Version.number())) + "\n";
                });
        out.flush();
        return report.isOk() ? ExitCodes.OK : ExitCodes.USAGE;
    }

    private static List<Problem> problems(PolicySet set, KnownTools tools, KnownAgents agents) {
        List<Problem> problems = new ArrayList<>(PolicyRoom.compile(set, tools).problems());
        problems.addAll(Lint.of(set.source(), agents.roles(), tools.upstreams()));
        Reach.of(set.source(), tools, set.askers())
                .map(reach -> new Invariants(reach, agents.orOf(set.source()), roles(set.source())))
                .ifPresent(invariants ->
                        problems.addAll(invariants.check(set.source().nevers())));
        return problems;
    }

    private static List<String> roles(PolicySource source) {
        return source.roles().stream().map(PolicySource.Role::name).toList();
    }

    /** As they are typed. */
    enum Form {
        text,
        json,
        sarif
    }
}
