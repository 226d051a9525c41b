package dev.reeve.ledger;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;

/** It is not recorded, or not known to be recorded; so what it was about must not run. */
public final class LedgerUnavailableException extends Exception {
    private static final long serialVersionUID = 1;
    private final Reason reason;

    public LedgerUnavailableException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public LedgerUnavailableException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    /** Why. Only after {@link #SLOW_DISK} and {@link #IO_ERROR} may the entry turn up in the log nevertheless. */
    public enum Reason {
        /** Closed, or closing. */
        CLOSED,
        /** No space for ordinary entries; control entries may still have their reserve. */
        DISK_FULL,
        /** A force takes longer than the settings' patience. */
        SLOW_DISK,
        /** A write or force failed; nothing more is accepted until the ledger is opened again. */
        IO_ERROR,
        /** More is waiting than the settings allow. */
        OVERLOADED,
        /** One entry with its disclosures is over the limits. */
        ENTRY_TOO_LARGE,
        /** The folder is locked by another process. */
        IN_USE,
        /** What is on the disk is not what was written; nothing is repaired or cut off. */
        CORRUPT,
        /** The folder belongs to another node, log or key. */
        FOREIGN
    }

    static LedgerUnavailableException of(IOException e) {
        if (e instanceof NoSuchFileException) {
            return new LedgerUnavailableException(
                    Reason.IO_ERROR,
                    "somebody has taken away `" + e.getMessage() + "`: put it back and start again",
                    e);
        }
        return new LedgerUnavailableException(
                isFull(e) ? Reason.DISK_FULL : Reason.IO_ERROR, "the disk refuses: " + e.getMessage(), e);
    }

    static LedgerUnavailableException corrupt(String message) {
        return new LedgerUnavailableException(Reason.CORRUPT, message);
    }

    /** The JDK gives errno only as text (ENOSPC, EDQUOT). */
    static boolean isFull(IOException e) {
        String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        return text.contains("no space left") || text.contains("quota exceeded");
    }
}
