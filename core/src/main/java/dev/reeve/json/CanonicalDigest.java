package dev.reeve.json;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 (FIPS 180-4) over the one canonical form of a value, in small hexadecimal digits. */
public final class CanonicalDigest {
    /** Copied for each use: looking the algorithm up costs more than hashing a record. */
    private static final MessageDigest FRESH = sha256();

    private CanonicalDigest() {}

    /** Over the canonical form (RFC 8785). */
    public static String of(Json value) {
        return HexFormat.of().formatHex(JsonWriter.canonicalDigest(value, fresh()));
    }

    /** Over bytes that are canonical already, or have no other form: a file. */
    public static String of(byte[] bytes) {
        return HexFormat.of().formatHex(fresh().digest(bytes));
    }

    private static MessageDigest fresh() {
        try {
            return (MessageDigest) FRESH.clone();
        } catch (CloneNotSupportedException e) {
            return sha256();
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
