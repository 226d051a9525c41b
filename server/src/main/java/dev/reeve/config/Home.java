package dev.reeve.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The folder of one installation, and where its keys are. All paths are absolute.
 *
 * @param folder of {@code reeve.yaml}; relative paths in it start here
 * @param file usually {@code reeve.yaml}
 * @param keys given on the command line; wins over the file
 * @param userConfig the user's configuration folder, where the keys are if nobody says otherwise
 */
public record Home(Path folder, Path file, Optional<Path> keys, Path userConfig) {
    public Home {
        folder = folder.toAbsolutePath().normalize();
        file = file.toAbsolutePath().normalize();
        keys = keys.map(path -> path.toAbsolutePath().normalize());
        userConfig = userConfig.toAbsolutePath().normalize();
    }

    /** @param environment of the process: {@code XDG_CONFIG_HOME} is looked at, and {@code HOME} */
    public static Home of(Path folder, Optional<Path> keys, Map<String, String> environment) {
        return new Home(folder, folder.resolve("reeve.yaml"), keys, userConfig(environment));
    }

    /** For {@code --config FILE}: the file's folder is the home. */
    public static Home ofFile(Path file, Optional<Path> keys, Map<String, String> environment) {
        Path absolute = file.toAbsolutePath().normalize();
        Path folder = absolute.getParent() == null ? absolute : absolute.getParent();
        return new Home(folder, absolute, keys, userConfig(environment));
    }

    private static Path userConfig(Map<String, String> environment) {
        String xdg = environment.getOrDefault("XDG_CONFIG_HOME", "");
        // A relative XDG_CONFIG_HOME is to be ignored, says the XDG Base Directory Specification.
        if (Path.of(xdg).isAbsolute()) {
            return Path.of(xdg);
        }
        return Path.of(environment.getOrDefault("HOME", System.getProperty("user.home", "/")), ".config");
    }

    /** The folder of keys where no configuration is read. */
    public Path keysOfUser() {
        return keys.orElse(userConfig.resolve("reeve"));
    }

    /** The name of a file as the operator would type it in the home folder. */
    String nameOf(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        return absolute.startsWith(folder)
                ? folder.relativize(absolute).toString().replace('\\', '/')
                : absolute.toString();
    }
}
