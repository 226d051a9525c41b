/**
 * The packaged product seen from outside: real processes, other people's clients and servers.
 * Nothing here calls into the product's classes.
 * Start at {@link dev.reeve.acceptance.Product}.
 */
@NullMarked
package dev.reeve.acceptance;

import org.jspecify.annotations.NullMarked;
