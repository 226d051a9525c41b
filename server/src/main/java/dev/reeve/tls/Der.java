package dev.reeve.tls;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Optional;

/** The little of DER (X.690) that is needed to put older forms of private keys into the one that the JDK reads (RFC 5208). */
final class Der {
    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;
    private static final int CURVE = 0xA0;
    private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};
    private static final byte[] RSA = {
        0x06, 0x09, 0x2A, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00
    };
    private static final byte[] EC = {0x06, 0x07, 0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 0x02, 0x01};

    private Der() {}

    /** From {@code RSA PRIVATE KEY} (RFC 8017, appendix A.1.2). */
    static byte[] fromPkcs1(byte[] key) {
        return pkcs8(RSA, key);
    }

    /** From {@code EC PRIVATE KEY} (RFC 5915); empty if it does not name its curve. */
    static Optional<byte[]> fromSec1(byte[] key) {
        return child(key, CURVE).map(curve -> pkcs8(join(EC, curve), key));
    }

    private static byte[] pkcs8(byte[] algorithm, byte[] key) {
        return element(SEQUENCE, join(VERSION_0, element(SEQUENCE, algorithm), element(OCTETS, key)));
    }

    private static byte[] element(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else if (content.length <= 0xFF) {
            out.write(0x81);
            out.write(content.length);
        } else {
            out.write(0x82);
            out.write(content.length >> 8);
            out.write(content.length);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** The content of the first element with this tag inside the outer sequence. */
    private static Optional<byte[]> child(byte[] der, int tag) {
        if (der.length < 2 || (der[0] & 0xFF) != SEQUENCE) {
            return Optional.empty();
        }
        int at = contentAt(der, 0);
        while (at + 2 <= der.length) {
            int begin = contentAt(der, at);
            int end = begin + length(der, at);
            if (end > der.length || end < begin) {
                return Optional.empty();
            }
            if ((der[at] & 0xFF) == tag) {
                return Optional.of(Arrays.copyOfRange(der, begin, end));
            }
            at = end;
        }
        return Optional.empty();
    }

    private static int contentAt(byte[] der, int at) {
        int first = der[at + 1] & 0xFF;
        return at + 2 + (first > 0x80 ? first - 0x80 : 0);
    }

    /** Lengths of more than two bytes do not fit any key: they lead behind the end. */
    private static int length(byte[] der, int at) {
        int first = der[at + 1] & 0xFF;
        if (first < 0x80) {
            return first;
        }
        int count = first - 0x80;
        if (count > 2 || at + 2 + count > der.length) {
            return Integer.MAX_VALUE / 2;
        }
        int length = 0;
        for (int i = 0; i < count; i++) {
            length = (length << 8) | (der[at + 2 + i] & 0xFF);
        }
        return length;
    }
}
