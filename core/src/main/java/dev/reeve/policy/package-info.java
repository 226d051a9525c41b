/**
 * What may be done: the written policy as values, its compiled index, and the decision with its reasons.
 * Not a reader of files and not an expression engine: the server brings both.
 * Start at {@link dev.reeve.policy.PolicySource}.
 */
@NullMarked
package dev.reeve.policy;

import org.jspecify.annotations.NullMarked;
