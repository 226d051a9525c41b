/**
 * What servers may ask of the clients that work with them: the operator's word for each server, and what a question may not hold.
 * Knows actions and the gate; no protocol.
 * Start at {@link dev.reeve.asks.AskPolicy}.
 */
@NullMarked
package dev.reeve.asks;

import org.jspecify.annotations.NullMarked;
