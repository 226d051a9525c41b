/**
 * Measurements: JMH for what is small, load from outside for what is whole; always beside a peer in the same run.
 * Nothing here asserts a time.
 * Start at {@link dev.reeve.bench.GatewayBench}.
 */
@NullMarked
package dev.reeve.bench;

import org.jspecify.annotations.NullMarked;
