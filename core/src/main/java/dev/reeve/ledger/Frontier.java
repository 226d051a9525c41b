package dev.reeve.ledger;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

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
        add(0, leaf, sink);
    }

    /** Adds a full subtree of {@code 2^height} leaves at once; the size is a multiple of that. */
    void add(int height, byte[] subtree, TileSink sink) {
        byte[] hash = subtree;
        int at = height;
        tell(at, hash, sink);
        while ((size >>> at & 1) == 1) {
            hash = sha.node(nodes[at], hash);
            at++;
            tell(at, hash, sink);
        }
        nodes[at] = hash;
        size += 1L << height;
    }

    private void tell(int height, byte[] hash, TileSink sink) {
        if (height % TILE_HEIGHT == 0) {
            sink.node(height / TILE_HEIGHT, size >>> height, hash);
        }
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

    /** The nodes that its size has a bit for, from the greatest height down; {@link #of} takes them up again. */
    List<byte[]> edge() {
        List<byte[]> edge = new ArrayList<>();
        for (int height = nodes.length - 1; height >= 0; height--) {
            if ((size >>> height & 1) == 1) {
                edge.add(nodes[height].clone());
            }
        }
        return edge;
    }

    /** @throws IllegalArgumentException if these are not the nodes of a tree of this size */
    static Frontier of(long size, List<byte[]> edge) {
        if (size < 0
                || Long.bitCount(size) != edge.size()
                || edge.stream().anyMatch(node -> node.length != Sha256.BYTES)) {
            throw new IllegalArgumentException("no edge of a tree of " + size + " entries");
        }
        Frontier frontier = new Frontier();
        long rest = size;
        for (byte[] node : edge) {
            int height = Long.SIZE - 1 - Long.numberOfLeadingZeros(rest);
            frontier.restore(height, node.clone());
            rest -= 1L << height;
        }
        return frontier;
    }

    Frontier copy() {
        return of(size, edge());
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
