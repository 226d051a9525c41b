package dev.reeve.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The token of the person who types: who runs the command is only a user of the operating system, which agents may run as (R16). */
final class PersonToken {
    private static final int MOST_BYTES = 1_024;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "your own token (reeve admin token NAME --role approver); asked for at the terminal otherwise")
    private @Nullable Path file;

    String read() throws CommandException {
        if (file != null) {
            try {
                if (Files.size(file) > MOST_BYTES) {
                    throw new CommandException(ExitCodes.USAGE, file + " is too large to hold a token");
                }
                return Files.readString(file).strip();
            } catch (IOException e) {
                throw new CommandException(ExitCodes.USAGE, "the token cannot be read: " + e.getMessage());
            }
        }
        return Optional.ofNullable(System.console())
                .filter(Console::isTerminal)
                .flatMap(console -> Optional.ofNullable(console.readPassword("your token: ")))
                .map(String::valueOf)
                .orElseThrow(() -> new CommandException(
                        ExitCodes.USAGE,
                        "say with --token-file where your own token is: the user of the operating system is no person who"
                                + " can approve, since agents may run as the same one"));
    }
}
