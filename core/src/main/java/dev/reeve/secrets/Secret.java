package dev.reeve.secrets;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Bytes that never reach a log, a record, an error or an agent.
 *
 * <p>Security guarantees: {@link #toString} prints {@code ***}; equality takes the same time wherever the difference is. The bytes
 * can be had only through {@link #exposeInsecurely}, so one search over the code shows every place that touches them. Not
 * guaranteed: that the garbage collector leaves no copy behind.
 */
public final class Secret {
    private final byte[] bytes;

    private Secret(byte[] bytes) {
        this.bytes = bytes;
    }

    public static Secret of(byte[] bytes) {
        return new Secret(bytes.clone());
    }

    public static Secret of(String text) {
        return new Secret(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A copy of the bytes. Every caller is a place to review. */
    public byte[] exposeInsecurely() {
        return bytes.clone();
    }

    public String exposeTextInsecurely() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && MessageDigest.isEqual(bytes, secret.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "***";
    }
}
