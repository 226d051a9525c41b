/**
 * Who acts: principals, what a caller claims to be, and what authentication found.
 * Not where agents are stored, and not what they may do.
 * Start at {@link dev.reeve.identity.Principal}.
 */
@NullMarked
package dev.reeve.identity;

import org.jspecify.annotations.NullMarked;
