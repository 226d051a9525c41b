package dev.reeve.witness;

import dev.reeve.json.Json;
import dev.reeve.ledger.AddCheckpoint;
import dev.reeve.ledger.Checkpoint;
import dev.reeve.ledger.Entry;
import dev.reeve.ledger.Ledger;
import dev.reeve.ledger.LedgerSettings;
import dev.reeve.ledger.LedgerUnavailableException;
import dev.reeve.ledger.SigningKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/** A log of which every state can be shown to a witness; two with one key are two histories. */
final class OtherLog implements AutoCloseable {
    private final Path folder;
    private final SigningKeys key;
    private final String salt;
    private Ledger ledger;
    private int entries;

    OtherLog(Path folder, SigningKeys key, String salt) throws LedgerUnavailableException {
        this.folder = folder;
        this.key = key;
        this.salt = salt;
        this.ledger = open();
    }

    private Ledger open() throws LedgerUnavailableException {
        return Ledger.open(folder, LedgerSettings.of("n1"), key, InstantSource.system());
    }

    /** Grows, and signs that: closing signs what is new. */
    Checkpoint growTo(int size) throws LedgerUnavailableException {
        for (; entries < size; entries++) {
            ledger.append(Entry.stamped("n1", Json.object().put(salt, entries).build(), List.of()));
        }
        ledger.close();
        ledger = open();
        return ledger.checkpoint();
    }

    Ledger ledger() {
        return ledger;
    }

    AddCheckpoint request(long from, Checkpoint to) throws IOException {
        return new AddCheckpoint(from, ledger.consistency(Math.min(from, to.size()), to), to.note());
    }

    @Override
    public void close() throws LedgerUnavailableException {
        ledger.close();
    }
}
