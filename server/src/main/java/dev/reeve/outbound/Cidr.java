package dev.reeve.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;

/** A block of addresses, {@code 10.1.0.0/16} or {@code fd00::/8}; a single address is its own block. */
public record Cidr(InetAddress base, int bits) {
    public Cidr {
        if (bits < 0 || bits > base.getAddress().length * 8) {
            throw new IllegalArgumentException("a prefix of " + bits + " bits does not fit the address");
        }
    }

    /** @throws IllegalArgumentException with what is wrong; a host name is never resolved here */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        InetAddress base = literal(slash < 0 ? text : text.substring(0, slash));
        int most = base.getAddress().length * 8;
        Cidr cidr = new Cidr(base, slash < 0 ? most : prefix(text.substring(slash + 1), text));
        if (!cidr.startsAtItsBase()) {
            throw new IllegalArgumentException("`" + text + "` has bits set behind its prefix");
        }
        return cidr;
    }

    /** True for addresses of the same family that begin with the same bits. */
    public boolean contains(InetAddress address) {
        byte[] mine = base.getAddress();
        byte[] theirs = address.getAddress();
        if (mine.length != theirs.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            if (bit(mine, bit) != bit(theirs, bit)) {
                return false;
            }
        }
        return true;
    }

    private boolean startsAtItsBase() {
        byte[] mine = base.getAddress();
        for (int bit = bits; bit < mine.length * 8; bit++) {
            if (bit(mine, bit) != 0) {
                return false;
            }
        }
        return true;
    }

    private static int bit(byte[] bytes, int index) {
        return bytes[index / 8] >> (7 - index % 8) & 1;
    }

    private static int prefix(String text, String whole) {
        if (!text.matches("[0-9]{1,3}")) {
            throw new IllegalArgumentException("`" + whole + "` has no prefix length behind the slash");
        }
        return Integer.parseInt(text);
    }

    /** An address as it is written; anything that would ask a resolver is refused. */
    static InetAddress literal(String text) {
        String bare = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        boolean four = bare.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
        boolean six = bare.contains(":") && bare.toLowerCase(Locale.ROOT).matches("[0-9a-f:.]+");
        if (!four && !six) {
            throw new IllegalArgumentException("`" + text + "` is not an IP address");
        }
        try {
            return InetAddress.getByName(bare);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("`" + text + "` is not an IP address", e);
        }
    }

    @Override
    public String toString() {
        return base.getHostAddress() + "/" + bits;
    }
}
