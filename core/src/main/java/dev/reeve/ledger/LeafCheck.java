package dev.reeve.ledger;

import java.util.Optional;
import java.util.function.Supplier;

/** What a leaf means, checked by those who know: counters, intents with their outcomes. Called in the order of the indexes. */
@FunctionalInterface
public interface LeafCheck {
    /** @return what is wrong with this entry, if anything */
    Optional<String> problem(long index, byte[] leaf);

    /**
     * As {@link #problem}, in two steps: what can be done for each entry by itself is done at once, by any thread; what is returned is
     * asked later, in the order of the indexes.
     *
     * @param leaf is this entry only until this returns
     */
    default Supplier<Optional<String>> read(Leaf leaf) {
        long index = leaf.index();
        byte[] copy = leaf.copy();
        return () -> problem(index, copy);
    }

    /** Any bytes will do. */
    static LeafCheck none() {
        return AnyLeaf.CHECK;
    }
}
