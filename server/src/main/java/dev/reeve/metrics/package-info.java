/**
 * Counts, gauges and times, as Prometheus reads them. A label never holds what an agent or a server wrote freely, and no metric grows without a bound.
 * Not a log, and not the record.
 * Start at {@link dev.reeve.metrics.Metrics}.
 */
@NullMarked
package dev.reeve.metrics;

import org.jspecify.annotations.NullMarked;
