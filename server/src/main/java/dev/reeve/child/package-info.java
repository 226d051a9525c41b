/**
 * Processes that Reeve starts (R21): confined by namespaces, no shell, a clean environment, platform threads on their pipes, and an end of the
 * whole tree.
 * No protocol: lines go in and out.
 * Start at {@link dev.reeve.child.Child}.
 */
@NullMarked
package dev.reeve.child;

import org.jspecify.annotations.NullMarked;
