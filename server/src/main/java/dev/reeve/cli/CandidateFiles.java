package dev.reeve.cli;

import dev.reeve.config.Home;
import dev.reeve.config.ReeveFile;
import dev.reeve.policy.Problem;
import dev.reeve.policy.ToolSchemas;
import dev.reeve.workbench.Candidate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads the policy that a command of the workbench is about, with what the installation knows of its tools. */
final class CandidateFiles {
    private CandidateFiles() {}

    /**
     * @param folder with `catalog` and `policies`; empty: the installation's own
     * @throws CommandException with every mistake in it
     */
    static Candidate read(HomeOptions home, Optional<Path> folder) throws CommandException {
        Path candidate = folder(home, folder);
        Candidate.Read read = Candidate.read(candidate, PolicyRoom::schema, tools(home));
        read.problems().stream()
                .filter(problem -> problem.severity() == Problem.Severity.WARNING)
                .forEach(problem -> System.err.println("reeve: " + Screen.escape(problem.toString())));
        return read.candidate()
                .orElseThrow(() -> new CommandException(
                        ExitCodes.USAGE,
                        read.problems().stream()
                                .filter(problem -> problem.severity() == Problem.Severity.ERROR)
                                .map(Problem::toString)
                                .collect(Collectors.joining("\n"))));
    }

    static Path folder(HomeOptions home, Optional<Path> folder) throws CommandException {
        Path candidate = folder.isPresent() ? folder.get() : home.existing().folder();
        if (!Files.isDirectory(candidate.resolve("policies")) && !Files.isDirectory(candidate.resolve("catalog"))) {
            throw new CommandException(
                    ExitCodes.USAGE, "there is no folder `policies` and no `catalog` in " + candidate.toAbsolutePath());
        }
        return candidate;
    }

    /** The names of the operator's file, though a secret of it may not be at hand here. */
    static ToolSchemas tools(HomeOptions home) throws CommandException {
        Home existing = home.existing();
        return KnownTools.of(
                ReeveFile.read(existing).value(),
                ReeveFile.upstreamNames(existing).orElse(Set.of()));
    }
}
