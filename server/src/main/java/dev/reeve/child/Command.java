package dev.reeve.child;

import dev.reeve.secrets.Secret;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What to start.
 *
 * @param argv program and arguments; never given to a shell
 * @param environment what the operator named
 */
public record Command(List<String> argv, Path folder, Map<String, Secret> environment) {
    /** Of Reeve's own environment a child gets these, because hardly a program runs without them, and nothing else. */
    private static final List<String> PASSED = List.of("PATH", "HOME", "TMPDIR", "SystemRoot");

    public Command {
        argv = List.copyOf(argv);
        environment = Map.copyOf(environment);
    }

    ProcessBuilder builder(Map<String, String> ours) {
        ProcessBuilder builder = new ProcessBuilder(argv).directory(folder.toFile());
        Map<String, String> clean = new HashMap<>();
        for (String name : PASSED) {
            String value = ours.get(name);
            if (value != null) {
                clean.put(name, value);
            }
        }
        environment.forEach((name, value) -> clean.put(name, value.exposeTextInsecurely()));
        builder.environment().clear();
        builder.environment().putAll(clean);
        return builder;
    }
}
