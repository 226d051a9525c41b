package dev.reeve.cli;

import dev.reeve.config.PolicyFiles;
import dev.reeve.config.PolicySet;
import dev.reeve.config.ReeveConfig;
import dev.reeve.json.Json;
import dev.reeve.policy.Widening;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reeve policy rollback}: puts the files of an older policy back; the running process then takes them as any edit. */
@Command(
        name = "rollback",
        mixinStandardHelpOptions = true,
        description = "Puts the files of catalog/ and policies/ back as they were in an older version.",
        footer = {
            "",
            "Shows the difference and asks. What stands there now is kept beside them, in a folder whose name is printed. A running",
            "`reeve serve` takes the files as any edit: recorded, and where more than one person administers, what may allow more",
            "waits for a second one.",
            "",
            "Example:  reeve policy rollback #3"
        })
final class PolicyRollback extends ControlCommand {
    @Parameters(paramLabel = "VERSION", description = "the first characters of a version, or its number (#3)")
    private String version = "";

    @Option(names = "--yes", description = "do not ask")
    private boolean yes;

    @Override
    int run(Control control, Screen screen) throws CommandException {
        ReeveConfig config = home.read();
        PolicyArchive archive = PolicyArchive.open(home, control);
        try {
            PolicySet wanted = archive.set(archive.find(version));
            PolicyPutBack files = PolicyPutBack.of(config.home(), wanted.files());
            if (files.changes().isEmpty()) {
                note("the files are as they were then");
                return ExitCodes.OK;
            }
            if (!json) {
                files.changes().forEach(change -> line().getOut().print(change));
                tellWider(config, wanted, screen);
            }
            if (!(yes || isAgreed())) {
                note("nothing was changed; say --yes where nobody can be asked");
                return ExitCodes.FAILED;
            }
            Path kept = files.apply(Instant.now());
            String standing = PolicyFiles.version(config.home());
            if (!standing.equals(wanted.version())) {
                throw new CommandException(
                        ExitCodes.FAILED,
                        "the files were put back, and are version " + standing + " instead of " + wanted.version()
                                + ": something else stands beside them; what stood there before is in " + kept);
            }
            if (json) {
                return printed(Json.object()
                        .put("version", wanted.version())
                        .put("kept", kept.toString())
                        .build());
            }
            screen.good("the files are those of version " + wanted.version());
            screen.line("what stood there is in " + kept);
            return ExitCodes.OK;
        } catch (IOException e) {
            throw new CommandException(ExitCodes.FAILED, String.valueOf(e.getMessage()));
        }
    }

    /** What stands there now may be what cannot be read. */
    private static void tellWider(ReeveConfig config, PolicySet wanted, Screen screen) {
        try {
            List<Widening> wider = wanted.widerThan(PolicyArchive.standing(config));
            if (!wider.isEmpty()) {
                screen.warning("may allow more:");
                wider.forEach(one -> screen.line("  " + one));
            }
        } catch (CommandException e) {
            screen.warning("the files as they stand are no policy, so nobody can say whether more is allowed");
        }
    }

    private static boolean isAgreed() {
        return Optional.ofNullable(System.console())
                .filter(Console::isTerminal)
                .flatMap(console -> Optional.ofNullable(console.readLine("Put these files back? [y/N] ")))
                .filter(answer -> answer.strip().equalsIgnoreCase("y"))
                .isPresent();
    }
}
