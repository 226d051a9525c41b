package dev.reeve.review;

import java.time.Instant;

/** Looks at every record in the order of the ledger, in bounded memory. Deterministic: it knows no time but that of the records. */
interface Detector {
    void take(Seen record, Findings findings);

    /**
     * After the last record.
     *
     * @param upTo when that is: the end of the range, or the time of the newest record
     */
    default void end(Instant upTo, Findings findings) {}
}
