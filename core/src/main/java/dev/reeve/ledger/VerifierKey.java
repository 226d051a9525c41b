package dev.reeve.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/** A public key in the vkey form of C2SP signed notes: {@code name+hash+base64(0x01 || 32 bytes)}. Ed25519 only. */
public final class VerifierKey {
    static final byte ED25519 = 1;
    private static final int RAW_BYTES = 32;
    /** SubjectPublicKeyInfo of an Ed25519 key (RFC 8410) up to the key itself. */
    private static final byte[] DER_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private final String name;
    private final byte[] raw;
    private final PublicKey key;

    VerifierKey(String name, byte[] raw) {
        if (name.isEmpty() || name.length() > 255 || name.chars().anyMatch(c -> c == '+' || c <= ' ' || isSpace(c))) {
            throw new IllegalArgumentException(
                    "a key name is not empty and has neither spaces nor `+`: `" + name + "`");
        }
        if (raw.length != RAW_BYTES) {
            throw new IllegalArgumentException("an Ed25519 public key has 32 bytes, not " + raw.length);
        }
        this.name = name;
        this.raw = raw.clone();
        this.key = key(raw);
    }

    /** @throws IllegalArgumentException with a text for the user if it is not such a key */
    public static VerifierKey parse(String vkey) {
        String[] parts = vkey.strip().split("\\+", 3);
        if (parts.length != 3) {
            throw new IllegalArgumentException("a public key looks like `name+1a2b3c4d+base64`");
        }
        byte[] typed = NoteText.base64(parts[2]).orElseGet(() -> new byte[0]);
        if (typed.length != RAW_BYTES + 1 || typed[0] != ED25519) {
            throw new IllegalArgumentException("the key `" + parts[0] + "` is not an Ed25519 key");
        }
        VerifierKey key = new VerifierKey(parts[0], java.util.Arrays.copyOfRange(typed, 1, typed.length));
        if (!key.idText().equals(parts[1])) {
            throw new IllegalArgumentException("the key `" + parts[0] + "` does not fit its own hash: a typing error?");
        }
        return key;
    }

    public String name() {
        return name;
    }

    /** The first four bytes of SHA-256(name, newline, type, key). */
    int id() {
        ByteBuffer input = ByteBuffer.allocate(name.getBytes(StandardCharsets.UTF_8).length + 2 + RAW_BYTES);
        input.put(name.getBytes(StandardCharsets.UTF_8))
                .put((byte) '\n')
                .put(ED25519)
                .put(raw);
        return ByteBuffer.wrap(Sha256.of(input.array())).getInt();
    }

    String idText() {
        return String.format("%08x", id());
    }

    boolean verifies(byte[] text, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key);
            verifier.update(text);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** The vkey. */
    @Override
    public String toString() {
        byte[] typed = ByteBuffer.allocate(1 + RAW_BYTES).put(ED25519).put(raw).array();
        return name + "+" + idText() + "+" + Base64.getEncoder().encodeToString(typed);
    }

    private static boolean isSpace(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    private static PublicKey key(byte[] raw) {
        byte[] der = ByteBuffer.allocate(DER_PREFIX.length + RAW_BYTES)
                .put(DER_PREFIX)
                .put(raw)
                .array();
        try {
            return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not an Ed25519 public key", e);
        }
    }
}
