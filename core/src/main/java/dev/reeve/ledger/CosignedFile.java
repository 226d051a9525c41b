package dev.reeve.ledger;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The newest checkpoint that enough witnesses have cosigned, beside the newest of all, in the same form. It can be had again by asking
 * the witnesses: a file that cannot be read counts as none. Safe for use by several threads.
 */
final class CosignedFile implements AutoCloseable {
    static final String NAME = "cosigned";
    private final Disk disk;
    private @Nullable CheckpointFile file;
    private boolean ended;
    private volatile Optional<Checkpoint> latest;

    private CosignedFile(Disk disk, Optional<Checkpoint> latest) {
        this.disk = disk;
        this.latest = latest;
    }

    /**
     * @param signed the newest checkpoint of all
     * @throws LedgerUnavailableException if witnesses have cosigned what the ledger does not hold
     */
    static CosignedFile open(Disk disk, HashLevels levels, Checkpoint signed, Keyring keys)
            throws IOException, LedgerUnavailableException {
        Optional<Checkpoint> found = newest(disk, keys);
        if (found.isPresent() && !isHeld(found.get(), levels, signed)) {
            throw LedgerUnavailableException.corrupt(
                    "witnesses have cosigned " + found.get().size()
                            + " entries that the ledger does not hold so: it is an older copy, or was altered");
        }
        return new CosignedFile(disk, found);
    }

    private static boolean isHeld(Checkpoint cosigned, HashLevels levels, Checkpoint signed) throws IOException {
        return cosigned.size() <= signed.size()
                && levels.frontier(cosigned.size()).rootText().equals(cosigned.root());
    }

    /** Signed by the log's keys of then; who cosigned it is not looked at. */
    static Optional<Checkpoint> newest(Disk disk, Keyring keys) throws IOException {
        if (!disk.names().contains(NAME)) {
            return Optional.empty();
        }
        try (CheckpointFile stored = new CheckpointFile(disk.open(NAME))) {
            return stored.notes().stream()
                    .map(keys::openKept)
                    .flatMap(Optional::stream)
                    .max((a, b) -> Long.compare(a.size(), b.size()));
        }
    }

    Optional<Checkpoint> latest() {
        return latest;
    }

    /** Returns when it is durable. A smaller one than what is there is passed over: nothing that was cosigned is taken back. */
    synchronized void store(Checkpoint cosigned) throws IOException {
        if (latest.filter(one -> one.size() > cosigned.size()).isPresent()) {
            return;
        }
        if (ended) {
            throw new IOException("the ledger is closed");
        }
        try {
            opened().store(cosigned);
            latest = Optional.of(cosigned);
        } catch (IOException e) {
            letGo();
            throw e;
        }
    }

    private CheckpointFile opened() throws IOException {
        CheckpointFile now = file;
        if (now == null) {
            if (disk.names().contains(NAME)) {
                now = new CheckpointFile(disk.open(NAME));
                now.notes();
            } else {
                now = CheckpointFile.create(disk, NAME);
                disk.forceNames();
            }
            file = now;
        }
        return now;
    }

    /** Nothing is stored from here on: the folder may be another process's. */
    @Override
    public synchronized void close() throws IOException {
        ended = true;
        letGo();
    }

    /** A descriptor that failed is not forced again: the next store opens another one. */
    private void letGo() throws IOException {
        CheckpointFile now = file;
        file = null;
        if (now != null) {
            now.close();
        }
    }
}
