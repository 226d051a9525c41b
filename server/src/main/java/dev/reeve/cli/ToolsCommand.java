package dev.reeve.cli;

import dev.reeve.config.ReeveConfig;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reeve tools}: what servers offer, what is in force, and approving what waits. */
@Command(
        name = "tools",
        mixinStandardHelpOptions = true,
        description = "Lists pinned tools, shows what changed, approves what waits.",
        footer = {"", "Example:  reeve tools diff"},
        subcommands = {ToolsCommand.ListTools.class, ToolsCommand.Diff.class, ToolsCommand.Approve.class})
final class ToolsCommand {
    /** What these commands share. */
    abstract static class OverTools extends ControlCommand {
        @Override
        Control open(ReeveConfig config) throws CommandException {
            return Control.running(config);
        }

        static List<Json.Obj> tools(Control control, @Nullable String which) throws CommandException {
            List<Json.Obj> found = new ArrayList<>();
            Json.Obj answer = control.get("/v1/tools");
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
            return tool.string("upstream").orElse("?") + "."
                    + tool.string("name").orElse("?");
        }
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists every tool that was ever seen, with its state.",
            footer = {"", "Example:  reeve tools list mail"})
    static final class ListTools extends OverTools {
        @Parameters(arity = "0..1", paramLabel = "UPSTREAM[.TOOL]", description = "only these")
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
            return "%-9s %s%s".formatted(tool.string("state").orElse("?"), full(tool), problem);
        }
    }

    @Command(
            name = "diff",
            mixinStandardHelpOptions = true,
            description = "Shows what waits for approval, against what is in force.",
            footer = {"", "Example:  reeve tools diff mail.send"})
    static final class Diff extends OverTools {
        @Parameters(arity = "0..1", paramLabel = "UPSTREAM[.TOOL]", description = "only these")
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
            TreeSet<String> names = new TreeSet<>(before.members().keySet());
            names.addAll(after.members().keySet());
            for (String name : names) {
                member("-", name, before, after, screen);
                member("+", name, after, before, screen);
            }
        }

        private static void member(String sign, String name, Json.Obj of, Json.Obj other, Screen screen) {
            of.get(name)
                    .filter(value -> !Optional.of(value).equals(other.get(name)))
                    .ifPresent(value -> screen.line("  " + sign + " " + name + ": " + JsonWriter.text(value)));
        }
    }

    @Command(
            name = "approve",
            mixinStandardHelpOptions = true,
            description = "Puts what waits in force. Read it before: `reeve tools diff`.",
            footer = {"", "Example:  reeve tools approve mail --all"})
    static final class Approve extends OverTools {
        @Parameters(
                arity = "0..1",
                paramLabel = "UPSTREAM[.TOOL]",
                description = "one tool, or with --all every one of an upstream")
        private @Nullable String which;

        @Option(names = "--all", description = "everything that waits")
        private boolean all;

        @Override
        int run(Control control, Screen screen) throws CommandException {
            if (which == null && !all) {
                throw new CommandException(ExitCodes.USAGE, "name a tool, or say --all");
            }
            int approved = 0;
            List<Json.Obj> tools = tools(control, which);
            if (!all && (tools.size() != 1 || !full(tools.getFirst()).equals(which))) {
                throw new CommandException(
                        ExitCodes.USAGE, "`" + which + "` is an upstream; say --all to approve all of it");
            }
            for (Json.Obj tool : tools) {
                if (tool.has("waiting")) {
                    approve(control, tool, screen);
                    approved++;
                }
            }
            if (!json) {
                screen.line(approved + " approved");
            }
            return ExitCodes.OK;
        }

        private void approve(Control control, Json.Obj tool, Screen screen) throws CommandException {
            Json.Obj body = Json.object()
                    .put("upstream", tool.string("upstream"))
                    .put("name", tool.string("name"))
                    .put("fingerprint", tool.string("waiting_fingerprint"))
                    .build();
            Json.Obj done = control.call("POST", "/v1/tools/approve", body);
            screen.line(json ? JsonWriter.text(done) : "in force  " + full(tool));
        }
    }
}
