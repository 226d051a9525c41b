/**
 * Witnesses (C2SP tlog-witness): asking others to cosign our checkpoints, and cosigning those of others.
 * Not the log, and not who may read it.
 * Start at {@link dev.reeve.witness.Cosigning} for the one, at {@link dev.reeve.witness.Witness} for the other.
 */
@NullMarked
package dev.reeve.witness;

import org.jspecify.annotations.NullMarked;
