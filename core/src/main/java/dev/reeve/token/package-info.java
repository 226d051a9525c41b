/**
 * Values that agents get as tokens, and what stands behind these ({@code docs/content-filters.md}). Knows the gate, and of approvals who people are.
 */
@NullMarked
package dev.reeve.token;

import org.jspecify.annotations.NullMarked;
