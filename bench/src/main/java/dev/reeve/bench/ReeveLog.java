package dev.reeve.bench;

import dev.reeve.ledger.Entry;
import dev.reeve.ledger.Ledger;
import dev.reeve.ledger.LedgerSettings;
import dev.reeve.ledger.LedgerUnavailableException;
import dev.reeve.ledger.SigningKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/** The ledger as the product opens it: tree and signed checkpoints in the same process, each second. */
record ReeveLog(Ledger ledger) implements DurableLog {
    static ReeveLog open(Path folder, SigningKeys key) throws Exception {
        return new ReeveLog(Ledger.open(folder, LedgerSettings.of("bench"), key, InstantSource.system()));
    }

    @Override
    public String name() {
        return "reeve";
    }

    @Override
    public void append(byte[] entry) throws Exception {
        ledger.append(new Entry(entry, List.of()));
    }

    @Override
    public boolean virtualThreads() {
        return true;
    }

    @Override
    public void close() throws IOException {
        try {
            ledger.close();
        } catch (LedgerUnavailableException e) {
            throw new IOException(e);
        }
    }
}
