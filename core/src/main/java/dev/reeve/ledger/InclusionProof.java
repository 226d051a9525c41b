package dev.reeve.ledger;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Audit paths of the RFC 6962 tree (section 2.1.1): from the leaf's sibling up to the root's child. */
final class InclusionProof {
    private final SubtreeHashes hashes;
    private final List<byte[]> path = new ArrayList<>();

    private InclusionProof(SubtreeHashes hashes) {
        this.hashes = hashes;
    }

    /** @param size of the tree; {@code index} is below it */
    static List<byte[]> of(HashLevels levels, long index, long size) throws IOException {
        InclusionProof proof = new InclusionProof(new SubtreeHashes(levels));
        proof.descend(index, 0, size);
        return proof.path;
    }

    private void descend(long index, long start, long end) throws IOException {
        if (end - start == 1) {
            return;
        }
        long middle = start + Long.highestOneBit(end - start - 1);
        if (index < middle) {
            descend(index, start, middle);
            path.add(hashes.hash(middle, end));
        } else {
            descend(index, middle, end);
            path.add(hashes.hash(start, middle));
        }
    }

    /** The root that the path leads to (RFC 9162 section 2.1.3.2); empty if the path does not fit the tree's shape. */
    static Optional<byte[]> root(byte[] leafHash, long index, long size, List<byte[]> path) {
        if (index < 0 || index >= size) {
            return Optional.empty();
        }
        Sha256 sha = new Sha256();
        long node = index;
        long last = size - 1;
        byte[] hash = leafHash;
        for (byte[] sibling : path) {
            if (last == 0) {
                return Optional.empty();
            }
            if ((node & 1) == 1 || node == last) {
                hash = sha.node(sibling, hash);
                int lonely = (node & 1) == 1 ? 0 : Long.numberOfTrailingZeros(node);
                node >>>= lonely;
                last >>>= lonely;
            } else {
                hash = sha.node(hash, sibling);
            }
            node >>>= 1;
            last >>>= 1;
        }
        return last == 0 ? Optional.of(hash) : Optional.empty();
    }
}
