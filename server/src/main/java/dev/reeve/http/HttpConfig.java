package dev.reeve.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;

/**
 * Where to listen and who may knock.
 *
 * @param names that {@code Host} may carry beside the loopback ones, lower case and without port; anything else is DNS rebinding
 * @param origins that {@code Origin} may carry where it is present, exactly as browsers send it; empty: no browser page may call
 */
public record HttpConfig(InetSocketAddress address, Set<String> names, Set<String> origins, HttpLimits limits) {
    public HttpConfig {
        names = Set.copyOf(names);
        origins = Set.copyOf(origins);
    }

    /** Loopback only, no browsers. */
    public static HttpConfig loopback(int port) {
        return new HttpConfig(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port), Set.of(), Set.of(), HttpLimits.DEFAULT);
    }

    public HttpConfig with(HttpLimits newLimits) {
        return new HttpConfig(address, names, origins, newLimits);
    }
}
