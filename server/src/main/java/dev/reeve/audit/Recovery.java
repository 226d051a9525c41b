package dev.reeve.audit;

import dev.reeve.gate.UnrecordableException;
import dev.reeve.ledger.Ledger;
import dev.reeve.ledger.LedgerUnavailableException;
import dev.reeve.record.Event.Stored;
import dev.reeve.strict.JsonRefusedException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Finds the intents that a crash left without an outcome, and writes down that their outcome is unknown (R3). */
public final class Recovery {
    private Recovery() {}

    /**
     * Called at the start, before anything is served.
     *
     * @return how many there were
     */
    public static int run(Ledger ledger, LedgerJournal journal, OpenIntents marks)
            throws LedgerUnavailableException, UnrecordableException {
        Map<String, Stored> open = new LinkedHashMap<>();
        // A mark that cannot be right is none.
        long from = marks.mark() > ledger.size() ? 0 : marks.mark();
        ledger.read(from, (index, leaf, disclosures) -> {
            Stored record = read(index, leaf);
            if (record.kind().equals("intent")) {
                open.put(record.id(), record);
            } else if (record.kind().equals("outcome")) {
                open.remove(record.id());
            }
            return true;
        });
        for (Stored intent : open.values()) {
            journal.outcomeUnknown(
                    intent.id(),
                    intent.leaf().string("tenant").orElse(""),
                    intent.leaf().string("agent").orElse(""));
        }
        return open.size();
    }

    private static Stored read(long index, byte[] leaf) {
        try {
            return StoredRecords.read(index, leaf, java.util.List.of());
        } catch (JsonRefusedException e) {
            throw new IllegalStateException("record " + index + " is not ours: " + e.getMessage(), e);
        }
    }
}
