package dev.reeve.review;

/** Looks at every record in the order of the ledger, in bounded memory. Deterministic: it knows no time but that of the records. */
interface Detector {
    void take(Seen record, Findings findings);

    /**
     * After the last record.
     *
     * @param last the newest that was looked at
     */
    default void end(Seen last, Findings findings) {}
}
