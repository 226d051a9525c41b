/**
 * The commands, and the one place where all rooms are joined.
 * No logic of its own: what a command does is in the room it is about.
 * Start at {@link dev.reeve.cli.Main} and {@link dev.reeve.cli.Serve}.
 */
@NullMarked
package dev.reeve.cli;

import org.jspecify.annotations.NullMarked;
