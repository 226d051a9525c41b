/**
 * The record for those outside, over HTTP: C2SP tlog-tiles, read-only.
 * Not the log itself (that is {@code dev.reeve.ledger}), not its search, and not witnesses.
 * Start at {@link dev.reeve.tlog.LogHttp}.
 */
@NullMarked
package dev.reeve.tlog;

import org.jspecify.annotations.NullMarked;
