package dev.reeve.ledger;

import java.util.Base64;

/** The right edge of an RFC 6962 tree: enough to add leaves and to know the root. */
final class Frontier {
    /** Gets each node at the heights that are levels of tiles (0, 8, 16, ...). */
    interface TileSink {
        void node(int level, long index, byte[] hash);
    }

    static final int TILE_HEIGHT = 8;
    private final Sha256 sha = new Sha256();
    private final byte[][] nodes = new byte[64][];
    private long size;

    long size() {
        return size;
    }

    void add(byte[] leaf, TileSink sink) {
        byte[] hash = leaf;
        sink.node(0, size, hash);
        int height = 0;
        while ((size >>> height & 1) == 1) {
            hash = sha.node(nodes[height], hash);
            height++;
            if (height % TILE_HEIGHT == 0) {
                sink.node(height / TILE_HEIGHT, size >>> height, hash);
            }
        }
        nodes[height] = hash;
        size++;
    }

    byte[] root() {
        if (size == 0) {
            return Sha256.of(new byte[0]);
        }
        int height = Long.numberOfTrailingZeros(size);
        byte[] hash = nodes[height];
        for (height++; height < 64; height++) {
            if ((size >>> height & 1) == 1) {
                hash = sha.node(nodes[height], hash);
            }
        }
        return hash;
    }

    String rootText() {
        return Base64.getEncoder().encodeToString(root());
    }

    /** Takes up a stored tree: the node of this height at the right edge. Nodes go from the greatest height down. */
    void restore(int height, byte[] hash) {
        nodes[height] = hash;
        size += 1L << height;
    }

    /** The root of a full subtree over these hashes; their number is a power of two. */
    static byte[] subtree(byte[] hashes, int offset, int count, Sha256 sha) {
        if (count == 1) {
            return java.util.Arrays.copyOfRange(hashes, offset, offset + Sha256.BYTES);
        }
        int half = count / 2;
        return sha.node(subtree(hashes, offset, half, sha), subtree(hashes, offset + half * Sha256.BYTES, half, sha));
    }
}
