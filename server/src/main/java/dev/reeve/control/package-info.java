/**
 * Administration: what an operator may do with agents, keys and administrators, behind one table of routes that the control listener, the
 * 0600 socket and the commands all use.
 * Not what agents call: no credential of an agent is taken here (R28).
 * Start at {@link dev.reeve.control.Administration}, then {@link dev.reeve.control.ControlRoutes}.
 */
@NullMarked
package dev.reeve.control;

import org.jspecify.annotations.NullMarked;
