/**
 * What an agent wants, as immutable values.
 * Knows nobody: no policy, no protocol, no store.
 * Start at {@link dev.reeve.action.Action}.
 */
@NullMarked
package dev.reeve.action;

import org.jspecify.annotations.NullMarked;
