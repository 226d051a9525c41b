/**
 * Values that must never be printed.
 * Not a store.
 * Start at {@link dev.reeve.secrets.Secret}.
 */
@NullMarked
package dev.reeve.secrets;

import org.jspecify.annotations.NullMarked;
