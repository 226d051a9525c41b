/**
 * A sample company and scripted agents that work in it through Reeve, over real MCP; what {@code reeve demo} shows.
 * Nothing here is used by a real installation.
 * Start at {@link dev.reeve.demo.DemoCommand}.
 */
@NullMarked
package dev.reeve.demo;

import org.jspecify.annotations.NullMarked;
