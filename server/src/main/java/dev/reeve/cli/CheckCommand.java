package dev.reeve.cli;

import dev.reeve.config.Check;
import dev.reeve.config.Home;
import dev.reeve.config.ReeveConfig;
import dev.reeve.config.ReeveFile;
import dev.reeve.json.JsonWriter;
import java.io.PrintWriter;
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
            "Changes nothing. While `reeve serve` runs, conditions are checked against the tools that it knows; otherwise names of",
            "arguments are taken as they are written. Ends with 0 if there is no error, 2 if there is one.",
            "",
            "Example:  reeve check --home my-company"
        })
final class CheckCommand implements Checked {
    @Mixin
    private HomeOptions home = new HomeOptions();

    @Option(names = "--json", description = "one object: ok, errors, warnings, policy_version, problems")
    private boolean json;

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
                (set, upstreams) -> PolicyRoom.compile(set, KnownTools.of(config, upstreams))
                        .problems());
        PrintWriter out = java.util.Objects.requireNonNull(spec).commandLine().getOut();
        out.print(json ? JsonWriter.text(report.json()) + "\n" : report.text());
        out.flush();
        return report.isOk() ? ExitCodes.OK : ExitCodes.USAGE;
    }
}
