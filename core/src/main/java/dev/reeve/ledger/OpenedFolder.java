package dev.reeve.ledger;

import dev.reeve.ledger.LedgerUnavailableException.Reason;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Everything of a folder that was found good at the start.
 *
 * @param cutOff bytes of a torn group that were erased
 */
record OpenedFolder(Disk disk, Wal wal, Integrator integrator, long cutOff) {

    static OpenedFolder open(Disk disk, LedgerSettings settings, SigningKey key)
            throws IOException, LedgerUnavailableException {
        if (isNew(disk, key)) {
            create(disk, settings, key);
        }
        checkManifest(disk, settings, key);
        CheckpointFile store = new CheckpointFile(disk.open(CheckpointFile.NAME));
        Checkpoint latest = latest(store, key);
        HashLevels levels = new HashLevels(disk);
        Frontier frontier = frontier(levels, latest);
        Recovery.Recovered recovered = Recovery.run(disk, latest.size());
        Wal wal = new Wal(disk, settings, recovered.end());
        Integrator integrator = new Integrator(disk, levels, store, key, frontier, recovered.checkpointed(), latest);
        return new OpenedFolder(disk, wal, integrator, recovered.cutOff());
    }

    /**
     * The manifest is written last. So a folder without a good one, in which nothing was signed and no log begun, is empty or was left
     * by a crash in {@link #create}.
     */
    private static boolean isNew(Disk disk, SigningKey key) throws IOException, LedgerUnavailableException {
        for (String name : disk.names()) {
            if (!name.equals(CheckpointFile.NAME) && !name.equals(Manifest.NAME)) {
                if (disk.names().contains(Manifest.NAME)) {
                    return false;
                }
                throw new LedgerUnavailableException(
                        Reason.FOREIGN, "the folder holds `" + name + "` but no ledger: it is left alone");
            }
        }
        if (disk.names().contains(Manifest.NAME) && Manifest.isGood(disk)) {
            return false;
        }
        if (disk.names().contains(CheckpointFile.NAME)) {
            try (CheckpointFile store = new CheckpointFile(disk.open(CheckpointFile.NAME))) {
                return store.notes().stream()
                        .allMatch(note -> Checkpoint.open(note, key.verifier())
                                .filter(checkpoint -> checkpoint.size() == 0)
                                .isPresent());
            }
        }
        return true;
    }

    private static void create(Disk disk, LedgerSettings settings, SigningKey key) throws IOException {
        for (String name : disk.names()) {
            disk.delete(name);
        }
        try (CheckpointFile store = CheckpointFile.create(disk)) {
            Frontier empty = new Frontier();
            store.store(Checkpoint.sign(0, empty.rootText(), key));
        }
        disk.forceNames();
        new Manifest(key.verifier().name(), settings.node()).create(disk);
    }

    private static void checkManifest(Disk disk, LedgerSettings settings, SigningKey key)
            throws IOException, LedgerUnavailableException {
        Manifest manifest = Manifest.read(disk);
        if (!manifest.node().equals(settings.node())) {
            throw new LedgerUnavailableException(
                    Reason.FOREIGN, "the ledger is of node `" + manifest.node() + "`, not `" + settings.node() + "`");
        }
        if (!manifest.origin().equals(key.verifier().name())) {
            throw new LedgerUnavailableException(
                    Reason.FOREIGN,
                    "the ledger `" + manifest.origin() + "` is not signed by the key `"
                            + key.verifier().name() + "`");
        }
    }

    private static Checkpoint latest(CheckpointFile store, SigningKey key)
            throws IOException, LedgerUnavailableException {
        List<String> notes = store.notes();
        if (notes.isEmpty()) {
            throw LedgerUnavailableException.corrupt("no checkpoint can be read");
        }
        Optional<Checkpoint> latest = Checkpoint.open(notes.getFirst(), key.verifier());
        return latest.orElseThrow(() -> new LedgerUnavailableException(
                Reason.FOREIGN, "the latest checkpoint is not signed by the key `" + key.verifier() + "`"));
    }

    private static Frontier frontier(HashLevels levels, Checkpoint latest) throws LedgerUnavailableException {
        try {
            Frontier frontier = levels.frontier(latest.size());
            if (!frontier.rootText().equals(latest.root())) {
                throw LedgerUnavailableException.corrupt(
                        "the stored hashes do not give the signed root of " + latest.size() + " entries");
            }
            return frontier;
        } catch (IOException e) {
            throw new LedgerUnavailableException(
                    Reason.CORRUPT, "the stored hashes cannot be read: " + e.getMessage(), e);
        }
    }
}
