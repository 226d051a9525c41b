package dev.reeve.outbound;

import dev.reeve.tls.BadTlsException;
import dev.reeve.tls.Renewing;
import dev.reeve.tls.TlsFiles;
import dev.reeve.tls.TlsLibrary;
import io.netty.handler.ssl.SslContext;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How the connections of a pool speak TLS.
 *
 * @param context asked for at each new connection
 * @param serverName asked for (SNI) and verified; the origin's host, unless the operator names another
 */
public record PoolTls(Supplier<SslContext> context, String serverName) {
    /** The system's authorities; empty if the origin speaks no TLS. */
    public static Optional<PoolTls> ofSystem(HttpOrigin origin) {
        return ofSystem(origin, Optional.empty());
    }

    public static Optional<PoolTls> ofSystem(HttpOrigin origin, Optional<String> serverName) {
        return origin.tls()
                ? Optional.of(new PoolTls(Common.CONTEXT::current, serverName.orElse(origin.host())))
                : Optional.empty();
    }

    /** One for all upstreams without files of their own: the authorities of the system are some hundred kilobytes. */
    private static final class Common {
        static final Renewing<SslContext> CONTEXT = made();

        private static Renewing<SslContext> made() {
            try {
                return Renewing.client(new TlsFiles(Optional.empty(), Optional.empty()), TlsLibrary.best());
            } catch (BadTlsException e) {
                throw new IllegalStateException("this system has no TLS", e);
            }
        }
    }
}
