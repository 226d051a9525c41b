/**
 * The record as people and the gate meet it: writing actions and administrative acts into the ledger, reading them back as events.
 * Not the ledger's files and not the verification of its tree.
 * Start at {@link dev.reeve.audit.LedgerJournal}.
 */
@NullMarked
package dev.reeve.audit;

import org.jspecify.annotations.NullMarked;
