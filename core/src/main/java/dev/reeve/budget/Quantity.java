package dev.reeve.budget;

import java.util.Locale;

/** What a limit counts. */
public enum Quantity {
    /** Each action that was let through. */
    CALLS,
    /** Rows of results, as the agent gets them. */
    ROWS,
    /** Bytes of results, as the agent gets them, in their canonical form. */
    BYTES,
    /** What the result says was used of a model. */
    TOKENS,
    /** By the price table, in billionths of the currency. */
    MONEY,
    /** What runs at the same time. */
    CONCURRENT,
    /** The same call with the same arguments. */
    REPEATS,
    /** Denials and errors; beyond the limit, the agent rests. */
    FAILURES;

    /** As it is written. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether what it comes to is only known when the result is there. */
    public boolean isMeasured() {
        return this == ROWS || this == BYTES || this == TOKENS || this == MONEY;
    }

    /** Whether the next start counts it again from the ledger. */
    public boolean isRecorded() {
        return this != CONCURRENT;
    }
}
