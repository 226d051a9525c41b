package dev.reeve.cli;

import dev.reeve.config.ReeveConfig;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code reeve tools}: what servers offer, what is in force, and approving what waits. */
@Command(
        name = "tools",
        mixinStandardHelpOptions = true,
        description =
                "Lists what servers offer (tools, prompts, resources, instructions), shows what changed, approves what waits.",
        footer = {"", "Example:  reeve tools diff"},
        subcommands = {ToolsCommand.ListTools.class, ToolsCommand.Diff.class, ToolsApprove.class})
final class ToolsCommand {
    /** What these commands share. */
    abstract static class OverTools extends ControlCommand {
        @Override
        Control open(ReeveConfig config) throws CommandException {
            return Control.running(config);
        }

        static List<Json.Obj> tools(Control control, @Nullable String which) throws CommandException {
            List<Json.Obj> found = new ArrayList<>();
            Json.Obj answer = control.get("/v1/tools?kinds=all");
            for (Json item : answer.array("tools").orElse(Json.Arr.EMPTY).items()) {
                Json.Obj tool = (Json.Obj) item;
                if (which == null || which.equals(tool.string("upstream").orElse("")) || which.equals(full(tool))) {
                    found.add(tool);
                }
            }
            if (which != null && found.isEmpty()) {
                throw new CommandException(
                        ExitCodes.FAILED, "no upstream and no tool is called `" + which + "`, or it was never seen");
            }
            return found;
        }

        static String full(Json.Obj tool) {
            return tool.string("subject")
                    .orElseGet(() -> tool.string("upstream").orElse("?") + "."
                            + tool.string("name").orElse("?"));
        }

        static List<Json.Obj> findings(Json.Obj tool) {
            return tool.array("findings").orElse(Json.Arr.EMPTY).items().stream()
                    .map(Json.Obj.class::cast)
                    .toList();
        }

        /** Names of the checks that hold it. */
        static Set<String> holding(Json.Obj tool) {
            Set<String> ids = new TreeSet<>();
            findings(tool).stream()
                    .filter(finding -> finding.string("severity").equals(Optional.of("high")))
                    .forEach(finding -> ids.add(finding.string("check").orElse("?")));
            return ids;
        }

        /** Each finding with its place and reason, and what to do: what an approver must have read. */
        static void tellFindings(Json.Obj tool, Screen screen) {
            for (Json.Obj finding : findings(tool)) {
                String line = "  ! %s (%s) at %s: %s"
                        .formatted(
                                text(finding, "check"),
                                text(finding, "severity"),
                                text(finding, "pointer"),
                                text(finding, "reason"));
                if (text(finding, "severity").equals("high")) {
                    screen.bad(line);
                } else {
                    screen.warning(line);
                }
                screen.line("      " + text(finding, "excerpt"));
                screen.line("      what to do: " + text(finding, "what_to_do"));
            }
        }
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists everything that was ever seen, with its kind and state.",
            footer = {"", "Example:  reeve tools list mail"})
    static final class ListTools extends OverTools {
        @Parameters(arity = "0..1", paramLabel = "UPSTREAM[.NAME]", description = "only these")
        private @Nullable String which;

        @Override
        int run(Control control, Screen screen) throws CommandException {
            List<Json.Obj> tools = tools(control, which);
            if (tools.isEmpty()) {
                note("no tool was seen yet; `reeve status` says how the upstreams are");
            }
            for (Json.Obj tool : tools) {
                screen.line(json ? JsonWriter.text(tool) : row(tool));
            }
            return ExitCodes.OK;
        }

        private static String row(Json.Obj tool) {
            String problem = tool.string("problem").map(text -> "  " + text).orElse("");
            return "%-9s %-8s %s%s".formatted(text(tool, "state"), text(tool, "kind"), full(tool), problem);
        }
    }

    @Command(
            name = "diff",
            mixinStandardHelpOptions = true,
            description = "Shows what waits for approval, against what is in force.",
            footer = {"", "Example:  reeve tools diff mail.send"})
    static final class Diff extends OverTools {
        @Parameters(arity = "0..1", paramLabel = "UPSTREAM[.NAME]", description = "only these")
        private @Nullable String which;

        @Override
        int run(Control control, Screen screen) throws CommandException {
            List<Json.Obj> waiting = tools(control, which).stream()
                    .filter(tool -> tool.has("waiting"))
                    .toList();
            if (waiting.isEmpty()) {
                note("nothing waits for approval");
            }
            waiting.forEach(tool -> show(tool, screen));
            return ExitCodes.OK;
        }

        private void show(Json.Obj tool, Screen screen) {
            if (json) {
                screen.line(JsonWriter.text(tool));
                return;
            }
            screen.line(full(tool) + "  " + tool.string("waiting_fingerprint").orElse("?"));
            Json.Obj before = tool.object("in_force").orElse(Json.Obj.EMPTY);
            Json.Obj after = tool.object("waiting").orElse(Json.Obj.EMPTY);
            DefinitionDiff.lines(before, after).forEach(screen::line);
            tellFindings(tool, screen);
        }
    }
}
