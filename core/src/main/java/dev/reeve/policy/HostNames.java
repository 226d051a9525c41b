package dev.reeve.policy;

import dev.reeve.policy.ResourceNames.RefusedException;
import java.net.IDN;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Locale;
import java.util.regex.Pattern;

/** A host in the one spelling that rules are written for. Nothing is looked up. */
final class HostNames {
    private static final Pattern NUMBER = Pattern.compile("[0-9]+|0[xX][0-9a-fA-F]*");
    private static final Pattern BYTE = Pattern.compile("0|[1-9][0-9]{0,2}");

    private HostNames() {}

    /** A name in lower case and ASCII without its last dot; an address as RFC 5952 writes it, in brackets if it is IPv6. */
    static String canonical(String host) throws RefusedException {
        if (host.startsWith("[")) {
            return address(host);
        }
        String plain = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        String ascii = ascii(plain).toLowerCase(Locale.ROOT);
        String[] labels = ascii.split("\\.", -1);
        for (String label : labels) {
            if (label.isEmpty() || label.length() > 63) {
                throw new RefusedException("it is not a host name");
            }
        }
        // `127.1`, `2130706433` and `0x7f.1` are addresses to many programs, and none to a pattern.
        if (NUMBER.matcher(labels[labels.length - 1]).matches() && !isDottedQuad(labels)) {
            throw new RefusedException("an IPv4 address has four plain numbers");
        }
        return ascii;
    }

    private static String ascii(String plain) throws RefusedException {
        try {
            return IDN.toASCII(plain, IDN.USE_STD3_ASCII_RULES);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new RefusedException("it is not a host name");
        }
    }

    private static boolean isDottedQuad(String[] labels) {
        if (labels.length != 4) {
            return false;
        }
        for (String label : labels) {
            if (!BYTE.matcher(label).matches() || Integer.parseInt(label) > 255) {
                return false;
            }
        }
        return true;
    }

    private static String address(String host) throws RefusedException {
        if (!host.endsWith("]") || host.contains("%")) {
            throw new RefusedException("it is not an IPv6 address");
        }
        try {
            InetAddress address = InetAddress.ofLiteral(host.substring(1, host.length() - 1));
            return address instanceof Inet6Address
                    ? "[" + shortest(address.getAddress()) + "]"
                    : address.getHostAddress();
        } catch (IllegalArgumentException e) {
            throw new RefusedException("it is not an IPv6 address");
        }
    }

    /** RFC 5952: no leading zeros, and the first of the longest runs of zeros left out. */
    private static String shortest(byte[] bytes) {
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff);
        }
        int from = -1;
        int most = 1;
        for (int i = 0; i < 8; i++) {
            int run = 0;
            while (i + run < 8 && groups[i + run] == 0) {
                run++;
            }
            if (run > most) {
                from = i;
                most = run;
            }
        }
        return from < 0 ? joined(groups, 0, 8) : joined(groups, 0, from) + "::" + joined(groups, from + most, 8);
    }

    private static String joined(int[] groups, int from, int to) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < to; i++) {
            text.append(i == from ? "" : ":").append(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }
}
