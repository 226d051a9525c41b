package dev.reeve.ledger;

import dev.reeve.ledger.LedgerUnavailableException.Reason;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Everything of a folder that was found good at the start.
 *
 * @param cutOff bytes of a torn group that were erased
 */
record OpenedFolder(Disk disk, Wal wal, Integrator integrator, CosignedFile cosigned, long cutOff) {

    static OpenedFolder open(Disk disk, LedgerSettings settings, SigningKeys keys, InstantSource clock)
            throws IOException, LedgerUnavailableException {
        if (isNew(disk, keys)) {
            create(disk, settings, keys, clock);
        }
        checkManifest(disk, settings, keys);
        CheckpointFile store = new CheckpointFile(disk.open(CheckpointFile.NAME));
        List<Succession> successions = Succession.read(disk);
        List<SigningKey> signers = signers(successions, keys);
        Checkpoint latest = latest(store, keys, signers, successions);
        HashLevels levels = new HashLevels(disk);
        Frontier frontier = frontier(levels, latest);
        CosignedFile cosigned = CosignedFile.open(disk, levels, latest, Keyring.in(disk, keys.verifiers()));
        Recovery.Recovered recovered = Recovery.run(disk, latest.size());
        Wal wal = new Wal(disk, settings, recovered.end());
        Integrator integrator =
                new Integrator(disk, levels, store, signers, clock, frontier, recovered.checkpointed(), latest);
        if (keys.joining().isPresent() || !signers.equals(keys.signers())) {
            integrator.signAgain(signers);
            if (!keys.isShared()) {
                keys.promote();
            }
        }
        return new OpenedFolder(disk, wal, integrator, cosigned, recovered.cutOff());
    }

    /**
     * The manifest is written last. So a folder without a good one, in which nothing was signed and no log begun, is empty or was left
     * by a crash in {@link #create}.
     */
    private static boolean isNew(Disk disk, SigningKeys keys) throws IOException, LedgerUnavailableException {
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
                        .allMatch(note -> signed(note, keys)
                                .filter(checkpoint -> checkpoint.size() == 0)
                                .isPresent());
            }
        }
        return true;
    }

    private static void create(Disk disk, LedgerSettings settings, SigningKeys keys, InstantSource clock)
            throws IOException {
        for (String name : disk.names()) {
            disk.delete(name);
        }
        try (CheckpointFile store = CheckpointFile.create(disk, CheckpointFile.NAME)) {
            Frontier empty = new Frontier();
            store.store(Checkpoint.sign(0, empty.rootText(), keys.signers(), clock.millis() / 1000));
        }
        disk.forceNames();
        new Manifest(keys.name(), settings.node()).create(disk);
    }

    private static void checkManifest(Disk disk, LedgerSettings settings, SigningKeys keys)
            throws IOException, LedgerUnavailableException {
        Manifest manifest = Manifest.read(disk);
        if (!manifest.node().equals(settings.node())) {
            throw new LedgerUnavailableException(
                    Reason.FOREIGN, "the ledger is of node `" + manifest.node() + "`, not `" + settings.node() + "`");
        }
        if (!manifest.origin().equals(keys.name())) {
            throw new LedgerUnavailableException(
                    Reason.FOREIGN,
                    "the ledger `" + manifest.origin() + "` is not signed by the key `" + keys.name() + "`");
        }
    }

    /** The keys that the last succession names; a crash may have kept them from the names of their files. */
    private static List<SigningKey> signers(List<Succession> successions, SigningKeys keys)
            throws LedgerUnavailableException {
        if (successions.isEmpty()) {
            return keys.signers();
        }
        VerifierKeys after = successions.getLast().after();
        return keys.of(after)
                .orElseThrow(() -> new LedgerUnavailableException(
                        Reason.FOREIGN,
                        "`" + successions.getLast().name() + "` says that the ledger is signed by " + after.shown()
                                + " now, and the keys of `" + keys.file() + "` are others: put back the newest ones"));
    }

    private static Checkpoint latest(
            CheckpointFile store, SigningKeys keys, List<SigningKey> signers, List<Succession> successions)
            throws IOException, LedgerUnavailableException {
        List<String> notes = store.notes();
        if (notes.isEmpty()) {
            throw LedgerUnavailableException.corrupt("no checkpoint can be read");
        }
        String note = notes.getFirst();
        Optional<Checkpoint> latest =
                signers.equals(keys.signers()) ? signed(note, keys) : finishing(note, signers, successions.getLast());
        return latest.orElseThrow(() -> new LedgerUnavailableException(
                Reason.FOREIGN,
                "the latest checkpoint is not signed by the keys "
                        + SigningKeys.verifiers(signers).shown() + " of `" + keys.file()
                        + "`; with an older copy of the ledger put back its keys too"));
    }

    /** The succession stands; whether its new keys have signed already, a crash decided. */
    private static Optional<Checkpoint> finishing(String note, List<SigningKey> signers, Succession succession) {
        return Checkpoint.open(note, SigningKeys.verifiers(signers))
                .or(() -> Checkpoint.open(note, succession.before())
                        .filter(ignored -> note.equals(succession.proof().note())));
    }

    /** A key that joins has perhaps signed nothing yet. Once its file has its final name, nothing counts without it. */
    private static Optional<Checkpoint> signed(String note, SigningKeys keys) {
        Optional<Checkpoint> byAll = Checkpoint.open(note, keys.verifiers());
        if (byAll.isPresent() || keys.joining().isEmpty()) {
            return byAll;
        }
        SigningKey joining = keys.joining().get();
        return Checkpoint.open(
                note,
                SigningKeys.verifiers(
                        keys.signers().stream().filter(key -> key != joining).toList()));
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
