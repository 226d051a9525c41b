/**
 * What an agent may use up: reserved before, settled after.
 * Not how limits are written and compiled (that is the policy), and not where counts are stored: they are in the record.
 * Start at {@link dev.reeve.budget.Budgets}.
 */
@NullMarked
package dev.reeve.budget;

import org.jspecify.annotations.NullMarked;
