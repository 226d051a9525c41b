package dev.reeve.agents;

import java.security.MessageDigest;
import java.util.Arrays;

/** The keyed hash of a secret. Tells nothing of the secret without the store's key; compared in constant time. */
public final class KeyHash {
    private final byte[] bytes;

    public KeyHash(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyHash hash && MessageDigest.isEqual(bytes, hash.bytes);
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
