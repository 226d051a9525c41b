package dev.reeve.cli;

import dev.reeve.config.ReeveConfig;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code reeve upstreams}: the packages that servers are started from. */
@Command(
        name = "upstreams",
        mixinStandardHelpOptions = true,
        description = "Installs the packages of servers that Reeve starts, and approves what changed in them.",
        subcommands = {UpstreamsInstall.class, UpstreamsCommand.Diff.class, UpstreamsCommand.Approve.class},
        footer = {"", "Example:  reeve upstreams install mail"})
final class UpstreamsCommand implements Runnable {
    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public void run() {
        if (spec == null) {
            throw new IllegalStateException("picocli did not set the command up");
        }
        throw new CommandLine.ParameterException(spec.commandLine(), "name a subcommand");
    }

    /** Asks the running process, which is the one that looked. */
    abstract static class OverPackages extends ControlCommand {
        @Parameters(arity = "0..1", paramLabel = "UPSTREAM", description = "only this one")
        @Nullable
        String which;

        @Override
        Control open(ReeveConfig config) throws CommandException {
            return Control.running(config);
        }

        final List<Json.Obj> waiting(Control control) throws CommandException {
            List<Json.Obj> waiting =
                    control.get("/v1/upstreams/packages").array("waiting").orElse(Json.Arr.EMPTY).items().stream()
                            .map(Json.Obj.class::cast)
                            .filter(one ->
                                    which == null || one.string("upstream").equals(java.util.Optional.of(which)))
                            .toList();
            if (waiting.isEmpty()) {
                line().getErr().println("reeve: nothing waits for approval");
                line().getErr().flush();
            }
            return waiting;
        }
    }

    @Command(
            name = "diff",
            mixinStandardHelpOptions = true,
            description =
                    "Shows which files of a package are not those that are pinned: + added, - removed, ~ changed.",
            footer = {"", "Example:  reeve upstreams diff mail"})
    static final class Diff extends OverPackages {
        @Override
        int run(Control control, Screen screen) throws CommandException {
            waiting(control).forEach(one -> show(one, screen));
            return ExitCodes.OK;
        }

        private void show(Json.Obj one, Screen screen) {
            if (json) {
                screen.line(JsonWriter.text(one));
                return;
            }
            screen.line("%s  %s %s -> %s  %s"
                    .formatted(
                            one.string("upstream").orElse("?"),
                            one.string("name").orElse("?"),
                            one.string("version_in_force").orElse("?"),
                            one.string("version_waiting").orElse("?"),
                            one.string("digest").orElse("?")));
            one.array("files").orElse(Json.Arr.EMPTY).items().forEach(file -> {
                if (file instanceof Json.Str text) {
                    screen.line("  " + text.value());
                }
            });
        }
    }

    @Command(
            name = "approve",
            mixinStandardHelpOptions = true,
            description = "Puts a package that changed in force. Read what changed before: `reeve upstreams diff`.",
            footer = {
                "",
                "With several administrators it waits for another one: `reeve admin agree ID --token-file FILE`.",
                "",
                "Example:  reeve upstreams approve mail"
            })
    static final class Approve extends OverPackages {
        @Override
        int run(Control control, Screen screen) throws CommandException {
            if (which == null) {
                throw new CommandException(ExitCodes.USAGE, "name the upstream");
            }
            List<Json.Obj> waiting = waiting(control);
            for (Json.Obj one : waiting) {
                Json.Obj body = Json.object()
                        .put("upstream", one.string("upstream"))
                        .put("digest", one.string("digest"))
                        .build();
                Json.Obj done = control.call("POST", "/v1/upstreams/approve", body);
                if (done.has("waiting")) {
                    AdminSeconds.told(done, json, screen);
                } else {
                    screen.line(json ? JsonWriter.text(done) : "in force  " + which);
                }
            }
            return waiting.isEmpty() ? ExitCodes.FAILED : ExitCodes.OK;
        }
    }
}
