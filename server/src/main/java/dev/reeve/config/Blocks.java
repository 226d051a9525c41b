package dev.reeve.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** Whether a text is a block of addresses. No name is resolved. */
final class Blocks {
    private Blocks() {}

    static boolean valid(String text) {
        int slash = text.indexOf('/');
        Optional<byte[]> base = address(slash < 0 ? text : text.substring(0, slash));
        if (base.isEmpty()) {
            return false;
        }
        int most = base.get().length * 8;
        int bits = slash < 0 ? most : Integer.parseInt(text.substring(slash + 1));
        return bits <= most && nothingBehind(base.get(), bits);
    }

    private static boolean nothingBehind(byte[] address, int bits) {
        for (int bit = bits; bit < address.length * 8; bit++) {
            if ((address[bit / 8] >> (7 - bit % 8) & 1) != 0) {
                return false;
            }
        }
        return true;
    }

    private static Optional<byte[]> address(String text) {
        boolean literal = text.contains(":")
                ? text.matches("[0-9a-fA-F:.]{2,45}")
                : text.matches("((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.|$)){4}") && !text.endsWith(".");
        if (!literal) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(text).getAddress());
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
