package dev.reeve.search;

import dev.reeve.audit.AuditReader;
import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.ledger.LedgerEntries;
import dev.reeve.record.Event.Stored;
import java.io.IOException;
import java.util.Optional;

/** Events read from the ledger by the numbers of their records. */
final class Joined {
    private final LedgerEntries entries;

    Joined(LedgerEntries entries) {
        this.entries = entries;
    }

    Stored record(long index) throws IOException {
        return entries.at(index)
                .map(found -> AuditReader.stored(found.index(), found.leaf(), found.disclosures()))
                .orElseThrow(() -> new IOException("there is no record " + index));
    }

    /**
     * The event that an index says is there.
     *
     * @return empty if the ledger says otherwise: the index is wrong then
     */
    Optional<Happened> event(long record, long finished) throws IOException {
        Stored decided = record(record);
        if (record == finished) {
            return decided.kind().equals("outcome")
                    ? Optional.empty()
                    : Optional.of(new Happened(decided, Optional.empty()));
        }
        Stored outcome = record(finished);
        return decided.kind().equals("intent")
                        && outcome.kind().equals("outcome")
                        && outcome.id().equals(decided.id())
                ? Optional.of(new Happened(decided, Optional.of(outcome)))
                : Optional.empty();
    }
}
