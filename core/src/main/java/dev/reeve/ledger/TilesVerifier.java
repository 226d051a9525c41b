package dev.reeve.ledger;

import dev.reeve.ledger.LedgerVerifier.Breach;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Proves a log that lies in the static files of C2SP tlog-tiles, as {@link TileExport} writes them. What holds then, and what is not
 * proven, is as with {@link LedgerVerifier}; hidden values are not in such a folder.
 */
public final class TilesVerifier {
    private TilesVerifier() {}

    /** An earlier state that the folder must begin with. */
    record Known(Checkpoint checkpoint, String what) {}

    /**
     * Reads everything once, on all cores, in the memory of a few bundles.
     *
     * @param keys from the user, never from the folder (R30)
     * @param kept a checkpoint of the same log that somebody kept: the folder must still hold what it covers
     */
    public static Verification verify(
            Path folder, VerifierKeys keys, Optional<Checkpoint> kept, LeafCheck check, Progress progress) {
        try {
            return verify(folder, keys, kept, check, Resuming.none(), progress);
        } catch (NotResumableException e) {
            throw new AssertionError("it begins at the first entry", e);
        }
    }

    /**
     * As {@link #verify(Path, VerifierKeys, Optional, LeafCheck, Progress)}, and can be interrupted: now and then the waypoints are told,
     * and it begins at the one that they give.
     *
     * @param check has seen what lies before the place to go on from
     * @throws NotResumableException if it cannot go on from there; from the beginning it can
     */
    public static Verification verify(
            Path folder,
            VerifierKeys keys,
            Optional<Checkpoint> kept,
            LeafCheck check,
            Waypoints waypoints,
            Progress progress)
            throws NotResumableException {
        return verify(folder, keys, kept, check, Resuming.of(folder, waypoints), progress);
    }

    private static Verification verify(
            Path folder,
            VerifierKeys keys,
            Optional<Checkpoint> kept,
            LeafCheck check,
            Resuming resuming,
            Progress progress)
            throws NotResumableException {
        try (FolderDisk disk = FolderDisk.readOnly(folder)) {
            Keyring ring = Keyring.of(keys, Succession.read(disk));
            Checkpoint signed = TileFolder.checkpoint(folder, ring);
            List<Known> known = new ArrayList<>();
            kept.ifPresent(checkpoint -> known.add(new Known(checkpoint, "the kept checkpoint")));
            List<String> warnings = new ArrayList<>(List.of(LedgerVerifier.UNWITNESSED));
            for (Checkpoint crossed : ring.crossed()) {
                if (crossed.size() > signed.size()) {
                    warnings.add("the keys changed after this state: an export was not finished, or"
                            + " an older checkpoint was put back");
                } else {
                    known.add(new Known(crossed, "the checkpoint where the keys changed"));
                }
            }
            resuming.start()
                    .ifPresent(place -> known.add(new Known(place.before(), "the checkpoint that an earlier run saw")));
            for (Known one : known) {
                if (one.checkpoint().size() > signed.size()) {
                    throw new Breach(
                            signed.size(),
                            one.what() + " has " + one.checkpoint().size() + " entries, this one only " + signed.size()
                                    + ": it is an older state, or its end was cut off",
                            TilePath.CHECKPOINT);
                }
            }
            return new VerifyingTiles(folder, signed, ring, known, warnings, check, resuming, progress).run();
        } catch (Breach breach) {
            return breach.found();
        } catch (IOException e) {
            return new Verification.Broken(-1, "it cannot be read: " + e.getMessage(), folder.toString());
        }
    }

    /** The checkpoint of the folder, as far as it can be read: who cosigned it is the caller's to check. */
    public static Optional<Checkpoint> checkpoint(Path folder, VerifierKeys keys) {
        try (FolderDisk disk = FolderDisk.readOnly(folder)) {
            return Optional.of(TileFolder.checkpoint(folder, Keyring.in(disk, keys)));
        } catch (Breach | IOException e) {
            return Optional.empty();
        }
    }
}
