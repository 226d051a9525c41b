/**
 * Certificates and keys from files: read strictly, taken anew when they change, and made into what listeners and outgoing connections use.
 * No socket and no HTTP; nothing here can turn verification off.
 * Start at {@link dev.reeve.tls.TlsFiles} and {@link dev.reeve.tls.Renewing}.
 */
@NullMarked
package dev.reeve.tls;

import org.jspecify.annotations.NullMarked;
