package dev.reeve.connect;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which of a client's servers start confined (R21): those that a package manager would fetch, since what they consist of is then known and can be installed
 * once. They see the files and folders that their arguments name, and have no network.
 */
final class Confining {
    private final Surroundings around;
    private final Installation installation;
    private final Optional<String> nothing;
    private final Map<String, String> failed;

    /**
     * @param unconfined the person wants none of it
     * @param failed servers that could not be installed, with the reason
     */
    Confining(Surroundings around, Installation installation, boolean unconfined, Map<String, String> failed) {
        this.around = around;
        this.installation = installation;
        this.nothing = unconfined ? Optional.of("--unconfined") : installation.cannotConfine();
        this.failed = Map.copyOf(failed);
    }

    /** The same server, with how it is to start. */
    Upstream decided(Upstream upstream) {
        if (upstream.url().isPresent()) {
            return upstream;
        }
        Optional<String> why = Optional.ofNullable(failed.get(upstream.name()))
                .or(() -> nothing)
                .or(() -> installation.fetches(upstream.command())
                        ? Optional.empty()
                        : Optional.of("it starts a program of yours, not a package"));
        if (why.isPresent()) {
            return upstream.with(new Upstream.Start.Unconfined(why.get()));
        }
        return seeing(upstream);
    }

    private Upstream seeing(Upstream upstream) {
        List<String> seen = new ArrayList<>();
        boolean relative = false;
        Path folder = Path.of(upstream.folder().orElse("/"));
        for (String argument : upstream.command().subList(1, upstream.command().size())) {
            Optional<Path> place = place(folder, argument);
            if (place.isPresent()) {
                if (isReeves(place.get())) {
                    return upstream.with(
                            new Upstream.Start.Unconfined("`" + argument + "` would show it Reeve's own files"));
                }
                seen.add(place.get().toString());
                relative |= !argument.startsWith("/");
            }
        }
        if (relative && isReeves(folder)) {
            return upstream.with(new Upstream.Start.Unconfined("its folder would show it Reeve's own files"));
        }
        Upstream confined = upstream.with(new Upstream.Start.Confined(seen));
        return relative ? confined : confined.withoutFolder();
    }

    /** An argument that is a file or folder here; a bare word is none, whatever lies in the folder. */
    private static Optional<Path> place(Path folder, String argument) {
        if (!argument.contains("/") && !argument.equals(".")) {
            return Optional.empty();
        }
        try {
            return Optional.of(folder.resolve(argument).toRealPath());
        } catch (IOException | InvalidPathException e) {
            return Optional.empty();
        }
    }

    private boolean isReeves(Path place) {
        return List.of(around.home(), around.keys()).stream()
                .map(Confining::real)
                .anyMatch(own -> own.startsWith(place) || place.startsWith(own));
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path.normalize();
        }
    }
}
