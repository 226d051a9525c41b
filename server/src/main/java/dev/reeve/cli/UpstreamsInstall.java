package dev.reeve.cli;

import dev.reeve.config.ReeveConfig;
import dev.reeve.config.UpstreamConfig;
import dev.reeve.packages.PackageInstall;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Scanner;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code reeve upstreams install}: what `npx` and `uvx` would fetch at each start is fetched once, where it can run confined. */
@Command(
        name = "install",
        mixinStandardHelpOptions = true,
        description = {
            "Fetches the package of an `npx` or `uvx` server into the data folder, where it can run confined.",
            "Install scripts are not run. Nothing is approved by this: a server that was pinned waits for `approve`."
        },
        footer = {"", "Example:  reeve upstreams install mail --yes"})
final class UpstreamsInstall implements Callable<Integer> {
    @Mixin
    private HomeOptions home = new HomeOptions();

    @Parameters(paramLabel = "UPSTREAM", description = "its name in reeve.yaml")
    private String upstream = "";

    @Option(names = "--yes", description = "do not ask")
    private boolean yes;

    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public Integer call() {
        if (spec == null) {
            throw new IllegalStateException("picocli did not set the command up");
        }
        try {
            return install(home.read(), Screen.on(spec.commandLine().getOut()));
        } catch (CommandException e) {
            String.valueOf(e.getMessage())
                    .lines()
                    .forEach(text -> spec.commandLine().getErr().println("reeve: " + Screen.escape(text)));
            spec.commandLine().getErr().flush();
            return e.exitCode();
        }
    }

    private int install(ReeveConfig config, Screen screen) throws CommandException {
        PackageInstall install = of(config);
        install.commands().forEach(command -> screen.line("  " + String.join(" ", command)));
        if (!yes && !confirmed(screen)) {
            throw new CommandException(ExitCodes.FAILED, "nothing was installed");
        }
        try {
            screen.line("installed  " + install.run());
        } catch (IOException e) {
            throw new CommandException(ExitCodes.FAILED, String.valueOf(e.getMessage()));
        }
        screen.line(
                "It is pinned at its first start. If another one was pinned before, look with `reeve upstreams diff "
                        + upstream + "`, and put it in force with `reeve upstreams approve " + upstream + "`.");
        return ExitCodes.OK;
    }

    private PackageInstall of(ReeveConfig config) throws CommandException {
        List<String> argv = config.upstreams().stream()
                .filter(one -> one.name().equals(upstream))
                .filter(UpstreamConfig.Stdio.class::isInstance)
                .map(one -> ((UpstreamConfig.Stdio) one).argv())
                .findFirst()
                .orElseThrow(() -> new CommandException(
                        ExitCodes.USAGE, "reeve.yaml has no server `" + upstream + "` with `stdio`"));
        try {
            return PackageInstall.of(config.data(), upstream, argv);
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCodes.USAGE, String.valueOf(e.getMessage()));
        }
    }

    private static boolean confirmed(Screen screen) {
        screen.line("Run this? [y/N]");
        Scanner in = new Scanner(System.in, StandardCharsets.UTF_8);
        return in.hasNextLine()
                && in.nextLine().strip().toLowerCase(Locale.ROOT).startsWith("y");
    }
}
