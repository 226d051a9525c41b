/**
 * What is written down of an action: canonical records with salted commitments, and the one event that readers see.
 * Not the file they are in (that is the ledger) and not the reading of them.
 * Start at {@link dev.reeve.record.Records}.
 */
@NullMarked
package dev.reeve.record;

import org.jspecify.annotations.NullMarked;
