/**
 * Reads the record once it is written, for what no decision could see at its moment: outcomes unlike their intents, what happened before an end,
 * what nobody ever needed. It decides nothing and changes nothing.
 * Start at {@link dev.reeve.review.Review}.
 */
@NullMarked
package dev.reeve.review;

import org.jspecify.annotations.NullMarked;
