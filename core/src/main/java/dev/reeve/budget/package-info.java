/**
 * What an agent may use up: reserved before, settled after.
 * Not the written limits of a policy yet: only the ceiling on what runs at once.
 * Start at {@link dev.reeve.budget.InFlight}.
 */
@NullMarked
package dev.reeve.budget;

import org.jspecify.annotations.NullMarked;
