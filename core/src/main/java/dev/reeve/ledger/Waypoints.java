package dev.reeve.ledger;

import java.util.Optional;

/** Where a verification begins, and who is told the places that another run can go on from. */
public interface Waypoints {
    /** The place to go on from. Who gives one vouches for it: it was made by {@link #reached}, for this folder and these keys. */
    Optional<Waypoint> start();

    /** Told by the thread that judges, in order, when all entries before this place were judged. */
    void reached(Waypoint place);

    /** How many bundles of an exported folder lie between two places, at least one; of a ledger, it is its files. */
    default int bundles() {
        return 1024;
    }

    /** From the first entry on, and nobody is told. */
    static Waypoints none() {
        return new Waypoints() {
            @Override
            public Optional<Waypoint> start() {
                return Optional.empty();
            }

            @Override
            public void reached(Waypoint place) {}
        };
    }
}
