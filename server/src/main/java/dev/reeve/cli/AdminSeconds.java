package dev.reeve.cli;

import dev.reeve.config.ReeveConfig;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** What one administrator asked for and another must agree to (R27). */
final class AdminSeconds {
    private AdminSeconds() {}

    /** Of what was asked for and is not done yet. */
    static void told(Json.Obj answer, boolean json, Screen screen) {
        if (json) {
            screen.line(JsonWriter.text(answer));
            return;
        }
        Json.Obj waiting = answer.object("waiting").orElse(Json.Obj.EMPTY);
        screen.warning("not in force yet: " + ControlCommand.text(waiting, "what"));
        screen.line("another administrator agrees: reeve admin agree " + ControlCommand.text(waiting, "id")
                + " --token-file FILE");
    }

    @Command(
            name = "waiting",
            mixinStandardHelpOptions = true,
            description =
                    "Lists what an administrator asked for and another must agree to: tokens, invitations, groups, agents, definitions, packages.",
            footer = {"", "Example:  reeve admin waiting"})
    static final class ListAll extends ControlCommand {
        @Override
        Control open(ReeveConfig config) throws CommandException {
            return Control.running(config);
        }

        @Override
        int run(Control control, Screen screen) throws CommandException {
            return listed(
                    screen,
                    control.get("/v1/seconds"),
                    "waiting",
                    List.of("ID", "WHAT", "ASKED BY", "UNTIL"),
                    one -> List.of(text(one, "id"), text(one, "what"), text(one, "by"), text(one, "until")));
        }
    }

    @Command(
            name = "agree",
            mixinStandardHelpOptions = true,
            description = "Agrees, as another administrator than who asked; with a token of your own.",
            footer = {"", "Example:  reeve admin agree w_0123456789abcdef --token-file ~/my-token"})
    static final class Agree extends ControlCommand {
        @Parameters(paramLabel = "ID", description = "as `reeve admin waiting` lists it")
        private String id = "";

        @Mixin
        private PersonToken token = new PersonToken();

        @Override
        Control open(ReeveConfig config) throws CommandException {
            return Control.running(config);
        }

        @Override
        int run(Control control, Screen screen) throws CommandException {
            Json.Obj done = control.call(
                    "POST",
                    "/v1/seconds/" + AgentCommand.segment(id) + "/agree",
                    Json.object().put("token", token.read()).build());
            if (json) {
                return printed(done);
            }
            screen.good("agreed: " + text(done, "what"));
            return ExitCodes.OK;
        }
    }

    @Command(
            name = "refuse",
            mixinStandardHelpOptions = true,
            description = "Drops what waits for a second administrator.",
            footer = {"", "Example:  reeve admin refuse w_0123456789abcdef"})
    static final class Refuse extends ControlCommand {
        @Parameters(paramLabel = "ID", description = "as `reeve admin waiting` lists it")
        private String id = "";

        @Override
        Control open(ReeveConfig config) throws CommandException {
            return Control.running(config);
        }

        @Override
        int run(Control control, Screen screen) throws CommandException {
            Json.Obj done = control.call("POST", "/v1/seconds/" + AgentCommand.segment(id) + "/refuse", Json.Obj.EMPTY);
            if (json) {
                return printed(done);
            }
            screen.line("dropped: " + text(done, "what"));
            return ExitCodes.OK;
        }
    }
}
