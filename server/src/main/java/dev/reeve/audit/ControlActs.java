package dev.reeve.audit;

import dev.reeve.ledger.Ledger;
import dev.reeve.ledger.LedgerUnavailableException;
import dev.reeve.record.Event.Stored;
import dev.reeve.strict.JsonRefusedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Reads the administrative acts out of the ledger. */
public final class ControlActs {
    /** Records are canonical, so this is how it stands in every one of them; what else holds it is sorted out after parsing. */
    private static final String KIND = "\"kind\":\"control\"";

    private ControlActs() {}

    /** The one at this index; empty if there is none, or it is no administrative act. */
    public static Optional<Stored> at(Ledger ledger, long index) throws LedgerUnavailableException {
        List<Stored> found = new ArrayList<>(1);
        ledger.read(index, (at, leaf, disclosures) -> {
            try {
                found.add(StoredRecords.read(at, leaf, disclosures));
            } catch (JsonRefusedException e) {
                throw new IllegalStateException("record " + at + " is not ours: " + e.getMessage(), e);
            }
            return false;
        });
        return found.stream().filter(one -> one.kind().equals("control")).findFirst();
    }

    /** Those from this index on that are wanted, oldest first. Records of other kinds cost a look and no parsing. */
    public static List<Stored> since(Ledger ledger, long from, Predicate<Stored> wanted)
            throws LedgerUnavailableException {
        List<Stored> acts = new ArrayList<>();
        ledger.read(from, (index, leaf, disclosures) -> {
            if (new String(leaf, StandardCharsets.ISO_8859_1).contains(KIND)) {
                try {
                    Stored record = StoredRecords.read(index, leaf, disclosures);
                    if (record.kind().equals("control") && wanted.test(record)) {
                        acts.add(record);
                    }
                } catch (JsonRefusedException e) {
                    throw new IllegalStateException("record " + index + " is not ours: " + e.getMessage(), e);
                }
            }
            return true;
        });
        return acts;
    }
}
