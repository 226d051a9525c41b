package dev.reeve.cli;

import dev.reeve.config.Home;
import dev.reeve.config.Loaded;
import dev.reeve.config.ReeveConfig;
import dev.reeve.config.ReeveFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which installation a command is about. */
final class HomeOptions {
    /** No option, no file of arguments, nothing quoted or filled in. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9./_][A-Za-z0-9./_ +-]*");

    @Option(names = "--home", paramLabel = "DIR", description = "the folder of reeve.yaml (default: the present one)")
    private @Nullable Path folder;

    @Option(names = "--config", paramLabel = "FILE", description = "another file instead of DIR/reeve.yaml")
    private @Nullable Path file;

    @Option(
            names = "--keys",
            paramLabel = "DIR",
            description = "the folder of keys and secrets (default: ~/.config/reeve)")
    private @Nullable Path keys;

    /**
     * The same options where nothing but them is given, each once, with the value in a word of its own: what picocli would read, without
     * picocli. Its classes are of a format that the JVM keeps in no cache, so reading them is a seventh of a start.
     *
     * @return nothing where picocli has to look, to read it or to say what is wrong
     */
    static Optional<HomeOptions> plain(List<String> words) {
        Map<String, Path> given = new HashMap<>();
        for (int i = 0; i + 1 < words.size(); i += 2) {
            if (PLAIN.matcher(words.get(i + 1)).matches()) {
                given.put(words.get(i), Path.of(words.get(i + 1)));
            }
        }
        if (given.size() * 2 != words.size()
                || !Set.of("--home", "--config", "--keys").containsAll(given.keySet())) {
            return Optional.empty();
        }
        HomeOptions options = new HomeOptions();
        options.folder = given.get("--home");
        options.file = given.get("--config");
        options.keys = given.get("--keys");
        return Optional.of(options);
    }

    @Override
    public String toString() {
        return "home " + folder + ", config " + file + ", keys " + keys;
    }

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
