package dev.reeve.ledger;

import java.util.List;

/** What a verifier found. */
public sealed interface Verification {
    /**
     * Every entry is as it was signed.
     *
     * @param size of the signed tree
     * @param root of the signed tree, base64
     * @param entries found; those beyond {@code size} are not signed yet
     * @param signatures those that were checked: algorithm and id of each key
     * @param warnings what is no breach, and what cannot be proven
     */
    record Holds(long size, String root, long entries, List<String> signatures, List<String> warnings)
            implements Verification {
        public Holds {
            signatures = List.copyOf(signatures);
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * It does not hold.
     *
     * @param index of the first bad entry; -1 if it is not about one entry
     * @param where file and byte
     */
    record Broken(long index, String what, String where) implements Verification {}
}
