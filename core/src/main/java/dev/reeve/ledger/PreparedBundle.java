package dev.reeve.ledger;

import dev.reeve.ledger.LedgerVerifier.Breach;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One bundle with all that a verifier can find out about it by itself; made by any thread, judged in order by one.
 *
 * @param entries those that are whole
 * @param end what is wrong with the bundle behind them
 * @param subtree the hash over its entries, where it is full and each has the hash that is stored
 */
record PreparedBundle(Read read, List<One> entries, Optional<Breach> end, Optional<byte[]> subtree) {
    /**
     * A bundle as it was read.
     *
     * @param leaves the stored hashes of its entries, as many as it must have
     */
    @SuppressWarnings("ArrayRecordComponent") // Bytes, never compared.
    record Read(long number, String name, byte[] bytes, byte[] leaves) {
        int width() {
            return leaves.length / Sha256.BYTES;
        }

        byte[] stored(int entry) {
            return Arrays.copyOfRange(leaves, entry * Sha256.BYTES, (entry + 1) * Sha256.BYTES);
        }

        boolean isStored(int entry, byte[] hash) {
            int at = entry * Sha256.BYTES;
            return Arrays.equals(leaves, at, at + Sha256.BYTES, hash, 0, Sha256.BYTES);
        }
    }

    /**
     * One entry.
     *
     * @param agrees whether its hash is the stored one
     * @param problem what the check of the contents finds; to be asked in the order of the indexes
     */
    @SuppressWarnings("ArrayRecordComponent") // Bytes, never compared.
    record One(long index, int offset, byte[] hash, boolean agrees, Supplier<Optional<String>> problem) {}

    static PreparedBundle of(Read read, LeafCheck check) {
        byte[] bytes = read.bytes();
        Sha256 sha = new Sha256();
        Leaf leaf = new Leaf();
        List<One> entries = new ArrayList<>(read.width());
        long first = read.number() * TilePath.WIDTH;
        int at = 0;
        while (entries.size() < read.width()) {
            int length = at + 2 > bytes.length ? 0 : (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
            long index = first + entries.size();
            if (at + 2 + length > bytes.length) {
                return broken(
                        read,
                        entries,
                        new Breach(index, "the bundle ends within this entry, or before it", read.name()));
            }
            leaf.set(index, bytes, at + 2, length);
            byte[] hash = leaf.hash(sha);
            entries.add(new One(index, at, hash, read.isStored(entries.size(), hash), check.read(leaf)));
            at += 2 + length;
        }
        if (at < bytes.length) {
            return broken(
                    read,
                    entries,
                    new Breach(first + read.width(), "something stands behind the last entry", read.name()));
        }
        boolean asStored = read.width() == TilePath.WIDTH && entries.stream().allMatch(One::agrees);
        return new PreparedBundle(
                read,
                entries,
                Optional.empty(),
                asStored ? Optional.of(Frontier.subtree(read.leaves(), 0, TilePath.WIDTH, sha)) : Optional.empty());
    }

    private static PreparedBundle broken(Read read, List<One> entries, Breach breach) {
        return new PreparedBundle(read, entries, Optional.of(breach), Optional.empty());
    }
}
