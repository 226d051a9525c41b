/**
 * Conditions in CEL: compiled once for each text and types of arguments, bounded in everything, fast enough for every call.
 * Not the named conditions that are typed Java, and not the decision: `policy` asks.
 * Start at {@link dev.reeve.condition.CelConditions}.
 */
@NullMarked
package dev.reeve.condition;

import org.jspecify.annotations.NullMarked;
