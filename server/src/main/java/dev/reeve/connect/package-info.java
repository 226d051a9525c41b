/**
 * Puts an existing MCP client behind Reeve: reads its config, moves its servers into the operator's file, and can undo it byte for byte.
 * Not the gateway, and not the connector that the client then starts.
 * Start at {@link dev.reeve.connect.Connect}.
 */
@NullMarked
package dev.reeve.connect;

import org.jspecify.annotations.NullMarked;
