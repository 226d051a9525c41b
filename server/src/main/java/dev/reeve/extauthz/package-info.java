/**
 * Envoy's external authorization, {@code envoy.service.auth.v3.Authorization/Check} over gRPC: HTTP requests as questions to the gate.
 * Decides nothing: that is {@link dev.reeve.enforcement.VerdictDesk}. Nothing of gRPC is known outside of this package.
 * Start at {@link dev.reeve.extauthz.ExtAuthz}.
 */
@NullMarked
package dev.reeve.extauthz;

import org.jspecify.annotations.NullMarked;
