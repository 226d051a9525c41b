package dev.reeve.cli;

import dev.reeve.json.Json;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reeve kill}: with a running process it acts there at once; without one, from its next start on. */
@Command(
        name = "kill",
        mixinStandardHelpOptions = true,
        description = "Stops an agent, a tool, a tenant or everything at once, until --undo.",
        footer = {
            "",
            "What runs is cut off. Who is stopped is told `stopped_by_operator`. It outlives the process.",
            "Ends with 0 if it is as asked, 1 if it was refused. A name that nothing known has is stopped all the same,",
            "and said loudly (`known: false` with --json): it may be a mistake.",
            "",
            "Example:  reeve kill agent clerk --reason \"sends what it should not\"",
            "          reeve kill tool \"mail.*\"",
            "          reeve kill --undo all"
        })
final class KillCommand extends ControlCommand {
    @Parameters(index = "0", arity = "0..1", paramLabel = "WHAT", description = "agent, tool, tenant or all")
    private String scope = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "NAME",
            description = "an agent, a tenant, or tools as upstream.tool; `*` stands for any part")
    private String name = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, for the record and for other operators")
    private String reason = "";

    @Option(names = "--undo", description = "lets it go on")
    private boolean undo;

    @Option(names = "--list", description = "says what is stopped")
    private boolean list;

    @Override
    int run(Control control, Screen screen) throws CommandException {
        if (list == !scope.isEmpty() || (list && undo)) {
            throw new CommandException(
                    ExitCodes.USAGE, "name what is to be stopped: agent NAME, tool NAME, tenant NAME, all; or --list");
        }
        if (list) {
            return list(control, screen);
        }
        Json.Builder body = Json.object().put("scope", scope).put("name", name);
        if (!undo) {
            body.put("reason", reason);
        }
        Json.Obj answer = control.call("POST", undo ? "/v1/kills/undo" : "/v1/kills", body.build());
        if (json) {
            return printed(answer);
        }
        String what = (scope + " " + name).strip();
        boolean changed = answer.get("changed").orElse(Json.Null.NULL) == Json.Bool.TRUE;
        if (undo) {
            screen.good(changed ? what + " goes on" : what + " was not stopped");
        } else {
            screen.good(changed ? what + " is stopped" : what + " was stopped already, at " + text(answer, "since"));
            warn(what, answer, screen);
        }
        return ExitCodes.OK;
    }

    /** Whoever is in a hurry reads one line: it must not look like success. */
    private void warn(String what, Json.Obj answer, Screen screen) {
        if (answer.get("known").orElse(Json.Bool.TRUE) == Json.Bool.TRUE) {
            return;
        }
        List<String> near = answer.array("near").orElse(Json.Arr.EMPTY).items().stream()
                .map(one -> ((Json.Str) one).value())
                .toList();
        screen.bad("BUT NOTHING KNOWN IS CALLED SO: what you mean may still run"
                + (near.isEmpty() ? "" : "; known are " + String.join(", ", near)));
        screen.line("it stops what comes under that name; `reeve kill --undo " + what + "` takes it back,"
                + " `reeve tools list` and `reeve agent list` say what there is");
    }

    private int list(Control control, Screen screen) throws CommandException {
        Json.Obj answer = control.get("/v1/kills");
        if (json) {
            return printed(answer);
        }
        List<Json> all = answer.array("kills").orElse(Json.Arr.EMPTY).items();
        all.forEach(item -> screen.line(line((Json.Obj) item)));
        if (all.isEmpty()) {
            screen.line("nothing is stopped");
        }
        return ExitCodes.OK;
    }

    static String line(Json.Obj one) {
        String why = one.string("reason")
                .filter(text -> !text.isEmpty())
                .map(text -> ": " + text)
                .orElse("");
        return (text(one, "scope") + " " + one.string("name").orElse("")).strip() + ", stopped by "
                + text(one, "person") + " at " + text(one, "since") + why
                + (one.get("known").orElse(Json.Bool.TRUE) == Json.Bool.FALSE ? "; nothing known is called so" : "");
    }
}
