package dev.reeve.ledger;

import java.util.Optional;

/**
 * For readiness and metrics.
 *
 * @param size durable entries
 * @param signed entries under the latest checkpoint
 * @param waitingBytes in the queue
 * @param trouble why nothing, or only control records, is accepted
 * @param warning what will become a trouble: no further file can be reserved
 * @param cutOffBytes of a torn group that was erased at the start
 */
public record LedgerStatus(
        long size,
        long signed,
        long waitingBytes,
        Optional<String> trouble,
        Optional<String> warning,
        long cutOffBytes) {}
