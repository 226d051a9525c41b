package dev.reeve.cli;

import dev.reeve.config.ReeveConfig;
import dev.reeve.json.Json;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code reeve limits}: what the running process counts. */
@Command(
        name = "limits",
        mixinStandardHelpOptions = true,
        description = "Shows how much of the limits is used up, and by whom, the fullest first.",
        footer = {"", "Needs a running `reeve serve`. Ends with 0, or 3 if none runs.", "", "Example:  reeve limits"})
final class LimitsCommand extends ControlCommand {
    private static final int BAR = 20;

    @Override
    Control open(ReeveConfig config) throws CommandException {
        return Control.running(config);
    }

    @Override
    int run(Control control, Screen screen) throws CommandException {
        Json.Obj answer = control.get("/v1/limits");
        if (json) {
            return printed(answer);
        }
        List<Json> used = answer.array("used").orElse(Json.Arr.EMPTY).items();
        used.forEach(item -> show(screen, (Json.Obj) item));
        if (used.isEmpty()) {
            boolean none = answer.array("limits").orElse(Json.Arr.EMPTY).items().isEmpty();
            screen.line(none ? "the policy has no limits" : "nothing is used up of any limit");
        }
        return ExitCodes.OK;
    }

    private static void show(Screen screen, Json.Obj use) {
        double share = use.get("share").orElse(Json.Null.NULL) instanceof Json.Num number ? number.value() : 0;
        String line = bar(share) + "  " + said(use);
        if (share >= 1) {
            screen.warning(line);
        } else {
            screen.line(line);
        }
    }

    /** As {@code [##########..........]  50 %}; only what is used up wholly is full. */
    static String bar(double share) {
        int full = Math.clamp((int) (share * BAR), 0, BAR);
        return "[" + "#".repeat(full) + ".".repeat(BAR - full) + "] %3d %%".formatted((int) Math.min(999, share * 100));
    }

    private static String said(Json.Obj use) {
        String window = use.string("window").map(span -> " in " + span).orElse("");
        String rest =
                use.string("rests_until").map(until -> ", rests until " + until).orElse("");
        return text(use, "subject") + ": " + number(use, "used") + " of " + number(use, "max") + " " + text(use, "unit")
                + window + " (" + text(use, "limit") + ")" + rest;
    }

    private static String number(Json.Obj use, String name) {
        return use.get(name).orElse(Json.Null.NULL) instanceof Json.Num number ? number.text() : "?";
    }
}
