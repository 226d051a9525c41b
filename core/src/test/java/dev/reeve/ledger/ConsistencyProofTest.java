package dev.reeve.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ConsistencyProofTest {
    private static final int MOST = 600;
    private final HashLevels levels = new HashLevels(new SimulatedDisk(new Random(1)));
    private final List<byte[]> roots = new ArrayList<>();

    @BeforeEach
    void grow() throws Exception {
        Frontier frontier = new Frontier();
        Sha256 sha = new Sha256();
        roots.add(frontier.root());
        for (int i = 0; i < MOST; i++) {
            byte[] leaf = ("leaf " + i).getBytes(StandardCharsets.UTF_8);
            frontier.add(sha.leaf(leaf, 0, leaf.length), levels::put);
            roots.add(frontier.root());
        }
        levels.store();
    }

    private boolean leads(int from, int to, List<byte[]> proof) {
        return ConsistencyProof.leads(from, roots.get(from), to, roots.get(to), proof);
    }

    @Test
    void everyPairOfSizesIsProven() throws Exception {
        for (int to = 0; to <= 130; to++) {
            for (int from = 0; from <= to; from++) {
                assertTrue(leads(from, to, ConsistencyProof.of(levels, from, to)), from + " to " + to);
            }
        }
        for (int to : List.of(255, 256, 257, 511, 512, 513, MOST)) {
            for (int from = 0; from <= to; from++) {
                assertTrue(leads(from, to, ConsistencyProof.of(levels, from, to)), from + " to " + to);
            }
        }
    }

    /** The example of RFC 6962, section 2.1.3: from 3, 4 and 6 to 7 leaves it has 4, 1 and 3 nodes. */
    @Test
    void theExamplesOfTheRfcHaveTheirLengths() throws Exception {
        assertEquals(4, ConsistencyProof.of(levels, 3, 7).size());
        assertEquals(1, ConsistencyProof.of(levels, 4, 7).size());
        assertEquals(3, ConsistencyProof.of(levels, 6, 7).size());
        assertEquals(0, ConsistencyProof.of(levels, 0, 7).size());
        assertEquals(0, ConsistencyProof.of(levels, 7, 7).size());
    }

    @Test
    void aProofThatIsAlteredAnyhowDoesNotLead() throws Exception {
        for (int to = 2; to <= 70; to++) {
            for (int from = 1; from < to; from++) {
                List<byte[]> proof = ConsistencyProof.of(levels, from, to);
                for (int i = 0; i < proof.size(); i++) {
                    List<byte[]> altered = new ArrayList<>(proof);
                    byte[] hash = proof.get(i).clone();
                    hash[i % 32] ^= 1;
                    altered.set(i, hash);
                    assertFalse(leads(from, to, altered), from + " to " + to + ", hash " + i);
                    List<byte[]> shorter = new ArrayList<>(proof);
                    shorter.remove(i);
                    assertFalse(leads(from, to, shorter), from + " to " + to + " without " + i);
                }
                List<byte[]> longer = new ArrayList<>(proof);
                longer.add(roots.get(1));
                assertFalse(leads(from, to, longer), from + " to " + to + " and one more");
                if (proof.size() > 1) {
                    List<byte[]> swapped = new ArrayList<>(proof);
                    Collections.swap(swapped, 0, 1);
                    assertFalse(leads(from, to, swapped), from + " to " + to + " exchanged");
                }
                assertFalse(leads(from, to - 1, proof) && to - 1 > from, from + " to " + (to - 1));
                assertFalse(
                        ConsistencyProof.leads(from, roots.get(from - 1), to, roots.get(to), proof),
                        from + " with another old root");
            }
        }
    }

    @Test
    void aRollbackOrAnotherTreeOfTheSameSizeIsNone() throws Exception {
        assertFalse(ConsistencyProof.leads(8, roots.get(8), 7, roots.get(7), List.of()));
        assertFalse(ConsistencyProof.leads(7, roots.get(7), 7, roots.get(8), List.of()));
        assertFalse(ConsistencyProof.leads(0, roots.get(0), 7, roots.get(7), List.of(roots.get(3))));
        assertFalse(ConsistencyProof.leads(3, roots.get(3), 7, roots.get(7), List.of()));
        assertFalse(ConsistencyProof.leads(
                3, roots.get(3), Long.MAX_VALUE, roots.get(7), Collections.nCopies(64, roots.get(1))));
    }
}
