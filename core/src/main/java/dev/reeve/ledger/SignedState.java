package dev.reeve.ledger;

import java.io.IOException;
import java.util.Optional;

/** The latest checkpoint of a ledger's folder, read without a lock: also while another process stores the next one. */
final class SignedState {
    private SignedState() {}

    /** @throws IOException with a text for the user if there is no ledger, or its latest checkpoint is not signed by the key */
    static Checkpoint of(Disk disk, Keyring keys) throws IOException {
        if (!disk.names().contains(CheckpointFile.NAME)) {
            throw new IOException("there is no ledger: the file `" + CheckpointFile.NAME + "` is missing");
        }
        try (CheckpointFile file = new CheckpointFile(disk.open(CheckpointFile.NAME))) {
            // One slot may be half written just now; the other one is whole then.
            String note = file.notes().stream()
                    .findFirst()
                    .orElseThrow(() -> new IOException("no checkpoint of the ledger can be read"));
            return keys.open(note)
                    .orElseThrow(() -> new IOException("the ledger's latest checkpoint is not signed by the keys "
                            + keys.latest().shown()));
        }
    }

    /** The newest one that witnesses have cosigned, if any. */
    static Optional<Checkpoint> cosigned(Disk disk, Keyring keys) throws IOException {
        return CosignedFile.newest(disk, keys);
    }
}
