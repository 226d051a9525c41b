/**
 * The thin program that an MCP client starts ({@code reeve mcp NAME}), and the socket on which the server waits for it.
 * Not an MCP implementation: it passes lines. The program's half needs the JDK only, so that it starts fast and stays small.
 * Start at {@link dev.reeve.connector.Connector}.
 */
@NullMarked
package dev.reeve.connector;

import org.jspecify.annotations.NullMarked;
