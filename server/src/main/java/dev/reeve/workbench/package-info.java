/**
 * Trying a policy before it is in force: replayed over what was recorded, tested by cases, explained for one action.
 * Never an evaluator of its own: it runs the stages of a compiled policy, as the gate does.
 * Start at {@link dev.reeve.workbench.Candidate}.
 */
@NullMarked
package dev.reeve.workbench;

import org.jspecify.annotations.NullMarked;
