/**
 * A derived index of the record for searching: written behind the ledger, made anew from it at any time, and never believed: what a search
 * shows is read from the ledger.
 * Not the record, and not evidence of anything.
 * Start at {@link dev.reeve.search.EventSearch}.
 */
@NullMarked
package dev.reeve.search;

import org.jspecify.annotations.NullMarked;
