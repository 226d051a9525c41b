package dev.reeve.cli;

import dev.reeve.config.ReeveConfig;
import dev.reeve.json.Json;
import picocli.CommandLine.Command;

/** {@code reeve status}. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Says how the running process is. Ends with 0 if it is ready, 1 if not, 3 if there is none.")
final class StatusCommand extends ControlCommand {
    @Override
    Control open(ReeveConfig config) throws CommandException {
        return Control.running(config);
    }

    @Override
    int run(Control control, Screen screen) throws CommandException {
        Json.Obj status = control.get("/v1/status");
        boolean ready = status.get("ready").orElse(Json.Null.NULL) == Json.Bool.TRUE;
        if (json) {
            printed(status);
            return ready ? ExitCodes.OK : ExitCodes.FAILED;
        }
        if (ready) {
            screen.good("ready");
        } else {
            screen.bad("not ready");
        }
        for (Json item : status.array("reasons").orElse(Json.Arr.EMPTY).items()) {
            Json.Obj reason = (Json.Obj) item;
            screen.line("  " + text(reason, "part") + ": " + text(reason, "reason"));
        }
        status.without("ready")
                .without("reasons")
                .members()
                .forEach((name, value) -> screen.line(
                        name.replace('_', ' ') + ": " + (value instanceof Json.Str text ? text.value() : value)));
        return ready ? ExitCodes.OK : ExitCodes.FAILED;
    }
}
