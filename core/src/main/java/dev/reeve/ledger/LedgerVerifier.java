package dev.reeve.ledger;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Proves a ledger from its bytes: needs no lock, no server, and believes nothing in the folder but what the given key signed.
 *
 * <p>Guarantees, if it holds: every entry up to the signed size stands there as it was when the key's owner signed it, in order, none
 * missing. Not proven without a witness: that no other history was signed with the same keys, and that the folder is not an older copy.
 */
public final class LedgerVerifier {
    /** The first warning of every result: what no unwitnessed log can prove (R30). */
    public static final String UNWITNESSED =
            "no witness has signed: that this is the only history under these keys, and the latest, is not proven";

    private LedgerVerifier() {}

    /**
     * Reads everything once, on all cores, in the memory of a few groups.
     *
     * @param keys from the user, never from the folder (R30)
     */
    public static Verification verify(Path folder, VerifierKeys keys, LeafCheck check, Progress progress) {
        try (FolderDisk disk = FolderDisk.readOnly(folder)) {
            return verify(disk, keys, check, progress);
        } catch (IOException e) {
            return new Verification.Broken(-1, "it cannot be read: " + e.getMessage(), folder.toString());
        }
    }

    /**
     * As {@link #verify(Path, VerifierKeys, LeafCheck, Progress)}, and can be interrupted: after each file of the log that was read whole
     * the waypoints are told, and it begins at the one that they give.
     *
     * @param check has seen what lies before the place to go on from
     * @throws NotResumableException if it cannot go on from there; from the beginning it can
     */
    public static Verification verify(
            Path folder, VerifierKeys keys, LeafCheck check, Waypoints waypoints, Progress progress)
            throws NotResumableException {
        try (FolderDisk disk = FolderDisk.readOnly(folder)) {
            return verify(disk, keys, Optional.empty(), check, Resuming.of(folder, waypoints), progress);
        } catch (IOException e) {
            return new Verification.Broken(-1, "it cannot be read: " + e.getMessage(), folder.toString());
        }
    }

    /**
     * Reads only what is newer than a state that somebody kept, after the stored hashes gave that state's root: so what is new goes on from
     * it. What stands before it is not read.
     *
     * @param from the text of a checkpoint of this log, of a record that was verified when it was kept
     */
    public static Verification verifyFrom(
            Path folder, VerifierKeys keys, String from, LeafCheck check, Progress progress) {
        try (FolderDisk disk = FolderDisk.readOnly(folder)) {
            return notResumed(disk, keys, Optional.of(from), check, progress);
        } catch (IOException e) {
            return new Verification.Broken(-1, "it cannot be read: " + e.getMessage(), folder.toString());
        }
    }

    /** The newest checkpoint that was cosigned, as far as it can be read: who cosigned it is the caller's to check. */
    public static Optional<Checkpoint> cosigned(Path folder, VerifierKeys keys) {
        try (FolderDisk disk = FolderDisk.readOnly(folder)) {
            return CosignedFile.newest(disk, Keyring.in(disk, keys));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static Verification verify(Disk disk, VerifierKeys keys, LeafCheck check, Progress progress) {
        return notResumed(disk, keys, Optional.empty(), check, progress);
    }

    private static Verification notResumed(
            Disk disk, VerifierKeys keys, Optional<String> from, LeafCheck check, Progress progress) {
        try {
            return verify(disk, keys, from, check, Resuming.none(), progress);
        } catch (NotResumableException e) {
            throw new AssertionError("it begins where it is told to, or at the first entry", e);
        }
    }

    private static Verification verify(
            Disk disk, VerifierKeys keys, Optional<String> from, LeafCheck check, Resuming resuming, Progress progress)
            throws NotResumableException {
        try {
            if (!disk.names().contains(Manifest.NAME)) {
                return new Verification.Broken(-1, "there is no ledger", Manifest.NAME);
            }
            Manifest manifest = Manifest.read(disk);
            if (!manifest.origin().equals(keys.name())) {
                return new Verification.Broken(
                        -1,
                        "the ledger is `" + manifest.origin() + "`, the key is of `" + keys.name() + "`",
                        Manifest.NAME);
            }
            Keyring ring = Keyring.of(keys, Succession.read(disk));
            List<Checkpoint> checkpoints = checkpoints(disk, ring);
            Optional<Checkpoint> start = from.isPresent() ? Optional.of(start(from.get(), ring)) : Optional.empty();
            return new Verifying(disk, checkpoints, ring, check, resuming, progress).run(start);
        } catch (Breach breach) {
            return breach.found();
        } catch (LedgerUnavailableException e) {
            return new Verification.Broken(-1, String.valueOf(e.getMessage()), Manifest.NAME);
        } catch (IOException e) {
            return new Verification.Broken(-1, "it cannot be read: " + e.getMessage(), "");
        }
    }

    private static Checkpoint start(String note, Keyring keys) throws Breach {
        return keys.openKept(note)
                .orElseThrow(() -> new Breach(
                        -1,
                        "the kept checkpoint is not signed by the keys "
                                + keys.latest().shown(),
                        "--from"));
    }

    /** Both slots, older first. A slot that is torn is no breach; one that is whole and not signed by the key is. */
    private static List<Checkpoint> checkpoints(Disk disk, Keyring keys) throws IOException, Breach {
        if (!disk.names().contains(CheckpointFile.NAME)) {
            throw new Breach(-1, "the checkpoint is missing", CheckpointFile.NAME);
        }
        // First: the ledger may be in use, and what is cosigned is never newer than what is signed.
        Optional<Checkpoint> cosigned = CosignedFile.newest(disk, keys);
        try (CheckpointFile file = new CheckpointFile(disk.open(CheckpointFile.NAME))) {
            List<String> notes = file.notes().reversed();
            if (notes.isEmpty()) {
                throw new Breach(-1, "no checkpoint can be read", CheckpointFile.NAME);
            }
            List<Optional<Checkpoint>> opened = notes.stream().map(keys::open).toList();
            if (opened.stream().anyMatch(Optional::isEmpty)) {
                throw new Breach(
                        -1,
                        "a checkpoint is not signed by the keys "
                                + keys.latest().shown(),
                        CheckpointFile.NAME);
            }
            List<Checkpoint> checkpoints =
                    opened.stream().flatMap(Optional::stream).toList();
            if (checkpoints.getFirst().size() > checkpoints.getLast().size()) {
                throw new Breach(-1, "the checkpoints are in the wrong order", CheckpointFile.NAME);
            }
            // The states at which keys changed must be states of this log too.
            return Stream.concat(keys.crossed().stream(), withCosigned(checkpoints, cosigned).stream())
                    .sorted(Comparator.comparingLong(Checkpoint::size))
                    .toList();
        }
    }

    /** What witnesses have seen must be there, too. */
    private static List<Checkpoint> withCosigned(List<Checkpoint> checkpoints, Optional<Checkpoint> cosigned)
            throws Breach {
        if (cosigned.isEmpty()) {
            return checkpoints;
        }
        long size = cosigned.get().size();
        if (size > checkpoints.getLast().size()) {
            throw new Breach(
                    checkpoints.getLast().size(),
                    size + " entries were cosigned, and only "
                            + checkpoints.getLast().size()
                            + " are signed: it is an older state, or its end was cut off",
                    CosignedFile.NAME);
        }
        List<Checkpoint> all = new ArrayList<>(checkpoints);
        int at = 0;
        while (all.get(at).size() < size) {
            at++;
        }
        all.add(at, cosigned.get());
        return all;
    }

    /** Ends a verification from within. */
    static final class Breach extends Exception {
        private static final long serialVersionUID = 1;
        private final transient Verification.Broken found;

        Breach(long index, String what, String where) {
            super(what, null, false, false);
            this.found = new Verification.Broken(index, what, where);
        }

        Verification.Broken found() {
            return found;
        }
    }
}
