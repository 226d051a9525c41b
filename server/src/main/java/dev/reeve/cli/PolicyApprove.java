package dev.reeve.cli;

import dev.reeve.config.ReeveConfig;
import dev.reeve.json.Json;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reeve policy approve}: a second person agrees to a policy that may allow more (R27). */
@Command(
        name = "approve",
        mixinStandardHelpOptions = true,
        description = "Agrees, as a second person, to the policy that waits, and puts it in force.",
        footer = {
            "",
            "Read it before: `reeve policy diff`. The second person is another administrator, with a token of their own",
            "(`reeve admin token NAME`), which is read from --token-file or asked for at the terminal.",
            "",
            "Example:  reeve policy approve 3f9c12ab --token-file ~/my-token"
        })
final class PolicyApprove extends ControlCommand {
    private static final int MOST_BYTES = 1_024;

    @Parameters(paramLabel = "VERSION", description = "the version that was read, or its first characters")
    private String version = "";

    @Option(names = "--token-file", paramLabel = "FILE", description = "the second person's token")
    private @Nullable Path tokenFile;

    @Override
    Control open(ReeveConfig config) throws CommandException {
        return Control.running(config);
    }

    @Override
    int run(Control control, Screen screen) throws CommandException {
        String waiting = control.get("/v1/policy/waiting")
                .object("waiting")
                .flatMap(it -> it.string("version"))
                .orElseThrow(() -> new CommandException(ExitCodes.FAILED, "no policy waits for a second person"));
        if (version.length() < 4 || !waiting.startsWith(version)) {
            throw new CommandException(
                    ExitCodes.FAILED,
                    "what waits is version " + waiting + ", not `" + version + "`: read it with `reeve policy diff`");
        }
        Json.Obj body =
                Json.object().put("version", waiting).put("token", token()).build();
        Json.Obj done = control.call("POST", "/v1/policy/approve", body);
        if (json) {
            return printed(done);
        }
        screen.good("in force: version " + waiting + ", seconded by " + text(done, "seconded_by"));
        return ExitCodes.OK;
    }

    private String token() throws CommandException {
        if (tokenFile != null) {
            try {
                if (Files.size(tokenFile) > MOST_BYTES) {
                    throw new CommandException(ExitCodes.USAGE, tokenFile + " is too large to hold a token");
                }
                return Files.readString(tokenFile).strip();
            } catch (IOException e) {
                throw new CommandException(ExitCodes.USAGE, "the token cannot be read: " + e.getMessage());
            }
        }
        return Optional.ofNullable(System.console())
                .filter(Console::isTerminal)
                .flatMap(console -> Optional.ofNullable(console.readPassword("token of the second person: ")))
                .map(String::valueOf)
                .orElseThrow(() -> new CommandException(
                        ExitCodes.USAGE, "say with --token-file where the second person's token is"));
    }
}
