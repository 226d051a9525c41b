/**
 * MCP as agents speak it: bytes to attempts, verdicts and releases to bytes, in both revisions, over HTTP and over lines.
 * Not the servers behind (that is {@code upstream}) and no decision: the gate decides, this room only asks and words the answer.
 * Start at {@link dev.reeve.adapter.mcp.McpEngine}, and at {@link dev.reeve.adapter.mcp.Method} for what is spoken at all.
 */
@NullMarked
package dev.reeve.adapter.mcp;

import org.jspecify.annotations.NullMarked;
