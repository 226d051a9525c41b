/**
 * Finds personal data, secrets and signs of injection in texts and JSON, by structure, checksum and context, in one pass.
 * Not a policy: it finds, and does not say what follows.
 * Start at {@link dev.reeve.guard.Detectors}.
 */
@NullMarked
package dev.reeve.guard;

import org.jspecify.annotations.NullMarked;
