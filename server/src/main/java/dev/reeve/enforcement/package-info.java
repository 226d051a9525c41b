/**
 * Enforcement points: who may ask for verdicts, about whom, and what they are told. Not how they ask: that is {@code authzen} and
 * {@code extauthz}.
 * Start at {@link dev.reeve.enforcement.VerdictDesk}.
 */
@NullMarked
package dev.reeve.enforcement;

import org.jspecify.annotations.NullMarked;
