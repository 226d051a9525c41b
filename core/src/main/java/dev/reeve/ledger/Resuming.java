package dev.reeve.ledger;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What one run of a verifier needs to go on from a {@link Waypoint}, and to leave such behind. */
final class Resuming {
    private final Waypoints waypoints;
    private final Optional<ReadFiles> read;

    private Resuming(Waypoints waypoints, Optional<ReadFiles> read) {
        this.waypoints = waypoints;
        this.read = read;
    }

    static Resuming none() {
        return new Resuming(Waypoints.none(), Optional.empty());
    }

    /** @param folder that the names of files are relative to */
    static Resuming of(Path folder, Waypoints waypoints) {
        return new Resuming(waypoints, Optional.of(new ReadFiles(folder)));
    }

    Optional<Waypoint> start() {
        return waypoints.start();
    }

    int bundles() {
        return waypoints.bundles();
    }

    /** The checkpoints of now, and the newest one of the earlier run; older first. */
    List<Checkpoint> withEarlier(List<Checkpoint> now) {
        return Stream.concat(start().map(Waypoint::before).stream(), now.stream())
                .sorted(Comparator.comparingLong(Checkpoint::size))
                .toList();
    }

    /** @param names of the files that lie before the place to go on from */
    void skip(List<String> names, Waypoint place) throws NotResumableException {
        if (read.isPresent()) {
            read.get().skip(names, place);
        }
    }

    /** A file is about to be read. */
    void reading(String name) throws IOException {
        if (read.isPresent()) {
            read.get().add(name);
        }
    }

    /**
     * Everything in the files that were read is as it should be.
     *
     * @param checkpoints all that are compared with the log; those of at most this size have been
     */
    void passed(Frontier frontier, long counter, long erased, List<Checkpoint> checkpoints, Checkpoint latest) {
        if (read.isEmpty() || frontier.size() == 0) {
            return;
        }
        Set<Waypoint.Compared> compared = new LinkedHashSet<>();
        start().ifPresent(place -> compared.addAll(place.compared()));
        checkpoints.stream()
                .filter(checkpoint -> checkpoint.size() <= frontier.size())
                .map(Waypoint.Compared::of)
                .forEach(compared::add);
        waypoints.reached(new Waypoint(
                read.get().count(),
                read.get().marks(),
                frontier.size(),
                frontier.edge(),
                counter,
                erased,
                new ArrayList<>(compared),
                latest.note()));
    }

    /** What the end result has to say of the part that this run did not read. */
    Optional<String> warning() {
        return start().map(
                        place -> place.entries()
                                + " entries were read by an earlier run; their files were not written since, as far as the file system tells");
    }
}
