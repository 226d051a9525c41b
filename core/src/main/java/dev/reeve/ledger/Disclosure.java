package dev.reeve.ledger;

import java.nio.charset.StandardCharsets;

/**
 * A value that stands in the leaf as a salted commitment only; it is stored beside the leaf and can be erased without touching it.
 *
 * @param salt 16 bytes, unguessable, never used twice
 * @param name at most 255 bytes of UTF-8
 * @param value one JSON value in UTF-8
 */
@SuppressWarnings("ArrayRecordComponent") // Bytes on the hot path: nobody compares disclosures.
public record Disclosure(byte[] salt, String name, byte[] value) {
    /** The length of a salt: 128 bits (RFC 9901 section 9.3). */
    public static final int SALT_BYTES = 16;

    static final int MOST_NAME_BYTES = 255;

    public Disclosure {
        if (salt.length != SALT_BYTES) {
            throw new IllegalArgumentException("a salt has 16 bytes, not " + salt.length);
        }
        int nameBytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (nameBytes == 0 || nameBytes > MOST_NAME_BYTES) {
            throw new IllegalArgumentException("a disclosure's name has 1 to 255 bytes, not " + nameBytes);
        }
    }

    /** The value may be somebody's data. */
    @Override
    public String toString() {
        return "Disclosure[" + name + ", ***]";
    }
}
