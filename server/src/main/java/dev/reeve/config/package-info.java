/**
 * The operator's files as values: every key and value keeps its place, and every mistake of all files is told at once.
 * Not what the values do: each room opens itself from its own record, and conditions are compiled elsewhere.
 * Start at {@link dev.reeve.config.ReeveFile}; the shapes ({@code ReeveShape}, {@code PolicyShape}) say which keys exist.
 */
@NullMarked
package dev.reeve.config;

import org.jspecify.annotations.NullMarked;
