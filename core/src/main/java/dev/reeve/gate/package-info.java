/**
 * The one pipeline that every action passes: facts, stages, reservation, record, permit, result stages, record.
 * Not a rule engine and not a protocol: stages and adapters are other rooms.
 * Start at {@link dev.reeve.gate.Gate}.
 */
@NullMarked
package dev.reeve.gate;

import org.jspecify.annotations.NullMarked;
