/**
 * What must survive the process and is no record: agents, keys, pins, what instances have read, the clock's mark. SQLite, one writer.
 * Not the ledger, and not read on the way of a call: whoever decides keeps a snapshot in memory.
 * Start at {@link dev.reeve.store.Store}, then {@link dev.reeve.store.SealedTable}.
 */
@NullMarked
package dev.reeve.store;

import org.jspecify.annotations.NullMarked;
