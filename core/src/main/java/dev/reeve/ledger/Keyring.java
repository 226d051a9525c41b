package dev.reeve.ledger;

import dev.reeve.ledger.LedgerVerifier.Breach;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The keys that a user gave, and those that followed them: each set of keys counts for the states of the log that were signed while it was in
 * force.
 *
 * <p>Guarantee: every set but the first is named by an entry of a state that the set before it signed. What was signed with keys of before
 * a succession, for a state of after it, does not count.
 */
final class Keyring {
    private final List<Generation> generations = new ArrayList<>();
    private final List<Checkpoint> crossed = new ArrayList<>();
    private final List<Succession> followed = new ArrayList<>();
    private final List<VerifierKeys> earlier = new ArrayList<>();

    /**
     * @param from the smallest size that these keys count for
     * @param to the greatest
     */
    private record Generation(VerifierKeys keys, long from, long to) {}

    private Keyring(VerifierKeys given) {
        generations.add(new Generation(given, 0, Long.MAX_VALUE));
    }

    /** The given keys alone. */
    static Keyring of(VerifierKeys given) {
        return new Keyring(given);
    }

    /**
     * @param given from the user (R30)
     * @param found in a folder, in order; those before the given keys were made are passed over
     * @throws Breach if one that follows the given keys is not signed by those before it
     */
    static Keyring of(VerifierKeys given, List<Succession> found) throws Breach {
        Keyring ring = new Keyring(given);
        boolean begun = false;
        for (Succession succession : found) {
            begun = begun || succession.before().all().containsAll(given.all());
            if (begun) {
                ring.follow(succession);
            } else {
                ring.earlier.add(succession.before());
            }
        }
        return ring;
    }

    /** @throws IOException with a text for the user if the successions in the folder are damaged, or do not follow the given keys */
    static Keyring in(Disk disk, VerifierKeys given) throws IOException {
        try {
            return of(given, Succession.read(disk));
        } catch (Breach breach) {
            throw new IOException(breach.getMessage() + " (`" + breach.found().where() + "`)", breach);
        }
    }

    /** As {@link #of(VerifierKeys, List)}, from a folder that has at least one succession, or from a file that is one. */
    static Keyring at(Path successions, VerifierKeys given) throws IOException, Breach {
        List<Succession> found;
        if (Files.isDirectory(successions)) {
            try (FolderDisk disk = FolderDisk.readOnly(successions)) {
                found = Succession.read(disk);
            }
        } else {
            found = Succession.parse(successions.toString(), Succession.bytes(successions)).stream()
                    .toList();
        }
        if (found.isEmpty()) {
            throw new IOException("`" + successions + "` is no succession, and no folder that has one");
        }
        return of(given, found);
    }

    private void follow(Succession succession) throws Breach {
        Generation last = generations.removeLast();
        if (!succession.before().all().containsAll(last.keys().all())
                || !(succession.proof().check(last.keys(), Optional.empty()) instanceof LogProof.Verdict.Holds holds)
                || holds.checkpoint().size() < last.from()) {
            throw new Breach(
                    succession.proof().index(),
                    "the keys that are to follow " + last.keys().shown() + " were not named under their signature",
                    succession.name());
        }
        Checkpoint signed = holds.checkpoint();
        generations.add(new Generation(last.keys(), last.from(), signed.size()));
        generations.add(new Generation(succession.after(), signed.size(), Long.MAX_VALUE));
        crossed.add(signed);
        followed.add(succession);
    }

    /** The name of the log. */
    String name() {
        return latest().name();
    }

    /** The keys that sign what is newest. */
    VerifierKeys latest() {
        return generations.getLast().keys();
    }

    /** The keys that the user gave. */
    VerifierKeys given() {
        return generations.getFirst().keys();
    }

    /** The states at which keys changed: the log must have them too. */
    List<Checkpoint> crossed() {
        return List.copyOf(crossed);
    }

    List<Succession> followed() {
        return List.copyOf(followed);
    }

    /**
     * A checkpoint, and which keys signed it.
     *
     * @param followed how many successions lead to them
     */
    record Opened(Checkpoint checkpoint, VerifierKeys keys, int followed) {}

    /** The checkpoint in this note, if the keys signed it that were in force at its size. */
    Optional<Checkpoint> open(String note) {
        return openWithKeys(note).map(Opened::checkpoint);
    }

    Optional<Opened> openWithKeys(String note) {
        for (int i = generations.size() - 1; i >= 0; i--) {
            Generation generation = generations.get(i);
            Optional<Checkpoint> opened = Checkpoint.open(note, generation.keys())
                    .filter(checkpoint ->
                            checkpoint.size() >= generation.from() && checkpoint.size() <= generation.to());
            if (opened.isPresent()) {
                return Optional.of(new Opened(opened.get(), generation.keys(), i));
            }
        }
        return Optional.empty();
    }

    /**
     * A checkpoint that somebody kept, for a comparison: what keys of before the given ones signed will do too. Never for a state that is
     * believed: those keys may be stolen.
     */
    Optional<Checkpoint> openKept(String note) {
        Optional<Checkpoint> opened = open(note);
        for (VerifierKeys before : earlier) {
            opened = opened.or(() -> Checkpoint.open(note, before));
        }
        return opened;
    }

    /** Which signatures are demanded, for people; with the way to them, where keys were followed by others. */
    List<String> signatures() {
        return signatures(latest(), followed.size());
    }

    /** As {@link #signatures()}, of one checkpoint. */
    List<String> signatures(Opened opened) {
        return signatures(opened.keys(), opened.followed());
    }

    private List<String> signatures(VerifierKeys keys, int steps) {
        List<String> signatures = new ArrayList<>(keys.signatures());
        for (Succession one : followed.subList(0, steps)) {
            signatures.add("named in record " + one.proof().index() + " under "
                    + String.join(" and ", one.before().signatures()));
        }
        return signatures;
    }
}
