package dev.reeve.outbound;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * Which addresses are globally reachable, by the IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890, as they stood in
 * 2025) and the multicast and reserved blocks beside them. Everything in doubt is not.
 *
 * <p>IPv6 forms that carry an IPv4 address are judged by that address (mapped, NAT64) or refused (6to4, Teredo, compatible, local-use
 * NAT64), so that no spelling of a private address gets through.
 */
final class GlobalAddresses {
    private static final List<Cidr> NOT_GLOBAL = blocks(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "2001::/23",
            "2001:db8::/32",
            "2002::/16",
            "3fff::/20");

    /** Blocks inside the ones above that the registries call globally reachable. */
    private static final List<Cidr> GLOBAL_ALL_THE_SAME = blocks(
            "192.0.0.9/32",
            "192.0.0.10/32",
            "2001:1::1/128",
            "2001:1::2/128",
            "2001:1::3/128",
            "2001:3::/32",
            "2001:4:112::/48",
            "2001:20::/28",
            "2001:30::/28");

    /** The only IPv6 block from which unicast addresses have been handed out (IANA IPv6 Address Space). */
    private static final Cidr UNICAST = Cidr.parse("2000::/3");

    private static final Cidr NAT64 = Cidr.parse("64:ff9b::/96");

    private GlobalAddresses() {}

    static boolean contains(InetAddress address) {
        InetAddress inner = unwrap(address);
        if (GLOBAL_ALL_THE_SAME.stream().anyMatch(block -> block.contains(inner))) {
            return true;
        }
        if (inner instanceof Inet6Address && !UNICAST.contains(inner)) {
            return false;
        }
        return NOT_GLOBAL.stream().noneMatch(block -> block.contains(inner));
    }

    /** The IPv4 address inside a mapped or a NAT64 address; any other address as it is. */
    static InetAddress unwrap(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == 16 && (isMapped(bytes) || NAT64.contains(address)) ? lastFour(bytes) : address;
    }

    private static boolean isMapped(byte[] bytes) {
        for (int i = 0; i < 10; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return bytes[10] == -1 && bytes[11] == -1;
    }

    private static InetAddress lastFour(byte[] bytes) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(bytes, 12, 16));
        } catch (UnknownHostException e) {
            throw new AssertionError("four bytes are an address", e);
        }
    }

    private static List<Cidr> blocks(String... texts) {
        return Arrays.stream(texts).map(Cidr::parse).toList();
    }
}
