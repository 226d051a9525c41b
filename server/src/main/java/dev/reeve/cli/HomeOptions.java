package dev.reeve.cli;

import dev.reeve.config.Home;
import dev.reeve.config.Loaded;
import dev.reeve.config.ReeveConfig;
import dev.reeve.config.ReeveFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which installation a command is about. */
final class HomeOptions {
    @Option(names = "--home", paramLabel = "DIR", description = "the folder of reeve.yaml (default: the present one)")
    private @Nullable Path folder;

    @Option(names = "--config", paramLabel = "FILE", description = "another file instead of DIR/reeve.yaml")
    private @Nullable Path file;

    @Option(
            names = "--keys",
            paramLabel = "DIR",
            description = "the folder of keys and secrets (default: ~/.config/reeve)")
    private @Nullable Path keys;

    Home home() {
        Optional<Path> given = Optional.ofNullable(keys);
        if (file != null) {
            return Home.ofFile(file, given, System.getenv());
        }
        return Home.of(folder == null ? Path.of("") : folder, given, System.getenv());
    }

    /** @throws CommandException with every mistake of the file */
    ReeveConfig read() throws CommandException {
        Home home = existing();
        Loaded<ReeveConfig> loaded = ReeveFile.read(home);
        return loaded.value()
                .orElseThrow(() ->
                        new CommandException(ExitCodes.USAGE, loaded.text().strip()));
    }

    /** The command that ends the process of an installation. */
    static String stopping(ReeveConfig config) {
        return command("stop", config);
    }

    /** What to type for this installation. */
    static String command(String name, ReeveConfig config) {
        Path folder = config.home();
        boolean usual = config.file().equals(folder.resolve("reeve.yaml"));
        return "`reeve " + name + (usual ? " --home " + folder : " --config " + config.file()) + "`";
    }

    /** @throws CommandException if there is no such installation */
    Home existing() throws CommandException {
        Home home = home();
        if (!Files.exists(home.file())) {
            throw new CommandException(
                    ExitCodes.USAGE,
                    "there is no " + home.file()
                            + "; name the folder with --home, or make one with `reeve connect` or by hand");
        }
        return home;
    }
}
