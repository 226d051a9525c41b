package dev.reeve.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Texts that nobody reads who has the data folder only: encrypted (AES-256-GCM, NIST SP 800-38D, a random nonce each, bound to the id of what
 * they belong to) under a key outside of it.
 */
final class SealedTexts {
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final SecretKeySpec key;
    private final SecureRandom random;

    /** @param key of one purpose, and of no other */
    SealedTexts(StoreKey key, SecureRandom random) {
        this.key = new SecretKeySpec(key.of("AES-256-GCM".getBytes(StandardCharsets.UTF_8)), "AES");
        this.random = random;
    }

    /** As a row has it. */
    String sealed(String id, String text) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] closed = run(Cipher.ENCRYPT_MODE, id, nonce, text.getBytes(StandardCharsets.UTF_8));
        return Base64.getEncoder()
                .encodeToString(ByteBuffer.allocate(nonce.length + closed.length)
                        .put(nonce)
                        .put(closed)
                        .array());
    }

    /** What was sealed under this id; anything else is a bug, since its row had the right MAC, and throws. */
    String opened(String id, String written) {
        ByteBuffer all = ByteBuffer.wrap(Base64.getDecoder().decode(written));
        byte[] nonce = new byte[NONCE_BYTES];
        all.get(nonce);
        byte[] closed = new byte[all.remaining()];
        all.get(closed);
        return new String(run(Cipher.DECRYPT_MODE, id, nonce, closed), StandardCharsets.UTF_8);
    }

    private byte[] run(int mode, String id, byte[] nonce, byte[] text) {
        try {
            Cipher cipher = Cipher.getInstance(CIPHER);
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(id.getBytes(StandardCharsets.UTF_8));
            return cipher.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a sealed text cannot be sealed or opened", e);
        }
    }
}
