package dev.reeve.connect;

import java.nio.file.Path;
import java.util.Map;

/**
 * Where the command runs. All paths are absolute.
 *
 * @param project the folder in which the person works with the client
 * @param userHome the person's own folder
 * @param home the folder of {@code reeve.yaml}
 * @param keys the folder of keys and secrets, outside the data folder
 * @param script the {@code reeve} script that the client is to start
 * @param environment of this command, from which `${VAR}` in a config is taken as the client would
 */
public record Surroundings(
        Path project, Path userHome, Path home, Path keys, Path script, Map<String, String> environment) {
    public Surroundings {
        for (Path path : new Path[] {project, userHome, home, keys, script}) {
            if (!path.isAbsolute()) {
                throw new IllegalArgumentException("not absolute: " + path);
            }
        }
        environment = Map.copyOf(environment);
    }

    /** Names no variable's value: some are secrets. */
    @Override
    public String toString() {
        return "Surroundings[project=" + project + ", home=" + home + ", keys=" + keys + "]";
    }
}
