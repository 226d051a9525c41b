/**
 * What MongoDB filters, projections, updates and aggregation pipelines touch, and what is sent in their place.
 * Not a driver and not an evaluator: nothing is run here.
 * Start at {@link dev.reeve.mongo.MongoInspector}.
 */
@NullMarked
package dev.reeve.mongo;

import org.jspecify.annotations.NullMarked;
