package dev.reeve.config;

import dev.reeve.policy.Place;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** Addresses as they are written. No name is ever resolved here: what a name means may change. */
final class ListenAddress {
    private static final String FIX = "use 127.0.0.1, or a reverse proxy with TLS in front of it";

    private ListenAddress() {}

    /** A loopback address; anything else would need TLS (R31). */
    static Optional<InetSocketAddress> read(String text, Place place, String field, Problems problems) {
        int colon = text.lastIndexOf(':');
        int port = colon < 0 ? -1 : Integer.parseInt(text.substring(colon + 1));
        if (port < 0 || port > 65_535) {
            problems.error(place, field, "the port is not from 0 to 65535", "");
            return Optional.empty();
        }
        Optional<InetAddress> address = loopback(text.substring(0, colon));
        if (address.isEmpty()) {
            problems.error(
                    place, field, "\"" + text + "\" is not loopback and needs TLS, which is not supported yet", FIX);
        }
        return address.map(it -> new InetSocketAddress(it, port));
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
