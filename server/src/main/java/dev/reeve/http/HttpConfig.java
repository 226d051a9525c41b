package dev.reeve.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Set;

/**
 * Where to listen and who may knock.
 *
 * @param names that {@code Host} may carry beside the loopback ones, lower case and without port; anything else is DNS rebinding. The
 *     names of its certificate are taken, too: a browser that was rebound does not get through the handshake
 * @param origins that {@code Origin} may carry where it is present, exactly as browsers send it; empty: no browser page may call
 * @param tls empty for a loopback address, or behind something that speaks TLS (R31)
 */
public record HttpConfig(
        InetSocketAddress address, Set<String> names, Set<String> origins, HttpLimits limits, Optional<HttpTls> tls) {
    public HttpConfig {
        names = Set.copyOf(names);
        origins = Set.copyOf(origins);
    }

    public HttpConfig(InetSocketAddress address, Set<String> names, Set<String> origins, HttpLimits limits) {
        this(address, names, origins, limits, Optional.empty());
    }

    /** Loopback only, no browsers. */
    public static HttpConfig loopback(int port) {
        return new HttpConfig(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port), Set.of(), Set.of(), HttpLimits.DEFAULT);
    }

    public HttpConfig with(HttpTls newTls) {
        return new HttpConfig(address, names, origins, limits, Optional.of(newTls));
    }

    public HttpConfig with(HttpLimits newLimits) {
        return new HttpConfig(address, names, origins, newLimits, tls);
    }
}
