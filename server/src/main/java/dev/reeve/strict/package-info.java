/**
 * Strict reading of bytes from outside: one decode, limits before work, nothing accepted in part (R4, R8).
 * Not a data binder.
 * Start at {@link dev.reeve.strict.StrictJson}.
 */
@NullMarked
package dev.reeve.strict;

import org.jspecify.annotations.NullMarked;
