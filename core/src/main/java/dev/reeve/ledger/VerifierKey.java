package dev.reeve.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * A public key in the vkey form of C2SP signed notes: {@code name+hash+base64(type || key)}. Ed25519 (type 1), or ML-DSA-44 as C2SP
 * tlog-cosignature uses it (type 6).
 */
public final class VerifierKey {
    /** The longest name; tlog-cosignature gives its length one byte. */
    static final int MOST_NAME_BYTES = 255;

    private final String name;
    private final KeyKind kind;
    private final byte[] raw;
    private final PublicKey key;

    VerifierKey(String name, KeyKind kind, byte[] raw) {
        if (name.isEmpty()
                || name.getBytes(StandardCharsets.UTF_8).length > MOST_NAME_BYTES
                || name.chars().anyMatch(c -> c == '+' || c <= ' ' || isSpace(c))) {
            throw new IllegalArgumentException(
                    "a key name is not empty and has neither spaces nor `+`: `" + name + "`");
        }
        if (raw.length != kind.publicBytes()) {
            throw new IllegalArgumentException(
                    "a public key of " + kind.algorithm() + " has " + kind.publicBytes() + " bytes, not " + raw.length);
        }
        this.name = name;
        this.kind = kind;
        this.raw = raw.clone();
        this.key = key(kind, raw);
    }

    /** @throws IllegalArgumentException with a text for the user if it is not such a key */
    public static VerifierKey parse(String vkey) {
        String[] parts = vkey.strip().split("\\+", 3);
        if (parts.length != 3) {
            throw new IllegalArgumentException("a public key looks like `name+1a2b3c4d+base64`");
        }
        byte[] typed = NoteText.base64(parts[2]).orElseGet(() -> new byte[0]);
        Optional<KeyKind> kind = typed.length == 0 ? Optional.empty() : KeyKind.of(typed[0]);
        if (kind.isEmpty() || typed.length != kind.get().publicBytes() + 1) {
            throw new IllegalArgumentException("the key `" + parts[0] + "` is neither an Ed25519 nor an ML-DSA-44 key");
        }
        VerifierKey key = new VerifierKey(parts[0], kind.get(), Arrays.copyOfRange(typed, 1, typed.length));
        if (!key.idText().equals(parts[1])) {
            throw new IllegalArgumentException("the key `" + parts[0] + "` does not fit its own hash: a typing error?");
        }
        return key;
    }

    public String name() {
        return name;
    }

    /** As the standards call it: {@code Ed25519}, {@code ML-DSA-44}. */
    public String algorithm() {
        return kind.algorithm();
    }

    KeyKind kind() {
        return kind;
    }

    /** Its bytes alone. */
    byte[] raw() {
        return raw.clone();
    }

    /** The first four bytes of SHA-256(name, newline, type, key). */
    int id() {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        ByteBuffer input = ByteBuffer.allocate(bytes.length + 2 + raw.length);
        input.put(bytes).put((byte) '\n').put(kind.type()).put(raw);
        return ByteBuffer.wrap(Sha256.of(input.array())).getInt();
    }

    String idText() {
        return String.format("%08x", id());
    }

    /** @param signature what stands in a signature line behind the key's id */
    boolean verifies(KeyKind.Signable what, byte[] signature) {
        long timestamp = 0;
        byte[] bare = signature;
        if (kind.isTimestamped()) {
            if (signature.length < Long.BYTES) {
                return false;
            }
            timestamp = ByteBuffer.wrap(signature).getLong();
            bare = Arrays.copyOfRange(signature, Long.BYTES, signature.length);
        }
        return timestamp >= 0
                && bare.length == kind.signatureBytes()
                && what.origin().getBytes(StandardCharsets.UTF_8).length <= MOST_NAME_BYTES
                && verifies(kind.message(name, what, timestamp), bare);
    }

    /** As {@link #verifies(KeyKind.Signable, byte[])}, over bytes as they are. */
    boolean verifies(byte[] message, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance(kind.algorithm());
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VerifierKey that
                && that.name.equals(name)
                && that.kind == kind
                && Arrays.equals(that.raw, raw);
    }

    @Override
    public int hashCode() {
        return id();
    }

    /** The vkey. */
    @Override
    public String toString() {
        byte[] typed =
                ByteBuffer.allocate(1 + raw.length).put(kind.type()).put(raw).array();
        return name + "+" + idText() + "+" + Base64.getEncoder().encodeToString(typed);
    }

    private static boolean isSpace(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    private static PublicKey key(KeyKind kind, byte[] raw) {
        try {
            return KeyFactory.getInstance(kind.algorithm()).generatePublic(new X509EncodedKeySpec(kind.der(raw)));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not a public key of " + kind.algorithm(), e);
        }
    }
}
