package dev.reeve.cli;

import dev.reeve.definitions.checks.Check;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.io.Console;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reeve tools approve}. What a check holds is approved by its name only, one definition at a time. */
@Command(
        name = "approve",
        mixinStandardHelpOptions = true,
        description = "Puts what waits in force. Read it before: `reeve tools diff`.",
        footer = {
            "",
            "What a check found to be grave is left held, unless you name the check: --accept html-comment",
            "",
            "Example:  reeve tools approve mail --all"
        })
final class ToolsApprove extends ToolsCommand.OverTools {
    @Parameters(
            arity = "0..1",
            paramLabel = "UPSTREAM[.NAME]",
            description = "one definition, or with --all every one of an upstream")
    private @Nullable String which;

    @Option(names = "--all", description = "everything that waits")
    private boolean all;

    @Option(
            names = "--accept",
            split = ",",
            paramLabel = "CHECK",
            description = "checks whose findings you have read and accept, for this one definition as it is now")
    private List<String> accept = new ArrayList<>();

    @Override
    int run(Control control, Screen screen) throws CommandException {
        if (which == null && !all) {
            throw new CommandException(ExitCodes.USAGE, "name a tool, or say --all");
        }
        List<Json.Obj> tools = tools(control, which);
        if (!all && (tools.size() != 1 || !full(tools.getFirst()).equals(which))) {
            throw new CommandException(
                    ExitCodes.USAGE, "`" + which + "` is an upstream; say --all to approve all of it");
        }
        checkAccepted();
        int approved = 0;
        int left = 0;
        for (Json.Obj tool : tools) {
            if (tool.has("waiting")) {
                boolean done = approveOne(control, tool, screen);
                approved += done ? 1 : 0;
                left += done ? 0 : 1;
            }
        }
        if (!json) {
            screen.line(approved + " approved" + (left == 0 ? "" : ", " + left + " left held for what checks found"));
        }
        return left == 0 ? ExitCodes.OK : ExitCodes.FAILED;
    }

    private void checkAccepted() throws CommandException {
        for (String id : accept) {
            if (Check.find(id).isEmpty()) {
                throw new CommandException(
                        ExitCodes.USAGE, "there is no check `" + id + "`; `reeve tools diff` names those that hold it");
            }
        }
        if (all && !accept.isEmpty()) {
            throw new CommandException(
                    ExitCodes.USAGE,
                    "--accept goes with one definition, so that each finding is read: leave out --all");
        }
    }

    private boolean approveOne(Control control, Json.Obj tool, Screen screen) throws CommandException {
        Set<String> missing = new TreeSet<>(holding(tool));
        missing.removeAll(accept);
        if (!json && !findings(tool).isEmpty()) {
            screen.line(full(tool));
            tellFindings(tool, screen);
        }
        if (!missing.isEmpty() && !(isAsked() && acceptsAll(missing))) {
            note(full(tool) + " is left held: to approve it as it is, say `reeve tools approve " + full(tool)
                    + " --accept " + String.join(",", holding(tool)) + "`");
            return false;
        }
        approve(control, tool, holding(tool), screen);
        return true;
    }

    private boolean isAsked() {
        return !json && !all && Screen.isTerminal();
    }

    /** The name is typed, so that nobody says yes without having read which check it is. */
    private static boolean acceptsAll(Set<String> checks) {
        Optional<Console> terminal = Optional.ofNullable(System.console()).filter(Console::isTerminal);
        for (String check : checks) {
            Optional<String> typed =
                    terminal.map(console -> console.readLine("type %s to accept this finding: ", check));
            if (!typed.map(String::strip).equals(Optional.of(check))) {
                return false;
            }
        }
        return true;
    }

    private void approve(Control control, Json.Obj tool, Set<String> accepted, Screen screen) throws CommandException {
        Json.Obj body = Json.object()
                .put("kind", tool.string("kind"))
                .put("upstream", tool.string("upstream"))
                .put("name", tool.string("name"))
                .put("fingerprint", tool.string("waiting_fingerprint"))
                .put("accept", Json.Arr.ofStrings(accepted))
                .build();
        Json.Obj done = control.call("POST", "/v1/tools/approve", body);
        screen.line(json ? JsonWriter.text(done) : "in force  " + full(tool));
    }
}
