package dev.reeve.config;

import dev.reeve.outbound.Cidr;
import dev.reeve.policy.Place;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** Addresses as they are written. No name is ever resolved here: what a name means may change. */
final class ListenAddress {
    private static final String FIX =
            "use 127.0.0.1, or give it a certificate: `{ address: HOST:PORT, tls: { certificate: FILE, key: FILE } }`";

    private ListenAddress() {}

    /**
     * Anything but loopback needs TLS (R31). With TLS it is any address of this machine, as numbers.
     *
     * @param tls whether the listener speaks TLS
     */
    static Optional<InetSocketAddress> read(String text, boolean tls, Place place, String field, Problems problems) {
        int colon = text.lastIndexOf(':');
        int port = colon < 0 ? -1 : Integer.parseInt(text.substring(colon + 1));
        if (port < 0 || port > 65_535) {
            problems.error(place, field, "the port is not from 0 to 65535", "");
            return Optional.empty();
        }
        String host = text.substring(0, colon);
        Optional<InetAddress> address = loopback(host).or(() -> tls ? literal(host) : Optional.empty());
        if (address.isEmpty()) {
            problems.error(
                    place,
                    field,
                    tls ? "\"" + host + "\" is not an address" : "\"" + text + "\" is not loopback and needs TLS",
                    tls ? "write it as numbers, 0.0.0.0 for all; what clients call it stands under `names`" : FIX);
        }
        return address.map(it -> new InetSocketAddress(it, port));
    }

    private static Optional<InetAddress> literal(String host) {
        try {
            return Optional.of(Cidr.parse(host).base());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static Optional<InetAddress> loopback(String host) {
        String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        if (bare.equals("localhost")) {
            return Optional.of(of(127, 0, 0, 1));
        }
        if (bare.equals("::1")) {
            return Optional.of(of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1));
        }
        if (!bare.matches("127(\\.(0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])){3}")) {
            return Optional.empty();
        }
        String[] parts = bare.split("\\.", -1);
        return Optional.of(of(127, Integer.parseInt(parts[1]), Integer.parseInt(parts[2]), Integer.parseInt(parts[3])));
    }

    private static InetAddress of(int... parts) {
        byte[] bytes = new byte[parts.length];
        for (int i = 0; i < parts.length; i++) {
            bytes[i] = (byte) parts[i];
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("four or sixteen bytes are an address", e);
        }
    }
}
