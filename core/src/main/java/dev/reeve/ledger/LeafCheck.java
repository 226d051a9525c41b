package dev.reeve.ledger;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What a leaf means, checked by those who know: counters, intents with their outcomes. Called in the order of the indexes. */
@FunctionalInterface
public interface LeafCheck {
    /**
     * @param disclosures those that were not erased; each is committed to in the leaf
     * @return what is wrong with this entry, if anything
     */
    Optional<String> problem(long index, byte[] leaf, List<Disclosure> disclosures);

    /**
     * As {@link #problem}, in two steps: what can be done for each entry by itself is done at once, by any thread; what is returned is
     * asked later, in the order of the indexes.
     */
    default Supplier<Optional<String>> read(long index, byte[] leaf, List<Disclosure> disclosures) {
        return () -> problem(index, leaf, disclosures);
    }

    /** Any bytes will do. */
    static LeafCheck none() {
        return (index, leaf, disclosures) -> Optional.empty();
    }
}
