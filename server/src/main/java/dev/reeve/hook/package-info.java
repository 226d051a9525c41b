/**
 * What coding agents do by themselves, shown to Reeve by their hooks: an event becomes an action, the gate decides it, and the answer is put
 * in the words of that agent's protocol. Reeve does none of it, so an agent that does not run its hooks is not held by them.
 * Start at {@link dev.reeve.hook.HookDesk}.
 */
@NullMarked
package dev.reeve.hook;

import org.jspecify.annotations.NullMarked;
