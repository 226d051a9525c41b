package dev.reeve.ledger;

import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.util.List;

/**
 * One entry of the log.
 *
 * <p>A stamped entry is serialised by its caller up to one hole, into which the writer puts the producer counter. So counters follow
 * each other without a gap, whatever becomes of callers on their way, and no caller serialises under a lock.
 *
 * @param leaf canonical JSON (RFC 8785), without the counter's digits if there is a hole
 * @param hole where in {@code leaf} the counter goes, or -1
 */
@SuppressWarnings("ArrayRecordComponent") // Bytes on the hot path: nobody compares entries.
public record Entry(byte[] leaf, int hole, List<Disclosure> disclosures) {
    /** The length of an entry is a uint16 in tlog-tiles. */
    public static final int MOST_LEAF_BYTES = 65_535;

    static final int NO_HOLE = -1;
    private static final int MOST_DIGITS = 19;
    private static final int MOST_DISCLOSURES = 255;

    public Entry {
        disclosures = List.copyOf(disclosures);
        if (hole < NO_HOLE || hole > leaf.length) {
            throw new IllegalArgumentException("the counter's place is outside the leaf");
        }
        if (leaf.length == 0 || disclosures.size() > MOST_DISCLOSURES) {
            throw new IllegalArgumentException("an entry has a leaf and at most 255 disclosures");
        }
    }

    /** An entry whose bytes are final; it takes no counter. */
    public Entry(byte[] leaf, List<Disclosure> disclosures) {
        this(leaf, NO_HOLE, disclosures);
    }

    /**
     * An entry that gets members {@code node} and {@code counter}.
     *
     * @param body without these two members
     */
    public static Entry stamped(String node, Json.Obj body, List<Disclosure> disclosures) {
        if (body.has("node") || body.has("counter")) {
            throw new IllegalArgumentException("`node` and `counter` are set by the ledger");
        }
        JsonWriter.Holed leaf = JsonWriter.canonicalWithout(body.with("node", new Json.Str(node)), "counter");
        return new Entry(leaf.bytes(), leaf.hole(), disclosures);
    }

    boolean isStamped() {
        return hole != NO_HOLE;
    }

    /** Whether its leaf is short enough, whatever counter it gets. */
    public boolean fits() {
        return mostLeafBytes() <= MOST_LEAF_BYTES;
    }

    /** Upper bound of the leaf's bytes once it is stamped. */
    int mostLeafBytes() {
        return isStamped() ? leaf.length + MOST_DIGITS : leaf.length;
    }

    @Override
    public String toString() {
        return "Entry[" + leaf.length + " bytes, " + disclosures.size() + " disclosures]";
    }
}
