package dev.reeve.ledger;

import java.io.IOException;

/** Hashes over ranges of leaves, put together from the stored ones. */
final class SubtreeHashes {
    private final HashLevels levels;
    private final Sha256 sha = new Sha256();

    SubtreeHashes(HashLevels levels) {
        this.levels = levels;
    }

    /** The hash over these leaves: stored if the subtree is full, else put together from its two parts. */
    byte[] hash(long start, long end) throws IOException {
        long leaves = end - start;
        if (Long.bitCount(leaves) == 1) {
            int height = Long.numberOfTrailingZeros(leaves);
            int level = height / Frontier.TILE_HEIGHT;
            int count = 1 << height % Frontier.TILE_HEIGHT;
            byte[] hashes = levels.read(level, start >>> (level * Frontier.TILE_HEIGHT), count);
            return Frontier.subtree(hashes, 0, count, sha);
        }
        long middle = start + Long.highestOneBit(leaves - 1);
        return sha.node(hash(start, middle), hash(middle, end));
    }
}
