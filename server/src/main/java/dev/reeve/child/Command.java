package dev.reeve.child;

import dev.reeve.secrets.Secret;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What to start.
 *
 * @param argv program and arguments; never given to a shell
 * @param environment what the operator named
 * @param confinement what it may see and use; empty only if the operator wrote {@code confine: none}
 */
public record Command(
        List<String> argv, Path folder, Map<String, Secret> environment, Optional<Confinement> confinement) {
    /** Of Reeve's own environment a child gets these, because hardly a program runs without them, and nothing else. */
    private static final List<String> PASSED = List.of("PATH", "HOME", "TMPDIR", "SystemRoot");

    /** A confined child has no home but its private folder. */
    private static final Map<String, String> PRIVATE = Map.of("HOME", "/tmp", "TMPDIR", "/tmp");

    public Command {
        argv = List.copyOf(argv);
        environment = Map.copyOf(environment);
    }

    /** @param group to be removed when the child is gone */
    record Prepared(ProcessBuilder builder, Optional<Cgroups.Group> group) {}

    /**
     * @throws CannotConfineException if it is to be confined, and this machine cannot
     * @throws IOException if the program or a folder is not there
     */
    Prepared prepare(Map<String, String> ours) throws IOException {
        return confinement.isEmpty()
                ? new Prepared(with(new ProcessBuilder(argv).directory(folder.toFile()), ours), Optional.empty())
                : prepare(confinement.get(), ours, able());
    }

    private static Bubblewrap able() throws CannotConfineException {
        return switch (Bubblewrap.onThisMachine()) {
            case Bubblewrap.Found.Able able -> able.bubblewrap();
            case Bubblewrap.Found.Unable unable -> throw new CannotConfineException(unable.why());
        };
    }

    private Prepared prepare(Confinement confined, Map<String, String> ours, Bubblewrap bubblewrap) throws IOException {
        List<String> command = bubblewrap.command(confined, argv, folder, ours);
        Optional<Cgroups.Group> group = Optional.empty();
        if (bubblewrap.cgroups().isPresent()) {
            group = Optional.of(bubblewrap.cgroups().get().group(confined.limits()));
            command = group.get().entering(command);
        }
        return new Prepared(with(new ProcessBuilder(command), ours), group);
    }

    private ProcessBuilder with(ProcessBuilder builder, Map<String, String> ours) {
        Map<String, String> clean = new HashMap<>();
        for (String name : PASSED) {
            String value = ours.get(name);
            if (value != null) {
                clean.put(name, value);
            }
        }
        if (confinement.isPresent()) {
            clean.putAll(PRIVATE);
        }
        environment.forEach((name, value) -> clean.put(name, value.exposeTextInsecurely()));
        builder.environment().clear();
        builder.environment().putAll(clean);
        return builder;
    }
}
