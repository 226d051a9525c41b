package dev.reeve.ledger;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** That a smaller tree is the beginning of a larger one: RFC 6962, section 2.1.2. */
final class ConsistencyProof {
    /** No tree of fewer than 2^63 entries needs more. */
    static final int MOST_HASHES = 63;

    private final SubtreeHashes hashes;
    private final List<byte[]> path = new ArrayList<>();

    private ConsistencyProof(SubtreeHashes hashes) {
        this.hashes = hashes;
    }

    /** @param from size of the smaller tree; the proof is empty if it is 0 or {@code to} */
    static List<byte[]> of(HashLevels levels, long from, long to) throws IOException {
        ConsistencyProof proof = new ConsistencyProof(new SubtreeHashes(levels));
        if (from > 0 && from < to) {
            proof.descend(from, 0, to, true);
        }
        return proof.path;
    }

    /** @param whole whether the smaller tree's own root is known to whoever checks */
    private void descend(long from, long start, long end, boolean whole) throws IOException {
        if (from == end) {
            if (!whole) {
                path.add(hashes.hash(start, end));
            }
            return;
        }
        long middle = start + Long.highestOneBit(end - start - 1);
        if (from <= middle) {
            descend(from, start, middle, whole);
            path.add(hashes.hash(middle, end));
        } else {
            descend(from, middle, end, false);
            path.add(hashes.hash(start, middle));
        }
    }

    /** Whether the proof leads from one root to the other (RFC 9162, section 2.1.4.2). */
    static boolean leads(long from, byte[] fromRoot, long to, byte[] toRoot, List<byte[]> proof) {
        if (from < 0 || from > to || proof.size() > MOST_HASHES) {
            return false;
        }
        if (from == 0) {
            return proof.isEmpty();
        }
        if (from == to) {
            return proof.isEmpty() && Arrays.equals(fromRoot, toRoot);
        }
        List<byte[]> path = new ArrayList<>(proof);
        if (Long.bitCount(from) == 1) {
            path.addFirst(fromRoot);
        }
        Optional<byte[][]> roots = path.isEmpty() ? Optional.empty() : roots(from - 1, to - 1, path);
        return roots.isPresent() && Arrays.equals(roots.get()[0], fromRoot) && Arrays.equals(roots.get()[1], toRoot);
    }

    /** Both roots that the path gives; empty if it does not fit the shapes of the trees. */
    private static Optional<byte[][]> roots(long fromLast, long toLast, List<byte[]> path) {
        int lonely = Long.numberOfTrailingZeros(~fromLast);
        long node = fromLast >>> lonely;
        long last = toLast >>> lonely;
        Sha256 sha = new Sha256();
        byte[] smaller = path.getFirst();
        byte[] larger = path.getFirst();
        for (byte[] hash : path.subList(1, path.size())) {
            if (last == 0) {
                return Optional.empty();
            }
            if ((node & 1) == 1 || node == last) {
                smaller = sha.node(hash, smaller);
                larger = sha.node(hash, larger);
                int up = (node & 1) == 1 ? 0 : Long.numberOfTrailingZeros(node);
                node >>>= up;
                last >>>= up;
            } else {
                larger = sha.node(larger, hash);
            }
            node >>>= 1;
            last >>>= 1;
        }
        return last == 0 ? Optional.of(new byte[][] {smaller, larger}) : Optional.empty();
    }
}
