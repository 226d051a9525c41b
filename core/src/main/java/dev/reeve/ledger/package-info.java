/**
 * The durable record: one group-commit log whose entries are the leaves of an RFC 6962 tree, with signed checkpoints and a verifier.
 * Not what stands in a record (that is {@code dev.reeve.record}) and not its search.
 * Start at {@link dev.reeve.ledger.Ledger}; the bytes on disk are described in docs/ledger-format.md.
 */
@NullMarked
package dev.reeve.ledger;

import org.jspecify.annotations.NullMarked;
