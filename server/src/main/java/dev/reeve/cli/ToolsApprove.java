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
            "With several administrators it waits for another one: `reeve admin agree ID --token-file FILE`.",
            "",
            "Example:  reeve tools approve mail --all"
        })
final class ToolsApprove extends ToolsCommand.OverTools {
    /** What has room in one request. */
    private static final int MOST_AT_ONCE = 100;

    private static final int MOST_CHARACTERS = 16_000;

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
        List<Json.Obj> waiting =
                tools.stream().filter(tool -> tool.has("waiting")).toList();
        List<Json.Obj> approvable = new ArrayList<>();
        for (Json.Obj tool : waiting) {
            if (isApprovable(tool, screen)) {
                approvable.add(tool);
            }
        }
        int left = waiting.size() - approvable.size();
        boolean isDone = true;
        for (List<Json.Obj> together : inRequests(approvable)) {
            isDone &= approve(control, together, screen);
        }
        if (!json) {
            screen.line(approvable.size()
                    + (isDone ? " approved" : " asked for")
                    + (left == 0 ? "" : ", " + left + " left held for what checks found"));
        }
        return left == 0 ? ExitCodes.OK : ExitCodes.FAILED;
    }

    private static List<List<Json.Obj>> inRequests(List<Json.Obj> tools) {
        List<List<Json.Obj>> requests = new ArrayList<>();
        int characters = 0;
        for (Json.Obj tool : tools) {
            int more = definition(tool).toString().length();
            characters += more;
            if (requests.isEmpty() || requests.getLast().size() >= MOST_AT_ONCE || characters > MOST_CHARACTERS) {
                requests.add(new ArrayList<>());
                characters = more;
            }
            requests.getLast().add(tool);
        }
        return requests;
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

    private boolean isApprovable(Json.Obj tool, Screen screen) {
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

    /** False if another administrator must agree first. */
    private boolean approve(Control control, List<Json.Obj> tools, Screen screen) throws CommandException {
        List<Json> definitions =
                tools.stream().<Json>map(ToolsApprove::definition).toList();
        Json.Obj done = control.call(
                "POST",
                "/v1/tools/approve",
                Json.object().put("definitions", new Json.Arr(definitions)).build());
        if (done.has("waiting")) {
            AdminSeconds.told(done, json, screen);
            return false;
        }
        if (json) {
            done.array("approved").orElse(Json.Arr.EMPTY).items().forEach(one -> screen.line(JsonWriter.text(one)));
        } else {
            tools.forEach(tool -> screen.line("in force  " + full(tool)));
        }
        return true;
    }

    private static Json.Obj definition(Json.Obj tool) {
        return Json.object()
                .put("kind", tool.string("kind"))
                .put("upstream", tool.string("upstream"))
                .put("name", tool.string("name"))
                .put("fingerprint", tool.string("waiting_fingerprint"))
                .put("accept", Json.Arr.ofStrings(holding(tool)))
                .build();
    }
}
