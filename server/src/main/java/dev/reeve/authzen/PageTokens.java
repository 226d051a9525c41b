package dev.reeve.authzen;

import dev.reeve.enforcement.Point;
import dev.reeve.json.CanonicalDigest;
import dev.reeve.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Where the next page of a search begins. Encrypted, because it names something that the caller was perhaps not shown, and bound to the
 * caller and the search. The key lives as long as the process.
 */
final class PageTokens {
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int IV = 12;
    private static final int TAG_BITS = 128;
    private static final int LONGEST = 12_000;

    private final SecretKeySpec key;
    private final SecureRandom random;

    PageTokens(SecureRandom random) {
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        this.key = new SecretKeySpec(secret, "AES");
        this.random = random;
    }

    /** @param last the candidate behind which the next page begins */
    String after(String last, Point point, Json.Obj search) {
        byte[] iv = new byte[IV];
        random.nextBytes(iv);
        byte[] sealed = run(Cipher.ENCRYPT_MODE, iv, point, search, last.getBytes(StandardCharsets.UTF_8))
                .orElseThrow();
        byte[] whole = Arrays.copyOf(iv, IV + sealed.length);
        System.arraycopy(sealed, 0, whole, IV, sealed.length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(whole);
    }

    /** Empty if it was not given to this caller for this search. */
    Optional<String> open(String token, Point point, Json.Obj search) {
        if (token.length() > LONGEST) {
            return Optional.empty();
        }
        try {
            byte[] whole = Base64.getUrlDecoder().decode(token);
            return whole.length <= IV
                    ? Optional.empty()
                    : run(
                                    Cipher.DECRYPT_MODE,
                                    Arrays.copyOf(whole, IV),
                                    point,
                                    search,
                                    Arrays.copyOfRange(whole, IV, whole.length))
                            .map(plain -> new String(plain, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Optional<byte[]> run(int mode, byte[] iv, Point point, Json.Obj search, byte[] bytes) {
        String bound = point.who().principal().tenant() + "\n"
                + point.who().principal().instance() + "\n" + CanonicalDigest.of(search);
        try {
            Cipher cipher = Cipher.getInstance(CIPHER);
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, iv));
            cipher.updateAAD(bound.getBytes(StandardCharsets.UTF_8));
            return Optional.of(cipher.doFinal(bytes));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }
}
