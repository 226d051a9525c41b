package dev.reeve.adapter.mcp;

import dev.reeve.identity.Principal;
import dev.reeve.json.CanonicalDigest;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.function.LongSupplier;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a server wants back with the next round never reaches a client bare (R20): it is encrypted with the principal, route, method and arguments that it
 * belongs to, the round and an expiry, and is taken once. The key lives as long as the process. Safe for use by many threads.
 */
final class SealedStates {
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int IV = 12;
    private static final int TAG_BITS = 128;
    private static final int LONGEST = 256 << 10;

    /** Characters of the nonce, which no two states share: of a long state no more needs to be remembered. */
    private static final int MARK = IV * 4 / 3;

    private static final JsonLimits LIMITS = new JsonLimits(LONGEST, 32, 100_000, false);

    private final SecretKeySpec key;
    private final SecureRandom random;
    private final LongSupplier nanos;
    private final Duration life;
    private final TakenStates taken = new TakenStates();

    SealedStates(SecureRandom random, LongSupplier nanos, Duration life) {
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        this.key = new SecretKeySpec(secret, "AES");
        this.random = random;
        this.nanos = nanos;
        this.life = life;
    }

    /**
     * What is sealed.
     *
     * @param state the server's own, if it gave one
     * @param asked the kind of question by its key
     * @param given answers that are there already
     */
    record Open(Optional<String> state, int round, Json.Obj asked, Json.Obj given) {}

    /** What a state is bound to. */
    record Binding(Principal principal, Route route, Method method, String name, Json.Obj arguments) {
        /** Who takes room with it: the agent, whichever of its keys it is bound to. */
        String whose() {
            return principal.party();
        }

        /** All of it, of bounded length. */
        String text() {
            return String.join(
                    "\n",
                    principal.tenant(),
                    principal.agent(),
                    principal.instance(),
                    principal.user().orElse(""),
                    route.name(),
                    method.wire(),
                    CanonicalDigest.of(
                            Json.object().put("a", arguments).put("n", name).build()));
        }
    }

    String seal(Open open, Binding to) {
        Json.Obj inside = Json.object()
                .put("state", open.state())
                .put("round", open.round())
                .put("asked", open.asked())
                .put("given", open.given())
                .put("until", Long.toString(nanos.getAsLong() + life.toNanos()))
                .build();
        byte[] iv = new byte[IV];
        random.nextBytes(iv);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, iv, to).doFinal(JsonWriter.bytes(inside));
            byte[] whole = Arrays.copyOf(iv, IV + sealed.length);
            System.arraycopy(sealed, 0, whole, IV, sealed.length);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(whole);
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has AES-GCM", e);
        }
    }

    /** Empty if it was not given for this, was taken before, or is too old. */
    Optional<Open> take(String sealed, Binding to) {
        Optional<Json.Obj> inside = inside(sealed, to);
        long now = nanos.getAsLong();
        Optional<Long> until =
                inside.flatMap(it -> it.string("until")).map(Long::parseLong).filter(it -> it - now > 0);
        if (until.isEmpty() || !taken.take(to.whose(), sealed.substring(0, MARK), until.get(), now)) {
            return Optional.empty();
        }
        return inside.map(it -> new Open(
                it.string("state"),
                (int) it.get("round")
                        .flatMap(round -> ((Json.Num) round).whole())
                        .orElse(0L)
                        .longValue(),
                it.object("asked").orElse(Json.Obj.EMPTY),
                it.object("given").orElse(Json.Obj.EMPTY)));
    }

    private Optional<Json.Obj> inside(String sealed, Binding to) {
        if (sealed.length() > LONGEST) {
            return Optional.empty();
        }
        try {
            byte[] whole = Base64.getUrlDecoder().decode(sealed);
            if (whole.length <= IV
                    || !Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(whole)
                            .equals(sealed)) {
                return Optional.empty();
            }
            byte[] plain =
                    cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(whole, IV), to).doFinal(whole, IV, whole.length - IV);
            return StrictJson.read(plain, LIMITS) instanceof Json.Obj object ? Optional.of(object) : Optional.empty();
        } catch (IllegalArgumentException | GeneralSecurityException | JsonRefusedException e) {
            return Optional.empty();
        }
    }

    private Cipher cipher(int mode, byte[] iv, Binding to) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, iv));
        cipher.updateAAD(to.text().getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
