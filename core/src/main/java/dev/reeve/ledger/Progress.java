package dev.reeve.ledger;

/** Told now and then how far it is. */
@FunctionalInterface
public interface Progress {
    void at(long entries, long bytes, long bytesInAll);

    static Progress silent() {
        return (entries, bytes, bytesInAll) -> {};
    }
}
