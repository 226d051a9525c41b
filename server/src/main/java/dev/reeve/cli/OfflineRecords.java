package dev.reeve.cli;

import dev.reeve.config.ReeveConfig;
import dev.reeve.control.AdminRecords;
import dev.reeve.gate.UnrecordableException;
import java.io.IOException;

/** Opens the record for a command that runs while no process does; the command holds the lock of the data folder. */
@FunctionalInterface
interface OfflineRecords {
    Opened open(ReeveConfig config) throws IOException;

    /** The record, until it is closed. */
    interface Opened extends AdminRecords, AutoCloseable {
        @Override
        void close() throws IOException;
    }

    /** What can only be read: an act that cannot be recorded is not done. */
    static Opened none() {
        return new Opened() {
            @Override
            public void record(String person, String act, String subject, dev.reeve.json.Json.Obj difference)
                    throws UnrecordableException {
                throw new UnrecordableException("no process runs that could record it; start `reeve serve` first");
            }

            @Override
            public void close() {}
        };
    }
}
