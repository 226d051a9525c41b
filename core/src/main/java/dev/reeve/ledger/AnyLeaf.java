package dev.reeve.ledger;

import java.util.Optional;
import java.util.function.Supplier;

/** Nothing is wrong with any leaf, and none is looked at. */
enum AnyLeaf implements LeafCheck {
    CHECK;

    @Override
    public Optional<String> problem(long index, byte[] leaf) {
        return Optional.empty();
    }

    @Override
    public Supplier<Optional<String>> read(Leaf leaf) {
        return Optional::empty;
    }
}
