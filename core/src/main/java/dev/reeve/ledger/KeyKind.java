package dev.reeve.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** How a key signs checkpoints; {@code type} is its signature type identifier in C2SP signed-note ("Signature types"). */
enum KeyKind {
    /** Signs the note text (C2SP signed-note, "Ed25519 signatures"). */
    ED25519(1, "Ed25519", 32, 64, "302a300506032b6570032100") {
        @Override
        byte[] message(String name, Signable what, long timestamp) {
            return what.text().getBytes(StandardCharsets.UTF_8);
        }
    },
    /** Signs a {@code cosigned_message} with a time in front of the signature (C2SP tlog-cosignature, "ML-DSA-44 signed message"). */
    ML_DSA_44(6, "ML-DSA-44", 1312, 2420, "30820532300b06096086480165030403110382052100") {
        @Override
        byte[] message(String name, Signable what, long timestamp) {
            byte[] cosigner = name.getBytes(StandardCharsets.UTF_8);
            byte[] origin = what.origin().getBytes(StandardCharsets.UTF_8);
            return ByteBuffer.allocate(
                            LABEL.length + 2 + cosigner.length + origin.length + 3 * Long.BYTES + Sha256.BYTES)
                    .put(LABEL)
                    .put((byte) cosigner.length)
                    .put(cosigner)
                    .putLong(timestamp)
                    .put((byte) origin.length)
                    .put(origin)
                    .putLong(0)
                    .putLong(what.size())
                    .put(what.root())
                    .array();
        }
    };

    private static final byte[] LABEL = "subtree/v1\n\0".getBytes(StandardCharsets.US_ASCII);

    private final byte type;
    private final String algorithm;
    private final int publicBytes;
    private final int signatureBytes;
    private final String derPrefix;

    /** @param derPrefix in hexadecimal, a SubjectPublicKeyInfo of this kind up to the key itself (RFC 8410, RFC 9881) */
    KeyKind(int type, String algorithm, int publicBytes, int signatureBytes, String derPrefix) {
        this.type = (byte) type;
        this.algorithm = algorithm;
        this.publicBytes = publicBytes;
        this.signatureBytes = signatureBytes;
        this.derPrefix = derPrefix;
    }

    /**
     * What a checkpoint says, taken apart.
     *
     * @param text the whole text of the note, extension lines included
     * @param root 32 bytes
     */
    @SuppressWarnings("ArrayRecordComponent") // Bytes to sign, not a value.
    record Signable(String text, String origin, long size, byte[] root) {}

    /** The bytes that are signed; neither name nor origin is over 255 bytes. */
    abstract byte[] message(String name, Signable what, long timestamp);

    static Optional<KeyKind> of(byte type) {
        return Arrays.stream(values()).filter(kind -> kind.type == type).findFirst();
    }

    byte type() {
        return type;
    }

    /** As the JDK calls it. */
    String algorithm() {
        return algorithm;
    }

    int publicBytes() {
        return publicBytes;
    }

    int signatureBytes() {
        return signatureBytes;
    }

    /** Whether a time stands before the signature, and is signed with it. */
    boolean isTimestamped() {
        return this == ML_DSA_44;
    }

    byte[] der(byte[] raw) {
        byte[] prefix = HexFormat.of().parseHex(derPrefix);
        return ByteBuffer.allocate(prefix.length + raw.length)
                .put(prefix)
                .put(raw)
                .array();
    }
}
