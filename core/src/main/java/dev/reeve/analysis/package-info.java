/**
 * What can be said of a written policy without running it: findings of the lint, and what can be reached.
 * Not what decides: it reads the same source, over-approximates where it must, and is held against the compiled policy by its tests.
 * Start at {@link dev.reeve.analysis.Lint} and {@link dev.reeve.analysis.Reach}.
 */
@NullMarked
package dev.reeve.analysis;

import org.jspecify.annotations.NullMarked;
