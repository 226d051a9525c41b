/**
 * MCP servers as Reeve reaches them: streamable HTTP and stdio, in every revision, connections and sessions reused (R13).
 * Not what agents see, and no decision: whoever calls in here brings a permit.
 * Start at {@link dev.reeve.upstream.Upstreams}.
 */
@NullMarked
package dev.reeve.upstream;

import org.jspecify.annotations.NullMarked;
