package dev.reeve.cli;

import dev.reeve.config.ReeveConfig;
import dev.reeve.json.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
    @Parameters(paramLabel = "VERSION", description = "the version that was read, or its first characters")
    private String version = "";

    @Mixin
    private PersonToken token = new PersonToken();

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
                Json.object().put("version", waiting).put("token", token.read()).build();
        Json.Obj done = control.call("POST", "/v1/policy/approve", body);
        if (json) {
            return printed(done);
        }
        screen.good("in force: version " + waiting + ", seconded by " + text(done, "seconded_by"));
        return ExitCodes.OK;
    }
}
