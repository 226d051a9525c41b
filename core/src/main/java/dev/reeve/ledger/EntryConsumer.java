package dev.reeve.ledger;

import java.util.List;

/** Gets entries in the order of their indexes. */
@FunctionalInterface
public interface EntryConsumer {
    /**
     * @param disclosures those that were not erased
     * @return false to end the reading
     */
    boolean accept(long index, byte[] leaf, List<Disclosure> disclosures);
}
