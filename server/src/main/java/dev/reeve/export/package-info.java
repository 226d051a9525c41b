/**
 * The record as other people's systems want it: formats, and sinks that are followed by until they have everything at least once.
 * Not the signed record (that is {@code dev.reeve.ledger.TileExport}), and not searching.
 * Start at {@link dev.reeve.export.Format} and {@link dev.reeve.export.Exports}.
 */
@NullMarked
package dev.reeve.export;

import org.jspecify.annotations.NullMarked;
