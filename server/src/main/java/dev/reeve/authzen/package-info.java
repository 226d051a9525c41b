/**
 * OpenID AuthZEN Authorization API 1.0 over HTTP: evaluation, evaluations, searches, metadata.
 * Decides nothing: questions go to {@link dev.reeve.enforcement.VerdictDesk}.
 * Start at {@link dev.reeve.authzen.AuthzenHttp}.
 */
@NullMarked
package dev.reeve.authzen;

import org.jspecify.annotations.NullMarked;
