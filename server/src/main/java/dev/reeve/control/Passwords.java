package dev.reeve.control;

import dev.reeve.secrets.Secret;
import dev.reeve.store.StoreKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Passwords as Argon2id (RFC 9106) with 19 MiB, two passes and one lane, the least that OWASP's Password Storage Cheat Sheet asks for: the
 * process has a small heap, so one is computed at a time. The key of the store is Argon2's secret value: the store alone, without the
 * folder of keys, does not say whether a guess is right.
 */
final class Passwords {
    static final int SHORTEST = 15;
    static final int LONGEST = 200;
    private static final int MEMORY_KIB = 19_456;
    private static final int PASSES = 2;
    private static final int LANES = 1;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final int FEWEST_DISTINCT = 5;
    private static final long PATIENCE_SECONDS = 5;
    private static final String PREFIX = "$argon2id$v=19$m=" + MEMORY_KIB + ",t=" + PASSES + ",p=" + LANES + "$";

    private final byte[] secret;
    private final SecureRandom random;
    private final Semaphore turn = new Semaphore(1, true);

    /** @param key for this purpose only */
    Passwords(StoreKey key, SecureRandom random) {
        this.secret = key.of("argon2id".getBytes(StandardCharsets.UTF_8));
        this.random = random;
    }

    /** Why it is no good; empty if it is. The rules are those of NIST SP 800-63B-4, section 3.1.1.2, without a list of known passwords. */
    static Optional<String> trouble(Secret password, String name) {
        String text = normal(password);
        int length = text.codePointCount(0, text.length());
        if (length < SHORTEST || length > LONGEST) {
            return Optional.of(
                    "a password has " + SHORTEST + " to " + LONGEST + " characters; a sentence is easy to remember");
        }
        if (text.codePoints().distinct().count() < FEWEST_DISTINCT) {
            return Optional.of("a password has at least " + FEWEST_DISTINCT + " different characters");
        }
        return text.equalsIgnoreCase(name) ? Optional.of("a password is not the name") : Optional.empty();
    }

    /** @throws RefusedException if too many are being computed */
    String hash(Secret password) throws RefusedException {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return PREFIX + text(salt) + "$" + text(compute(password, salt));
    }

    /** Whether it is this one. Without one, or with one that is not written as ours, the work is the same and the answer is no. */
    boolean matches(Optional<String> phc, Secret password) throws RefusedException {
        String[] parts = phc.filter(text -> text.startsWith(PREFIX))
                .map(text -> text.substring(PREFIX.length()).split("\\$", -1))
                .filter(all -> all.length == 2)
                .orElseGet(() -> new String[] {text(new byte[SALT_BYTES]), ""});
        byte[] computed = compute(password, Base64.getDecoder().decode(parts[0]));
        return MessageDigest.isEqual(
                parts[1].getBytes(StandardCharsets.US_ASCII), text(computed).getBytes(StandardCharsets.US_ASCII));
    }

    private byte[] compute(Secret password, byte[] salt) throws RefusedException {
        acquire();
        try {
            Argon2BytesGenerator generator = new Argon2BytesGenerator();
            generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                    .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                    .withMemoryAsKB(MEMORY_KIB)
                    .withIterations(PASSES)
                    .withParallelism(LANES)
                    .withSecret(secret)
                    .withSalt(salt)
                    .build());
            byte[] hash = new byte[HASH_BYTES];
            generator.generateBytes(normal(password).getBytes(StandardCharsets.UTF_8), hash);
            return hash;
        } finally {
            turn.release();
        }
    }

    private void acquire() throws RefusedException {
        try {
            if (turn.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw RefusedException.unavailable("busy", "too many people sign in at once");
    }

    /** What looks the same on two keyboards is the same password. */
    private static String normal(Secret password) {
        return Normalizer.normalize(password.exposeTextInsecurely(), Normalizer.Form.NFC);
    }

    private static String text(byte[] bytes) {
        return Base64.getEncoder().withoutPadding().encodeToString(bytes);
    }
}
