package dev.reeve.ledger;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Makes proofs from a ledger's folder, without a lock: also while another process writes it. */
public final class LogProofs {
    private LogProofs() {}

    /**
     * That entry {@code index} stands in the latest signed state. What is given out was checked as its reader will.
     *
     * @throws IOException with a text for the user: no such entry, not signed yet, a damaged ledger
     */
    public static LogProof of(Path folder, long index, VerifierKeys keys) throws IOException {
        try (FolderDisk disk = FolderDisk.readOnly(folder)) {
            return of(disk, index, keys);
        }
    }

    static LogProof of(Disk disk, long index, VerifierKeys keys) throws IOException {
        Keyring ring = Keyring.in(disk, keys);
        try (HashLevels levels = new HashLevels(disk)) {
            // With the signatures of witnesses, if they have seen it.
            Checkpoint signed = SignedState.cosigned(disk, ring)
                    .filter(cosigned -> index < cosigned.size())
                    .orElse(SignedState.of(disk, ring));
            byte[] entry = entry(disk, index);
            if (index >= signed.size()) {
                throw new IOException("entry " + index + " is not under a checkpoint yet, " + signed.size()
                        + " entries are; a running process signs within a second");
            }
            List<byte[]> path = InclusionProof.of(levels, index, signed.size());
            LogProof proof = new LogProof(Optional.of(entry), index, path, signed.note());
            if (proof.lead(entry, signed) instanceof LogProof.Verdict.Refused(String what)) {
                throw new IOException(
                        "the ledger does not hold what was signed (" + what + "): `reeve audit verify` says more");
            }
            return proof;
        }
    }

    private static byte[] entry(Disk disk, long index) throws IOException {
        byte[][] found = new byte[1][];
        LedgerReader.read(disk, index, Long.MAX_VALUE, (at, leaf, disclosures) -> {
            found[0] = leaf;
            return false;
        });
        if (found[0] == null) {
            throw new IOException("there is no entry " + index);
        }
        return found[0];
    }
}
