/** What several parties share, so that none has all of it. */
@NullMarked
package dev.reeve.turns;

import org.jspecify.annotations.NullMarked;
