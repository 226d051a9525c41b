/**
 * Attacks on the packaged product, each with its honest twin: one company, one policy, one hostile server. What is promised is in docs/attacks.md.
 * Start at {@link dev.reeve.acceptance.attack.AttackStoriesTest}.
 */
@NullMarked
package dev.reeve.acceptance.attack;

import org.jspecify.annotations.NullMarked;
