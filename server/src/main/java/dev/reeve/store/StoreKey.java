package dev.reeve.store;

import dev.reeve.secrets.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * HMAC-SHA-256 (RFC 2104) under one purpose of the store's key. Safe for use by many threads.
 *
 * <p>Security guarantees: two lists of parts never have the same input (every part is preceded by its kind and length); keys of different
 * purposes tell nothing of each other.
 */
public final class StoreKey {
    private static final String ALGORITHM = "HmacSHA256";
    private static final String OF_USER = "user.key";
    private final Mac keyed;

    private StoreKey(byte[] key) {
        this.keyed = mac(key);
    }

    /**
     * The key of this user for files that only this user's commands believe; it is made where there is none.
     *
     * @param keys the folder that holds it: never the one whose files it protects
     * @param purpose what this key is for, and nothing else
     */
    public static StoreKey ofUser(Path keys, String purpose, SecureRandom random) throws StoreException {
        KeyFolder folder = new KeyFolder(keys);
        Optional<Secret> root = folder.read(OF_USER);
        if (root.isEmpty()) {
            byte[] fresh = new byte[KeyFolder.LENGTH];
            random.nextBytes(fresh);
            root = Optional.of(Secret.of(fresh));
            folder.create(OF_USER, root.get());
        }
        return derive(root.get(), purpose);
    }

    /** @param purpose what this key is for, and nothing else */
    static StoreKey derive(Secret root, String purpose) {
        return new StoreKey(mac(root.exposeInsecurely()).doFinal(purpose.getBytes(StandardCharsets.UTF_8)));
    }

    public byte[] of(byte[] message) {
        return fresh().doFinal(message);
    }

    /** Over parts that are texts, numbers, bytes or null. */
    byte[] of(List<? extends @Nullable Object> parts) {
        Mac mac = fresh();
        for (Object part : parts) {
            byte[] bytes = bytes(part);
            mac.update(kind(part));
            mac.update(ByteBuffer.allocate(4).putInt(bytes.length).flip());
            mac.update(bytes);
        }
        return mac.doFinal();
    }

    private static byte kind(@Nullable Object part) {
        return (byte)
                switch (part) {
                    case null -> 'n';
                    case String ignored -> 't';
                    case Long ignored -> 'i';
                    case byte[] ignored -> 'b';
                    default -> throw new IllegalArgumentException("a column is a text, a number or bytes");
                };
    }

    private static byte[] bytes(@Nullable Object part) {
        return switch (part) {
            case null -> new byte[0];
            case String text -> text.getBytes(StandardCharsets.UTF_8);
            case Long number -> ByteBuffer.allocate(8).putLong(number).array();
            case byte[] bytes -> bytes;
            default -> throw new IllegalArgumentException("a column is a text, a number or bytes");
        };
    }

    /** A copy of the keyed state costs less than keying again. */
    private Mac fresh() {
        try {
            return (Mac) keyed.clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError("the JDK's HMAC can be copied", e);
        }
    }

    private static Mac mac(byte[] key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac;
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new AssertionError("every JDK has HMAC-SHA-256", e);
        }
    }
}
