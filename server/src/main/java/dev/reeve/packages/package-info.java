/**
 * What a server that Reeve starts consists of (R21): its files from npm or PyPI, pinned by digest, held when they differ, and installed where a
 * confined program can run them. Not what a server offers: that is {@code definitions}.
 * Start at {@link dev.reeve.packages.Packages}.
 */
@NullMarked
package dev.reeve.packages;

import org.jspecify.annotations.NullMarked;
