/**
 * Deterministic checks of what a server says of itself, before a model reads it: orders to the model, characters that nobody sees, names
 * that look like others. A finding never grants; at most it holds (R9, R10, R19). Not the pins, and not what a tool does.
 * Start at {@link dev.reeve.definitions.checks.Review}.
 */
@NullMarked
package dev.reeve.definitions.checks;

import org.jspecify.annotations.NullMarked;
