/**
 * What tools look like, pinned: fingerprints, drift, schemas, and the check of arguments against them (R4, R19).
 * Not the servers themselves and not the policy.
 * Start at {@link dev.reeve.definitions.Definitions}.
 */
@NullMarked
package dev.reeve.definitions;

import org.jspecify.annotations.NullMarked;
