/**
 * What a shell command would run, read, write and set, found by parsing it: POSIX sh and what of bash matters. Runs nothing and looks at no
 * file; whatever it does not understand it refuses whole.
 * Start at {@link dev.reeve.shell.ShellReader}.
 */
@NullMarked
package dev.reeve.shell;

import org.jspecify.annotations.NullMarked;
