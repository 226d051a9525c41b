/** Telling people that something waits for them. What they are told holds nothing secret, and nothing is decided here. */
@NullMarked
package dev.reeve.notice;

import org.jspecify.annotations.NullMarked;
