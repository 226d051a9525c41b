package dev.reeve.ledger;

import dev.reeve.ledger.LedgerUnavailableException.Reason;

/** Why nothing, or nothing ordinary, is accepted. */
record Trouble(Reason reason, String message) {
    static final Trouble CLOSED = new Trouble(Reason.CLOSED, "the ledger is closed");

    static Trouble of(java.io.IOException e) {
        LedgerUnavailableException known = LedgerUnavailableException.of(e);
        return new Trouble(known.reason(), String.valueOf(known.getMessage()));
    }

    LedgerUnavailableException exception() {
        return new LedgerUnavailableException(reason, message);
    }
}
