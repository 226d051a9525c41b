/**
 * Soft guardrails: who is asked for an opinion before something is done, and how. What follows from an opinion is the policy's
 * ({@code dev.reeve.policy}); an opinion is a recorded fact like others (R1).
 */
@NullMarked
package dev.reeve.judge;

import org.jspecify.annotations.NullMarked;
