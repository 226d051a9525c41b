package dev.reeve.store;

import java.util.List;
import java.util.Map;

/**
 * Up to which record of the ledger the store knows what was withdrawn. It stands in the store, under its seal: so an older store has an
 * older mark, and whoever starts from it reads again all that was recorded since (R29).
 */
public final class LedgerMark {
    private static final SealedTable TABLE = new SealedTable("high_water", List.of("node"), List.of("mark"));

    private final Store store;
    private final String row;
    private volatile long index;

    private LedgerMark(Store store, String row, long index) {
        this.store = store;
        this.row = row;
        this.index = index;
    }

    /** @param node whose ledger it is (R32) */
    public static LedgerMark open(Store store, String node) throws StoreException {
        String row = node + "/ledger";
        long index = store.read(TABLE::rows).stream()
                .filter(one -> one.text("node").equals(row))
                .mapToLong(one -> one.number("mark"))
                .findFirst()
                .orElse(0);
        return new LedgerMark(store, row, index);
    }

    /** All before this index is in the store. */
    public long index() {
        return index;
    }

    /** Durable when it returns. It never goes back. */
    public void advance(long to) throws StoreException {
        if (to > index) {
            store.write(work -> {
                TABLE.put(work, Map.of("node", row, "mark", to));
                return true;
            });
            index = to;
        }
    }
}
