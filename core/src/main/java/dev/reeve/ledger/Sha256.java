package dev.reeve.ledger;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The hashes of RFC 6962 section 2.1: leaves and nodes cannot be taken for each other. One instance for one thread. */
final class Sha256 {
    static final int BYTES = 32;
    /** Never updated. Copying it costs a fraction of asking the providers for another. */
    private static final MessageDigest BLANK = ofProvider();

    private final MessageDigest digest = sha256();
    /** A node in one piece: each piece costs a call. */
    private final byte[] pair = new byte[1 + 2 * BYTES];

    byte[] leaf(byte[] bytes, int offset, int length) {
        digest.update((byte) 0);
        digest.update(bytes, offset, length);
        return finish();
    }

    byte[] node(byte[] left, byte[] right) {
        pair[0] = 1;
        System.arraycopy(left, 0, pair, 1, BYTES);
        System.arraycopy(right, 0, pair, 1 + BYTES, BYTES);
        digest.update(pair);
        return finish();
    }

    private byte[] finish() {
        byte[] hash = new byte[BYTES];
        finish(hash);
        return hash;
    }

    private void finish(byte[] into) {
        try {
            digest.digest(into, 0, BYTES);
        } catch (DigestException e) {
            throw new AssertionError("32 bytes hold a SHA-256", e);
        }
    }

    static byte[] of(byte[] bytes) {
        return sha256().digest(bytes);
    }

    /** As {@link #of}, with the digest of this instance. */
    byte[] plain(byte[] bytes) {
        digest.update(bytes);
        return finish();
    }

    /** The hash of the first so many bytes. */
    void plain(byte[] bytes, int length, byte[] into) {
        digest.update(bytes, 0, length);
        finish(into);
    }

    private static MessageDigest sha256() {
        try {
            return (MessageDigest) BLANK.clone();
        } catch (CloneNotSupportedException e) {
            return ofProvider();
        }
    }

    private static MessageDigest ofProvider() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
