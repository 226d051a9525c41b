/**
 * The operations of an HTTP API, as an OpenAPI document names them.
 * Not a validator of requests, and no reader of files: that is the configuration's.
 * Start at {@link dev.reeve.openapi.OpenApi}.
 */
@NullMarked
package dev.reeve.openapi;

import org.jspecify.annotations.NullMarked;
