package dev.reeve.config;

import dev.reeve.policy.Place;
import dev.reeve.tls.TlsFiles;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Set;

/**
 * One listener. Without TLS its address is loopback (R31); port 0 means any that is free.
 *
 * @param names that clients may call it by, lower case, beside those of its certificate and the loopback ones
 */
public record ListenerConfig(InetSocketAddress address, Set<String> names, Optional<Tls> tls) {
    public ListenerConfig {
        names = Set.copyOf(names);
        if (tls.isEmpty() && !address.getAddress().isLoopbackAddress()) {
            throw new IllegalArgumentException("an address that is not loopback needs TLS");
        }
    }

    /**
     * @param files always with a pair; its roots judge certificates of clients
     * @param clientRequired whether a client without a certificate is refused, if there are roots
     * @param place where it is written, for what is wrong with the files
     */
    public record Tls(TlsFiles files, boolean clientRequired, Place place) {}
}
